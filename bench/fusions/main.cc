// What each fusion of the native engine brings: every workload with all of them and with one at a
// time switched off, alternating in one process (bench/README.md).
//
//   mote_bench_fusions [ROUNDS [WORKLOAD...]]
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "mote/backends/native/executor.h"
#include "mote/backends/native/isa.h"
#include "mote/backends/native/planner.h"
#include "mote/base/error.h"
#include "mote/run/catalog.h"
#include "mote/run/speed.h"

namespace mote {
namespace {

struct Variant {
  const char* name;
  native::PlanOptions options;
};

const std::vector<Variant>& Variants() {
  static const std::vector<Variant> kVariants = {
      {"all", {}},
      {"winograd", {.winograd = false}},
      {"merge_convs", {.merge_convs = false}},
      {"relu_on_load", {.relu_on_load = false}},
      {"sum_on_store", {.sum_on_store = false}},
      {"pool_on_store", {.pool_on_store = false}},
      {"moments_on_store", {.moments_on_store = false}},
      {"norm_on_load", {.norm_on_load = false}},
      {"norm_after_pool", {.norm_after_pool = false}},
      {"share_blocks", {.share_blocks = false}},
  };
  return kVariants;
}

// The engine with given fusions.
class VariantBackend final : public Backend {
 public:
  explicit VariantBackend(native::PlanOptions options) : options_(options) {}

  BackendTraits traits() const override { return {.name = "native", .isa = native::Isa()}; }
  std::optional<std::string> WhyUnsupported(const Network& network) const override {
    const auto plan = native::MakePlan(network, native::Lanes(), options_);
    return plan.ok() ? std::nullopt : std::optional(plan.failure().message);
  }
  std::unique_ptr<Executor> Compile(const Network& network, int batch_size) const override {
    return native::MakeExecutor(
        network, native::MakePlan(network, native::Lanes(), options_).value(), batch_size);
  }

 private:
  native::PlanOptions options_;
};

void Measure(int rounds, const std::vector<std::string>& names) {
  const Catalog& catalog = BuiltinCatalog();
  const auto space = catalog.spaces.Create("nasbench201", {});
  std::vector<std::unique_ptr<Backend>> backends;
  for (const Variant& variant : Variants()) {
    backends.push_back(std::make_unique<VariantBackend>(variant.options));
  }
  for (const Workload& workload : MakeWorkloads(*space, catalog.presets, {})) {
    if (!names.empty() && std::ranges::find(names, workload.name) == names.end()) continue;
    const auto speeds = MeasureSpeed(workload, *space, backends, rounds, {}, {});
    fmt::print("{} ({:.3f} ms a step); without:\n", workload.name, 1e3 * speeds[0].seconds);
    for (std::size_t v = 1; v < speeds.size(); ++v) {
      fmt::print("  {:<18}{:.3f} of the time\n", Variants()[v].name,
                 speeds[v].seconds / speeds[0].seconds);
    }
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace mote

int main(int count, char** arguments) {
  try {
    const int rounds = count > 1 ? std::max(1, std::atoi(arguments[1])) : 5;
    mote::Measure(rounds, {arguments + std::min(count, 2), arguments + count});
  } catch (const mote::Error& error) {
    fmt::print(stderr, "mote_bench_fusions: {}\n", error.what());
    return 1;
  }
}
