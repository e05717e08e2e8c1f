// Estimates that read one gradient of the loss, as the zero-cost proxies compute it (Abdelfattah,
// Mehrotra, Dudziak, Lane: "Zero-cost proxies for lightweight NAS", ICLR 2021). W are the weights
// of a convolution or linear operation and G = dL/dW; biases and batch normalisations do not enter.
//
//   grad-norm   sum over layers of ||G||_2
//   snip        sum of |W G| (Lee, Ajanthan, Torr, ICLR 2019)
//   plain       sum of W G, signed; which sign is better nobody fixed
//   fisher      sum over layers and channels of weights times Delta_c (Turner et al., ICLR 2020)
//
// On the benchmark's network with biased convolutions and batch normalisations without scale and
// shift in cells, PyTorch's initial weights, one batch of 64 training images, mirrored, shifted and
// normalised.
//
// Deviations from the authors' code: images are normalised by the mean and deviation of their own
// training split; operations that reach nothing are left out, whose gradients are zero.
#include "mote/estimate/initial.h"
#include "mote/probe/gradient_probe.h"

namespace mote {
namespace {

std::shared_ptr<const GradientProbe> GradientProbeOf(const Options& options,
                                                     const Setting& setting) {
  InitialRecipe recipe =
      RecipeOn(ZeroCostForm(setting.network.value_or(FullNetwork())), int(options.Int("images")));
  recipe.batch.augment = true;
  return std::make_shared<GradientProbe>(std::move(recipe));
}

}  // namespace

MOTE_ESTIMATOR(loss_gradient) {
  const auto add = [&registry](const std::string& name, const std::string& summary,
                               const std::string& unit, const std::string& citation,
                               const std::string& series) {
    registry.Add(
        name, summary, {ImagesOption(64)}, [=](const Options& options, const Setting& setting) {
          return MakeInitialEstimator(
              {.name = name, .unit = unit, .citation = citation}, GradientProbeOf(options, setting),
              [series](const ProbeResult& result) { return SumOf(result, series); });
        });
  };
  add("grad-norm", "norms of the layers' gradients, summed", "nat", "Abdelfattah et al., ICLR 2021",
      "gradient_norm");
  add("snip", "what the loss would change if single weights went", "nat", "Lee et al., ICLR 2019",
      "absolute_saliency");
  add("plain", "weights times gradients, signed", "nat", "Abdelfattah et al., ICLR 2021",
      "saliency");
  add("fisher", "squared sums of activations times gradients of channels", "nat^2",
      "Turner et al., ICLR 2020", "fisher");
}

}  // namespace mote
