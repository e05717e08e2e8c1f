// Backend `reference`: scalar code that follows the definitions, the judge of every faster engine.
//
// One thread, no tuning, every operation. In double precision its rounding errors are far below
// those of any float32 engine, so a difference is the other's; in single precision it shows how
// large the rounding errors of a correct float32 engine are.
#include <string>

#include "mote/backends/backend.h"
#include "mote/backends/reference/executor.h"
#include "mote/backends/reference/tape.h"

namespace mote {
namespace {

class ReferenceBackend : public Backend {
 public:
  explicit ReferenceBackend(bool single_precision) : single_precision_(single_precision) {}

  BackendTraits traits() const override {
    // The precisions differ in bits, hence in version.
    return {.name = "reference",
            .version = single_precision_ ? "1-float" : "1",
            .device = "cpu",
            .isa = "any",
            .deterministic = true,
            .priority = 0};
  }

  std::optional<std::string> WhyUnsupported(const Network&) const override { return {}; }

  std::unique_ptr<Executor> Compile(const Network& network, int batch_size) const override {
    return single_precision_ ? reference::MakeExecutor<float>(network, batch_size)
                             : reference::MakeExecutor<double>(network, batch_size);
  }

  // In the precision asked for, whatever the executors' is.
  std::unique_ptr<Tape> Record(const Network& network, int largest_count,
                               Precision precision) const override {
    return precision == Precision::kSingle ? reference::MakeTape<float>(network, largest_count)
                                           : reference::MakeTape<double>(network, largest_count);
  }

 private:
  const bool single_precision_;
};

}  // namespace

MOTE_BACKEND(reference) {
  registry.Add("reference", "scalar code that follows the definitions; slow, judges the others",
               {{.name = "precision",
                 .default_value = std::string("double"),
                 .help = "arithmetic of all computations",
                 .choices = {"float", "double"}}},
               [](const Options& options) {
                 return std::make_unique<ReferenceBackend>(options.Text("precision") == "float");
               });
}

}  // namespace mote
