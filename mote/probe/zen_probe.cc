#include "mote/probe/zen_probe.h"

#include <algorithm>

#include "mote/base/check.h"
#include "mote/reading/zen.h"

namespace mote {
namespace {

constexpr double kStep = 0.01;

// The operation whose results are pooled over all positions.
int FeaturesBeforePooling(const Network& network) {
  const auto pool = std::ranges::find(network.ops(), OpKind::kGlobalAvgPool, &Op::kind);
  MOTE_CHECK(pool != network.ops().end(), "no global pooling");
  return pool->src.front();
}

}  // namespace

Outcome<ProbeResult> ZenProbe::Measure(InitialNetwork& subject) const {
  MOTE_CHECK(subject.batches.size() == 2, "{} batches", subject.batches.size());
  const Network& network = subject.network;
  Tape& tape = subject.tape;
  const int images = subject.batches[0].count();
  const int features_op = FeaturesBeforePooling(network);

  subject.Forward(0, NormMode::kBatch, /*feed_running=*/true);
  const auto given = tape.Value(features_op);
  const std::vector<double> features(given.begin(), given.end());
  std::vector<double> moved = subject.batches[0].images;
  const std::vector<double>& direction = subject.batches[1].images;
  for (std::size_t i = 0; i < moved.size(); ++i) moved[i] += kStep * direction[i];
  tape.Forward(moved, images, NormMode::kBatch, /*feed_running=*/true);
  const Outcome<double> difference = ZenDifference(features, tape.Value(features_op), images);
  if (!difference) return difference.failure();

  std::vector<double> norm_scale;
  for (int op = 0; op < int(network.ops().size()); ++op) {
    if (network.op(op).kind != OpKind::kBatchNorm) continue;
    const Outcome<double> scale = ZenScale(tape.RunningVariance(op));
    if (!scale) return scale.failure();
    norm_scale.push_back(*scale);
  }
  ProbeResult result;
  result.Set("difference", {*difference});
  result.Set("norm_scale", std::move(norm_scale));
  return result;
}

}  // namespace mote
