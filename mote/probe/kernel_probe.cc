#include "mote/probe/kernel_probe.h"

#include <nlohmann/json.hpp>

#include "mote/base/check.h"
#include "mote/probe/kernel.h"
#include "mote/reading/finite.h"
#include "mote/reading/kernel.h"
#include "mote/reading/spectrum.h"

namespace mote {

KernelProbe::KernelProbe(InitialRecipe recipe, NormMode norm)
    : InitialProbe(std::move(recipe)), norm_(norm) {
  MOTE_CHECK(norm == NormMode::kBatch || norm == NormMode::kFrozen);
}

nlohmann::json KernelProbe::OwnOptions() const {
  return {{"norm", norm_ == NormMode::kBatch ? "batch" : "frozen"}};
}

double KernelProbe::ForwardPasses(const Network&) const {
  return norm_ == NormMode::kBatch ? 1 + 2 * recipe().batch.images : 3;
}

Outcome<ProbeResult> KernelProbe::Measure(InitialNetwork& subject) const {
  const InitialBatch& batch = subject.batches.front();
  const int n = batch.count();
  const std::vector<double> kernel = TangentKernel(subject.tape, batch.images, n, norm_);
  if (!AllFinite(kernel)) return NotFinite("gradients");
  const Outcome<double> mean = MeanOfKernel(kernel, n);
  if (!mean) return mean.failure();
  const Outcome<double> alignment = LabelGradientAlignment(kernel, batch.labels);
  if (!alignment) return alignment.failure();
  double trace = 0;
  for (int i = 0; i < n; ++i) trace += kernel[std::size_t(i) * n + i];

  ProbeResult result;
  result.Set("eigenvalues", SemidefiniteEigenvalues(kernel, n));
  result.Set("trace", {trace});
  result.Set("mean", {*mean});
  result.Set("alignment", {*alignment});
  result.Set("images", {double(n)});
  return result;
}

}  // namespace mote
