#include "mote/backends/native/weights.h"

#include <algorithm>

#include "mote/base/check.h"

namespace mote::native {
namespace {

// Calls visit(index in the flat array, index in the network's vector) for every parameter.
template <typename Visit>
void ForEachWeight(const Plan& plan, const Network& network, Visit visit) {
  const std::vector<Parameter>& parameters = network.parameters();
  const auto row = [&](int parameter, std::int64_t to) {
    const Parameter& from = parameters[parameter];
    for (std::int64_t i = 0; i < from.elements(); ++i) visit(to + i, from.offset + i);
  };
  for (const Conv& conv : plan.convs) {
    const ConvGroup& group = plan.groups[conv.group];
    const Parameter& from = parameters[conv.parameter];
    const auto [out, in, height, width] = from.dims;
    std::int64_t source = from.offset;
    for (int o = 0; o < out; ++o) {
      const std::int64_t column = std::int64_t(conv.position) * group.out_channels + o;
      for (int i = 0; i < in; ++i) {
        for (int tap = 0; tap < height * width; ++tap) {
          const std::int64_t flat_row = std::int64_t(tap) * group.in_channels + i;
          visit(group.weights + flat_row * group.columns() + column, source++);
        }
      }
    }
  }
  for (const Norm& norm : plan.norms) {
    row(norm.gamma_parameter, norm.gamma);
    row(norm.beta_parameter, norm.beta);
  }
  const Head& head = plan.head;
  const Parameter& weight = parameters[head.weight_parameter];
  for (std::int64_t i = 0; i < weight.elements(); ++i) {
    const std::int64_t features = weight.dims[1];
    visit(head.weight + i / features * head.channels + i % features, weight.offset + i);
  }
  row(head.bias_parameter, head.bias);
  for (const UnreadParameter& unread : plan.unread) row(unread.parameter, unread.offset);
}

}  // namespace

void ToFlat(const Plan& plan, const Network& network, std::span<const double> parameters,
            float* flat) {
  MOTE_CHECK(std::int64_t(parameters.size()) == network.parameter_count(), "{}", parameters.size());
  std::fill_n(flat, plan.weight_count, 0.0f);
  ForEachWeight(plan, network,
                [&](std::int64_t to, std::int64_t from) { flat[to] = float(parameters[from]); });
}

void FromFlat(const Plan& plan, const Network& network, const float* flat,
              std::span<double> parameters) {
  MOTE_CHECK(std::int64_t(parameters.size()) == network.parameter_count(), "{}", parameters.size());
  ForEachWeight(plan, network,
                [&](std::int64_t from, std::int64_t to) { parameters[to] = flat[from]; });
}

}  // namespace mote::native
