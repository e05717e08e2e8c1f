#include "mote/probe/gradient_probe.h"

#include "mote/reading/cross_entropy.h"
#include "mote/reading/fisher.h"
#include "mote/reading/layer_sums.h"

namespace mote {
namespace {

double SquareOf(std::span<const double> values) {
  double sum = 0;
  for (double value : values) sum += value * value;
  return sum;
}

}  // namespace

Outcome<ProbeResult> GradientProbe::Measure(InitialNetwork& subject) const {
  const Network& network = subject.network;
  Tape& tape = subject.tape;
  const InitialBatch& batch = subject.batches.front();
  subject.Forward(0, NormMode::kBatch);
  const auto logits = tape.Value(subject.logits());
  const double loss = MeanCrossEntropy(logits, batch.labels);
  tape.Backward(subject.logits(), CrossEntropySlopes(logits, batch.labels));

  ProbeResult result;
  std::vector<double> weight_norm, gradient_norm, absolute_saliency, saliency, fisher;
  {
    const auto slopes = tape.ParameterSlopes();
    for (int tensor : WeightTensors(network)) {
      const Parameter& parameter = network.parameters()[tensor];
      const WeightLayer layer[] = {{.weights = PartOf(subject.parameters, parameter),
                                    .gradient = PartOf(slopes, parameter)}};
      const std::pair<Outcome<double>, std::vector<double>*> readings[] = {
          {WeightNormSum(layer), &weight_norm},
          {GradientNormSum(layer), &gradient_norm},
          {SnipSum(layer), &absolute_saliency},
          {PlainSum(layer), &saliency}};
      for (const auto& [value, to] : readings) {
        if (!value) return value.failure();
        to->push_back(*value);
      }
    }
    result.Set("gradient_square", {SquareOf(slopes)});
  }
  for (int tensor : WeightTensors(network)) {
    const Parameter& parameter = network.parameters()[tensor];
    const int channels = network.op(parameter.op).shape.channels;
    const FisherLayer layer[] = {{.channel_sums = tape.ValueSlopeSums(parameter.op),
                                  .channels = channels,
                                  .weights_per_channel = parameter.elements() / channels}};
    const Outcome<double> value = FisherSum(layer);
    if (!value) return value.failure();
    fisher.push_back(*value);
  }
  result.Set("loss", {loss});
  result.Set("weight_norm", std::move(weight_norm));
  result.Set("gradient_norm", std::move(gradient_norm));
  result.Set("absolute_saliency", std::move(absolute_saliency));
  result.Set("saliency", std::move(saliency));
  result.Set("fisher", std::move(fisher));
  return result;
}

}  // namespace mote
