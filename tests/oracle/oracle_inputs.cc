#include "tests/oracle/oracle_inputs.h"

#include <cmath>

#include "mote/base/rng.h"

namespace mote::oracle {

Images RandomImages(const Network& network, int count, std::string_view name) {
  Rng rng(Key(0, "images", name));
  Images images;
  images.pixels.resize(count * network.input_shape().elements());
  for (float& pixel : images.pixels) pixel = float(rng.Uniform());
  for (int n = 0; n < count; ++n) images.labels.push_back(int(rng.Below(network.classes())));
  return images;
}

std::vector<double> RandomParameters(const Network& network, std::string_view name) {
  Rng rng(Key(0, "parameters", name));
  std::vector<double> parameters;
  for (const Parameter& parameter : network.parameters()) {
    const int window = parameter.dims[2] * parameter.dims[3];
    const double glorot =
        std::sqrt(6.0 / ((parameter.dims[0] + parameter.dims[1]) * double(window)));
    const bool is_matrix = parameter.kind == ParameterKind::kConvKernel ||
                           parameter.kind == ParameterKind::kLinearWeight;
    const double centre = parameter.kind == ParameterKind::kScale ? 1 : 0;
    const double width = is_matrix ? glorot : 0.2;
    for (std::int64_t i = 0; i < parameter.elements(); ++i) {
      // Rounded as every float32 backend rounds it, so that all start from equal weights.
      parameters.push_back(float(centre + width * (2 * rng.Uniform() - 1)));
    }
  }
  return parameters;
}

double Norm(std::span<const double> values) {
  double squares = 0;
  for (double value : values) squares += value * value;
  return std::sqrt(squares);
}

double Distance(std::span<const double> a, std::span<const double> b) {
  double squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i) squares += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(squares);
}

}  // namespace mote::oracle
