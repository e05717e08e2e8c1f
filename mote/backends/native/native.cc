// Backend `native`: the CPU engine made for small networks of cells. One thread per executor, in
// float32, or per tape, in float32 or double.
#include "mote/backends/backend.h"
#include "mote/backends/native/executor.h"
#include "mote/backends/native/explain.h"
#include "mote/backends/native/isa.h"
#include "mote/backends/native/planner.h"
#include "mote/backends/native/tape/tape.h"

namespace mote {
namespace {

class NativeBackend : public Backend {
 public:
  explicit NativeBackend(bool exact) { options_.winograd = !exact; }

  BackendTraits traits() const override {
    return {.name = "native",
            .version = options_.winograd ? "2" : "2, exact",
            .device = "cpu",
            .isa = native::Isa(),
            .deterministic = true,
            .priority = 20};
  }

  std::optional<std::string> WhyUnsupported(const Network& network) const override {
    const auto plan = PlanOf(network);
    if (plan.ok()) return {};
    return plan.failure().message;
  }

  std::unique_ptr<Executor> Compile(const Network& network, int batch_size) const override {
    return native::MakeExecutor(network, PlanOf(network).value(), batch_size);
  }

  // Of every network, also of those that have no plan.
  std::unique_ptr<Tape> Record(const Network& network, int largest_count,
                               Precision precision) const override {
    const bool winograd = options_.winograd;
    return precision == Precision::kSingle
               ? native::MakeTape<float>(network, largest_count, winograd)
               : native::MakeTape<double>(network, largest_count, winograd);
  }

  std::vector<PlanStep> Explain(const Network& network) const override {
    return native::Explain(PlanOf(network).value());
  }

 private:
  Outcome<native::Plan> PlanOf(const Network& network) const {
    return native::MakePlan(network, native::Lanes(), options_);
  }

  native::PlanOptions options_;
};

}  // namespace

MOTE_BACKEND(native) {
  registry.Add("native", "this program's own engine for small networks, in float32 on one core",
               {{.name = "exact",
                 .default_value = false,
                 .help = "direct convolutions only: rounding ten times smaller, slower"}},
               [](const Options& options) {
                 return std::make_unique<NativeBackend>(options.Flag("exact"));
               });
}

}  // namespace mote
