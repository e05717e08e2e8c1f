#include "mote/probe/az_probe.h"

#include <limits>

#include "mote/probe/block_results.h"
#include "mote/reading/expressivity.h"
#include "mote/reading/trainability.h"

namespace mote {
namespace {

std::vector<double> RandomSigns(std::int64_t size, Rng& rng) {
  std::vector<double> signs(size);
  for (double& sign : signs) sign = rng.Bits32() & 1 ? 1 : -1;
  return signs;
}

SlopeMap MapOf(std::span<const double> slopes, const Shape& shape) {
  return {
      .slopes = slopes, .height = shape.height, .width = shape.width, .channels = shape.channels};
}

}  // namespace

// Back, each block is passed once, and no gradients to parameters are asked for.
double AzProbe::ForwardPasses(const Network&) const { return 2; }

Outcome<ProbeResult> AzProbe::Measure(InitialNetwork& subject) const {
  const Network& network = subject.network;
  Tape& tape = subject.tape;
  const std::vector<int> features = BlockResults(network, recipe().skeleton);
  subject.Forward(0, NormMode::kBatch);

  std::vector<double> entropies;
  for (const int op : features) {
    const Outcome<double> entropy = FeatureEntropy(tape.Value(op), network.op(op).shape.channels);
    if (entropy) {
      entropies.push_back(*entropy);
    } else if (entropy.failure().kind == FailureKind::kUndefined) {
      entropies.push_back(-std::numeric_limits<double>::infinity());
    } else {
      return entropy.failure();
    }
  }

  std::vector<double> trainability;
  for (std::size_t i = 1; i < features.size(); ++i) {
    const Shape& from = network.op(features[i - 1]).shape;
    const Shape& to = network.op(features[i]).shape;
    const auto signs = RandomSigns(subject.batches.front().count() * to.elements(), subject.rng);
    tape.Backward(features[i], signs, features[i - 1]);
    const Outcome<double> term =
        BlockTrainability(MapOf(tape.Slopes(features[i - 1]), from), MapOf(signs, to));
    if (!term) return term.failure();
    trainability.push_back(*term);
  }
  ProbeResult result;
  result.Set("entropy", std::move(entropies));
  result.Set("trainability", std::move(trainability));
  return result;
}

}  // namespace mote
