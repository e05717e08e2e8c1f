// What estimators are made for, besides their own options.
#pragma once

#include <optional>
#include <string>

#include "mote/estimate/preset.h"

namespace mote {

// The network that estimates without training look at.
struct NetworkChoice {
  std::string name;  // as in --network: "full", "reduced", or a preset
  Skeleton skeleton;
  int image_size = 0;  // side to which images are shrunk; 0: the dataset's own
};

NetworkChoice FullNetwork();     // the benchmark's, on the dataset's images as they are
NetworkChoice ReducedNetwork();  // the paper's, likewise
NetworkChoice NetworkOf(const Preset& preset);

// The same with biased convolutions and batch normalisations without scale and shift in cells, as
// the zero-cost proxies are published for.
NetworkChoice ZeroCostForm(NetworkChoice choice);

struct Setting {
  const Preset& preset;                       // of those that train
  std::optional<NetworkChoice> network = {};  // of those that do not; none: each its own
};

}  // namespace mote
