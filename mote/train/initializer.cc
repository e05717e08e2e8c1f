#include "mote/train/initializer.h"

#include <cmath>

#include "mote/base/check.h"

namespace mote {
namespace {

bool IsUniform(Initializer initializer) {
  return initializer == Initializer::kGlorotUniform || initializer == Initializer::kKaimingUniform;
}

// Of the distribution of a weight tensor: half the width of a uniform one, the deviation of a
// normal one.
double Spread(const Parameter& parameter, Initializer initializer) {
  const double receptive = double(parameter.dims[2]) * parameter.dims[3];
  const double fan_in = receptive * parameter.dims[1];
  const double fan_out = receptive * parameter.dims[0];
  switch (initializer) {
    case Initializer::kGlorotUniform:
      return std::sqrt(6.0 / (fan_in + fan_out));
    case Initializer::kKaimingUniform:
      return 1.0 / std::sqrt(fan_in);
    case Initializer::kKaimingNormalFanIn:
      return std::sqrt(2.0 / fan_in);
    case Initializer::kKaimingNormalFanOut:
      return std::sqrt(2.0 / fan_out);
    case Initializer::kStandardNormal:
      return 1;
  }
  MOTE_CHECK(false, "unnamed initializer");
}

}  // namespace

std::string_view Name(Initializer initializer) {
  switch (initializer) {
    case Initializer::kGlorotUniform:
      return "glorot-uniform";
    case Initializer::kKaimingUniform:
      return "kaiming-uniform";
    case Initializer::kKaimingNormalFanIn:
      return "kaiming-normal-fan-in";
    case Initializer::kKaimingNormalFanOut:
      return "kaiming-normal-fan-out";
    case Initializer::kStandardNormal:
      return "standard-normal";
  }
  MOTE_CHECK(false, "unnamed initializer");
}

std::vector<double> InitialParameters(const Network& network, Initializer initializer,
                                      const Key& key, WeightStreams streams) {
  Rng rng(key);
  std::vector<double> values(network.parameter_count());
  double spread = 0;
  for (const Parameter& parameter : network.parameters()) {
    if (streams == WeightStreams::kByName) {
      rng = Rng(Key(0, "parameter", key.hash().Hex(), parameter.name));
    }
    const auto begin = values.begin() + parameter.offset;
    const auto end = begin + parameter.elements();
    const auto draw = [&] {
      if (IsUniform(initializer)) {
        for (auto value = begin; value != end; ++value) *value = (2 * rng.Uniform() - 1) * spread;
      } else {
        for (auto value = begin; value != end; ++value) *value = rng.Normal() * spread;
      }
    };
    switch (parameter.kind) {
      case ParameterKind::kConvKernel:
      case ParameterKind::kLinearWeight:
        spread = Spread(parameter, initializer);
        draw();
        break;
      case ParameterKind::kConvBias:
      case ParameterKind::kLinearBias:
        // PyTorch draws the bias from the range of the weight, which stands just before it.
        if (initializer == Initializer::kKaimingUniform) draw();
        break;
      case ParameterKind::kScale:
        std::fill(begin, end, 1.0);
        break;
      case ParameterKind::kShift:
        break;
    }
  }
  return values;
}

}  // namespace mote
