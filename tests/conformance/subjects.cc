#include "tests/conformance/subjects.h"

#include <map>
#include <ranges>

#include "mote/backends/cpu_engine.h"

namespace mote {
MOTE_BACKEND(native);
MOTE_BACKEND(reference);
MOTE_BACKEND(torch);
}  // namespace mote

namespace mote::conformance {
namespace {

BackendRegistry BackendsOfThisBuild() {
  BackendRegistry registry("backend");
  RegisterBackend_native(registry);
  RegisterBackend_reference(registry);
#ifdef MOTE_HAVE_TORCH
  RegisterBackend_torch(registry);
#endif
  return registry;
}

std::vector<Subject> MakeSubjects() {
  const BackendRegistry registry = BackendsOfThisBuild();
  std::vector<Subject> subjects = {
      {"reference_float", registry.Create("reference", {{"precision", "float"}})},
      {"native_exact", registry.Create("native", {{"exact", "true"}})}};
  // The best instruction set is what "native" runs on.
  for (const std::string& isa : EngineIsas() | std::views::drop(1)) {
    subjects.push_back({"native_" + isa, registry.Create("native", {}), false, isa});
  }
  for (const std::string& name : registry.Names()) {
    subjects.push_back({name, registry.Create(name, {}), name == "reference"});
  }
  return subjects;
}

}  // namespace

const std::vector<Subject>& Subjects() {
  static const std::vector<Subject> subjects = MakeSubjects();
  return subjects;
}

const Backend& Judge() {
  for (const Subject& subject : Subjects()) {
    if (subject.is_judge) return *subject.backend;
  }
  MOTE_CHECK(false, "no judge");
}

std::vector<double> LogitsOf(Executor& executor, const Batch& batch, Statistics statistics) {
  std::vector<double> logits(batch.size() * executor.network().classes());
  executor.Logits(batch, statistics, logits);
  return logits;
}

std::vector<double> GradientOf(Executor& executor, const Batch& batch) {
  std::vector<double> gradient(executor.network().parameter_count());
  executor.Gradient(batch, gradient);
  return gradient;
}

std::vector<double> ParametersOf(const Executor& executor) {
  std::vector<double> parameters(executor.network().parameter_count());
  executor.GetParameters(parameters);
  return parameters;
}

}  // namespace mote::conformance
