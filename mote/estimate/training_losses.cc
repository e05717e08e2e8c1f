#include "mote/estimate/training_losses.h"

namespace mote {

std::vector<double> Losses(const Preset& preset, const ProbeResult& result, std::string_view name) {
  const std::span<const double> losses = result[name];
  if (result["learnable"][0] == 0 && preset.unlearnable_is_worst) {
    return std::vector<double>(losses.size(), kUnlearnableLoss);
  }
  return {losses.begin(), losses.end()};
}

}  // namespace mote
