// Fisher pruning's measure of channels, summed over a network (Turner, Crowley, O'Boyle, Storkey,
// Gray: "BlockSwap", ICLR 2020; as in the zero-cost code of Abdelfattah et al., ICLR 2021).
//
// With a the output of a convolution or linear operation before batch norm and activation, and
// dL/da from the mean loss of a batch of n images: channel c has
//   Delta_c = 1/2 mean over images of (sum over positions of a dL/da)^2,
// and each of its weights counts once: sum over layers and channels of (weights of the channel)
// Delta_c. Higher is better.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mote/base/outcome.h"

namespace mote {

struct FisherLayer {
  std::span<const double> channel_sums;  // [images][channels], of ChannelSums
  int channels = 0;
  std::int64_t weights_per_channel = 0;  // fan-in: source channels * kernel area
};

// Sum over positions of activations * slopes, [images][channels]; both inputs are
// [images][positions][channels], positions may be 1. O(size).
std::vector<double> ChannelSums(std::span<const double> activations, std::span<const double> slopes,
                                int images, int channels);

// A Failure (kDiverged) if sums are not finite; 0 without layers. O(images * channels) a layer.
Outcome<double> FisherSum(std::span<const FisherLayer> layers);

}  // namespace mote
