#include "mote/probe/meco_probe.h"

#include <nlohmann/json.hpp>

#include "mote/base/check.h"
#include "mote/reading/meco.h"

namespace mote {
namespace {

bool IsFeatureMap(const Op& op) {
  switch (op.kind) {
    case OpKind::kConv:
    case OpKind::kBatchNorm:
    case OpKind::kRelu:
    case OpKind::kGelu:
    case OpKind::kAvgPool:
    case OpKind::kAdd:
    case OpKind::kMean:
      return op.shape.height * op.shape.width > 1;
    default:
      return false;
  }
}

// The channels `kept` of a map of `channels`.
std::vector<double> Select(std::span<const double> map, int channels,
                           const std::vector<int>& kept) {
  std::vector<double> selected;
  selected.reserve(map.size() / channels * kept.size());
  for (std::size_t position = 0; position < map.size(); position += channels) {
    for (const int channel : kept) selected.push_back(map[position + channel]);
  }
  return selected;
}

}  // namespace

nlohmann::json MecoProbe::OwnOptions() const { return {{"channels", channels_}}; }

Outcome<ProbeResult> MecoProbe::Measure(InitialNetwork& subject) const {
  MOTE_CHECK(subject.batches.front().count() == 1, "{} images", subject.batches.front().count());
  subject.Forward(0, NormMode::kBatch);
  std::vector<double> smallest;
  for (int op = 0; op < int(subject.network.ops().size()); ++op) {
    if (!IsFeatureMap(subject.network.op(op))) continue;
    const int channels = subject.network.op(op).shape.channels;
    const auto map = subject.tape.Value(op);
    if (channels_ == 0 || channels_ >= channels) {
      smallest.push_back(SmallestCorrelationEigenvalue(map, channels));
      continue;
    }
    const auto some = Select(map, channels, subject.rng.Sample(channels, channels_));
    smallest.push_back(SmallestCorrelationEigenvalue(some, channels_) * channels / channels_);
  }
  ProbeResult result;
  result.Set("smallest_eigenvalue", std::move(smallest));
  return result;
}

}  // namespace mote
