// Synaptic flow (Tanaka, Kunin, Yamins, Ganguli: "Pruning neural networks without any data by
// iteratively conserving synaptic flow", NeurIPS 2020), as the zero-cost proxies compute it
// (Abdelfattah et al., ICLR 2021): sum of |W dR/dW| over the weights W of convolutions and linear
// operations, R the sum of the logits for one image of ones, all parameters replaced by their
// magnitudes.
//
//   synflow      without batch normalisation: its result is its source
//   synflow-bn   with it, by the one image
//
// On the benchmark's network with biased convolutions and batch normalisations without scale and
// shift in cells, PyTorch's initial weights, in double precision.
//
// Deviations: the logarithm is given, which ranks alike, where the sum spans 1e32 to 1e61; -inf
// where nothing flows from the image to the logits, where the authors have 0.
#include "mote/estimate/initial.h"
#include "mote/probe/synflow_probe.h"

namespace mote {

MOTE_ESTIMATOR(synflow) {
  const auto add = [&registry](const std::string& name, const std::string& summary, NormMode norm) {
    registry.Add(name, summary, {}, [=](const Options&, const Setting& setting) {
      InitialRecipe recipe = RecipeOn(ZeroCostForm(setting.network.value_or(FullNetwork())), 1);
      recipe.batch.source = ImageSource::kOnes;
      recipe.precision = Precision::kDouble;
      return MakeInitialEstimator(
          {.name = name, .unit = "nat", .citation = "Tanaka et al., NeurIPS 2020"},
          std::make_shared<SynflowProbe>(std::move(recipe), norm),
          [](const ProbeResult& result) { return SumOf(result, "log_flow"); });
    });
  };
  add("synflow", "logarithm of the synaptic flow, without batch normalisation",
      NormMode::kIdentity);
  add("synflow-bn", "logarithm of the synaptic flow, with batch normalisation", NormMode::kBatch);
}

}  // namespace mote
