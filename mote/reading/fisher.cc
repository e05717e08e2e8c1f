#include "mote/reading/fisher.h"

#include <cmath>
#include <cstddef>

#include "mote/reading/finite.h"

namespace mote {

std::vector<double> ChannelSums(std::span<const double> activations, std::span<const double> slopes,
                                int images, int channels) {
  MOTE_CHECK(images >= 1 && channels >= 1 && activations.size() == slopes.size() &&
                 activations.size() % (std::size_t(images) * std::size_t(channels)) == 0,
             "{} activations and {} slopes of {} images with {} channels", activations.size(),
             slopes.size(), images, channels);
  const std::size_t width = std::size_t(channels), per_image = activations.size() / images;
  std::vector<double> sums(std::size_t(images) * width);
  for (std::size_t i = 0; i < activations.size(); ++i) {
    sums[i / per_image * width + i % width] += activations[i] * slopes[i];
  }
  return sums;
}

Outcome<double> FisherSum(std::span<const FisherLayer> layers) {
  double total = 0;
  for (const FisherLayer& layer : layers) {
    MOTE_CHECK(layer.channels >= 1 && !layer.channel_sums.empty() &&
                   layer.channel_sums.size() % std::size_t(layer.channels) == 0,
               "{} sums of {} channels", layer.channel_sums.size(), layer.channels);
    // Every channel has the same number of images and weights, so that squares add up first.
    double squares = 0;
    for (const double sum : layer.channel_sums) squares += sum * sum;
    const double images = double(layer.channel_sums.size() / std::size_t(layer.channels));
    total += 0.5 * squares / images * double(layer.weights_per_channel);
  }
  if (!std::isfinite(total)) return NotFinite("activations or gradients");
  return total;
}

}  // namespace mote
