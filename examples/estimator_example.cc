// The longest chain of convolutions between the image and the logits, in a network of a few cells.
// Deeper is taken to be better, which is all that this example knows about networks.
#include <algorithm>

#include "mote/estimate/estimator.h"

namespace mote {
namespace {

class ConvDepth : public Estimator {
 public:
  explicit ConvDepth(const Options& options) : cells_(int(options.Int("cells"))) {}

  EstimatorInfo info() const override {
    return {.name = "conv-depth",
            .version = 1,  // raised whenever a value may change
            .unit = "1",
            .direction = Direction::kHigherIsBetter,
            .cost = CostClass::kFree,
            .citation = "none: an example"};
  }

  Outcome<double> Read(const Subject& subject, std::span<const ProbeResult* const>) const override {
    // Dead operations are left out when a network is built from its canonical form.
    const Network network =
        subject.space.Build(subject.architecture, RowSkeleton(cells_, 16), subject.target);
    if (!network.depends_on_input()) {
      return Failure{FailureKind::kUndefined, "no path leads from the image to the logits"};
    }
    std::vector<int> depth;  // by operation; sources stand before what they feed
    for (const Op& op : network.ops()) {
      int deepest = 0;
      for (const int src : op.src) deepest = std::max(deepest, depth[src]);
      depth.push_back(deepest + (op.kind == OpKind::kConv ? 1 : 0));
    }
    return double(depth.back());
  }

 private:
  int cells_;
};

}  // namespace

MOTE_ESTIMATOR(conv_depth) {
  registry.Add(
      "conv-depth", "longest chain of convolutions",
      {{.name = "cells",
        .default_value = std::int64_t(1),
        .help = "cells in a row",
        .minimum = 1,
        .maximum = 100}},
      [](const Options& options, const Setting&) { return std::make_unique<ConvDepth>(options); });
}

}  // namespace mote
