#include "mote/probe/zico_probe.h"

#include "mote/reading/cross_entropy.h"
#include "mote/reading/zico.h"

namespace mote {

Outcome<ProbeResult> ZicoProbe::Measure(InitialNetwork& subject) const {
  Tape& tape = subject.tape;
  const std::vector<int> tensors = WeightTensors(subject.network);
  // By layer and batch.
  std::vector<std::vector<std::vector<double>>> gradients(tensors.size());
  std::vector<double> losses;
  for (std::size_t b = 0; b < subject.batches.size(); ++b) {
    const std::vector<int>& labels = subject.batches[b].labels;
    subject.Forward(int(b), NormMode::kBatch);
    const auto logits = tape.Value(subject.logits());
    losses.push_back(MeanCrossEntropy(logits, labels));
    tape.Backward(subject.logits(), CrossEntropySlopes(logits, labels));
    const auto slopes = tape.ParameterSlopes();
    for (std::size_t layer = 0; layer < tensors.size(); ++layer) {
      const auto part = PartOf(slopes, subject.network.parameters()[tensors[layer]]);
      gradients[layer].emplace_back(part.begin(), part.end());
    }
  }
  std::vector<double> log_inverse_variation;
  for (const auto& layer : gradients) {
    const BatchGradients batches[] = {{layer.begin(), layer.end()}};
    const Outcome<double> score = ZicoScore(batches);
    if (!score) return score.failure();
    log_inverse_variation.push_back(*score);
  }
  ProbeResult result;
  result.Set("log_inverse_variation", std::move(log_inverse_variation));
  result.Set("loss", std::move(losses));
  return result;
}

}  // namespace mote
