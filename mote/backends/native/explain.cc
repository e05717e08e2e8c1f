#include "mote/backends/native/explain.h"

#include <fmt/format.h>

#include <string>

#include "mote/backends/native/sources.h"

namespace mote::native {
namespace {

constexpr int kFloat = sizeof(float);

std::string Join(const std::vector<std::string>& parts) {
  return fmt::format("{}", fmt::join(parts, ", "));
}

void AddPart(std::vector<std::string>& parts, std::size_t count, const char* one) {
  if (count == 1) parts.push_back(one);
  if (count > 1) parts.push_back(fmt::format("{} {}s", count, one));
}

std::int64_t Floats(const Plan& plan, const Shape& shape) {
  return std::int64_t(shape.height) * shape.width * plan.layout.PaddedChannels(shape.channels);
}

PlanStep ExplainValue(const Plan& plan, const Value& value) {
  const std::int64_t floats = Floats(plan, value.shape);
  PlanStep step = {
      .name = value.name, .what = "", .kernel = "", .folded = "", .shape = value.shape};
  std::vector<std::string> terms;
  switch (value.kind) {
    case ValueKind::kImages:
    case ValueKind::kLoaded:
      step.what = "images";
      step.kernel = "load";
      step.bytes = 2 * kFloat * value.shape.elements();
      return step;
    case ValueKind::kActivation:
      step.what = std::string(Name(value.activation));
      step.kernel = "elementwise";
      step.bytes = 5 * kFloat * floats;
      return step;
    case ValueKind::kPool: {
      const std::int64_t from = Floats(plan, plan.values[value.src].shape);
      step.what = fmt::format("average {}x{}", value.window_height, value.window_width);
      step.kernel = "windows";
      step.bytes = 2 * kFloat * (from + floats);
      return step;
    }
    case ValueKind::kSum:
      break;
  }
  AddPart(terms, value.norms.size(), "batch norm");
  AddPart(terms, value.convs.size(), "plain conv");
  AddPart(terms, value.skips.size(), "skip");
  AddPart(terms, value.pools.size(), "3x3 pool");
  step.what = terms.empty() ? "zero" : "sum of " + Join(terms);
  step.kernel = value.stored ? "one pass" : "by its readers";
  std::vector<std::string> folded;
  if (value.folded_into >= 0) folded.push_back("pooled on store");
  if (NeedsOf(plan, value).relu) folded.push_back("a copy with ReLU");
  if (!value.norms.empty()) folded.push_back("sums of the norms' gradients");
  step.folded = Join(folded);
  const std::int64_t norms = std::int64_t(value.norms.size());
  const std::int64_t others =
      std::int64_t(value.convs.size() + value.skips.size() + value.pools.size());
  const std::int64_t readers =
      std::int64_t(value.skip_readers.size() + value.pool_readers.size() + value.groups.size());
  // Forward: terms in, value out. Backward: readers' gradients, value and norms' results in,
  // gradient out. What is not stored is not read either.
  const std::int64_t stored = value.stored ? norms + others + 2 : 0;
  step.bytes = kFloat * floats * (stored + readers + norms + 1);
  return step;
}

PlanStep ExplainGroup(const Plan& plan, const ConvGroup& group) {
  const Value& src = plan.values[group.src];
  const bool has_backward = src.kind != ValueKind::kImages;
  std::vector<std::string> names;
  std::size_t norms = 0;
  std::size_t pooled = 0;
  for (int conv : group.convs) {
    const int norm = plan.convs[conv].norm;
    names.push_back(plan.convs[conv].name);
    norms += norm >= 0;
    pooled += norm >= 0 && plan.norms[norm].pooled();
  }
  PlanStep step = {.name = Join(names), .what = "", .kernel = "", .folded = "", .shape = group.out};
  step.what = fmt::format("conv {}x{}{}{}", group.kernel, group.kernel,
                          group.stride > 1 ? fmt::format(" stride {}", group.stride) : "",
                          group.convs.size() > 1 ? fmt::format(" x{}", group.convs.size()) : "");
  step.kernel = group.method == ConvMethod::kWinograd ? "winograd F(4x4,3x3)" : "direct";
  std::vector<std::string> folded;
  if (ReadsInPlace(group, src) && !src.stored) folded.push_back("norm on load");
  if (ReadsInPlace(group, src) && group.relu) folded.push_back("ReLU on load");
  if (norms > 0 && plan.options.moments_on_store) folded.push_back("moments on store");
  if (pooled > 0) folded.push_back("averages");
  if (norms > 0) folded.push_back("norm's gradient on load");
  step.folded = Join(folded);
  const std::int64_t in = src.shape.elements();
  const std::int64_t out = group.out.elements() * std::int64_t(group.convs.size());
  const std::int64_t passes = has_backward ? 3 : 2;
  step.flops = passes * 2 * out * group.kernel * group.kernel * src.shape.channels;
  // Forward: source in, results out. Backward: source, results and their gradients in, source's
  // gradient out.
  step.bytes = kFloat * (2 * in + 3 * out + (has_backward ? in : 0));
  return step;
}

}  // namespace

std::vector<PlanStep> Explain(const Plan& plan) {
  std::vector<PlanStep> steps;
  for (const Value& value : plan.values) {
    steps.push_back(ExplainValue(plan, value));
    for (int group : value.groups) steps.push_back(ExplainGroup(plan, plan.groups[group]));
  }
  const std::int64_t features = plan.values[plan.head.src].shape.channels;
  steps.push_back({.name = "logits",
                   .what = "linear, softmax, loss",
                   .kernel = "head",
                   .folded = "",
                   .shape = {plan.head.classes, 1, 1},
                   .bytes = kFloat * 2 * (features + plan.head.classes),
                   .flops = 3 * 2 * features * plan.head.classes});
  return steps;
}

}  // namespace mote::native
