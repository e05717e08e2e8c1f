// Sum over layers of the norm of the weights before training (Abdelfattah et al., "Zero-cost
// proxies for lightweight NAS", ICLR 2021), of all convolutions and the linear operation, those
// that reach nothing included.
//
// Deviation: PyTorch draws the weights of a layer uniformly in +-1/sqrt(fan in), so that its
// squared norm is (results of the layer) / 3 on average and hardly varies. The average is taken: no
// draw, no network, no seed.
#include <cmath>

#include "mote/estimate/counter.h"

namespace mote {
namespace {

double ExpectedNormSum(const Network& network) {
  double sum = 0;
  for (const Parameter& parameter : network.parameters()) {
    if (parameter.kind == ParameterKind::kConvKernel ||
        parameter.kind == ParameterKind::kLinearWeight) {
      sum += std::sqrt(parameter.dims[0] / 3.0);
    }
  }
  return sum;
}

}  // namespace

MOTE_ESTIMATOR(l2_norm) {
  registry.Add("l2-norm", "norms of the layers' weights before training, summed", {},
               [](const Options&, const Setting&) {
                 return MakeCounter("l2-norm", "1", [](const Subject& subject) {
                   return ExpectedNormSum(BenchmarkNetwork(subject, BuildForm::kFull));
                 });
               });
}

}  // namespace mote
