#include "mote/estimate/initial.h"

#include <numeric>

#include "mote/base/check.h"

namespace mote {

std::unique_ptr<Estimator> MakeInitialEstimator(EstimatorInfo info,
                                                std::shared_ptr<const InitialProbe> probe,
                                                ReadingOf reading) {
  info.cost = CostClass::kPasses;
  return MakeProbeReader(std::move(info), std::move(probe), std::move(reading));
}

double SumOf(const ProbeResult& result, std::string_view series) {
  const auto values = result[series];
  return std::accumulate(values.begin(), values.end(), 0.0) / result["repeats"][0];
}

Outcome<double> MeanOverRepeats(
    const ProbeResult& result, std::string_view series,
    const std::function<Outcome<double>(std::span<const double>)>& reading) {
  const auto values = result[series];
  const std::size_t repeats = std::size_t(result["repeats"][0]);
  MOTE_CHECK(repeats >= 1 && values.size() % repeats == 0, "{} values of {} repeats", values.size(),
             repeats);
  const std::size_t share = values.size() / repeats;
  double sum = 0;
  for (std::size_t r = 0; r < repeats; ++r) {
    const Outcome<double> value = reading(values.subspan(r * share, share));
    if (!value) return value;
    sum += *value;
  }
  return sum / double(repeats);
}

OptionSpec ImagesOption(int images) {
  return {.name = "images",
          .default_value = std::int64_t(images),
          .help = "images of a batch",
          .minimum = 1,
          .maximum = 65536};
}

OptionSpec RepeatsOption(int repeats) {
  return {.name = "repeats",
          .default_value = std::int64_t(repeats),
          .help = "mean of so many draws of the weights",
          .minimum = 1,
          .maximum = 1000};
}

InitialRecipe RecipeOn(const NetworkChoice& network, int images) {
  InitialRecipe recipe;
  recipe.skeleton = network.skeleton;
  recipe.batch.image_size = network.image_size;
  recipe.batch.images = images;
  return recipe;
}

}  // namespace mote
