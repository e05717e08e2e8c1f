// Estimates that read the tangent kernel of an untrained network: Theta_ij = <g_i, g_j>, g_i the
// gradient of the sum of image i's logits to convolution kernels, linear weights and scales of
// batch normalisations.
//
//   ntk-condition   lambda_max / lambda_min of Theta, in [1, inf]; lower is better (Chen, Gong,
//                   Wang: TE-NAS, ICLR 2021)
//   eigen-nas       lambda_min of Theta (Zhu, Liu, Chrysos, Cevher, NeurIPS 2022)
//   lga             correlation of Theta's entries with +1 for two images of a class and -1 for
//                   others, both less their means (Mok et al., CVPR 2022)
//
// All three with the defaults of TE-NAS: one batch of 72 training images, mirrored, shifted and
// normalised; He's normal initial weights by fan out; the mean over 3 draws. Batch normalisation by
// the batch, which g_i goes through: 72 backward passes of the whole batch. `norm=frozen` takes the
// batch's statistics for constants instead: one pass, another kernel. The network is the one that
// TE-NAS takes condition numbers of: the benchmark's with one cell in each stage and 3, 6 and 12
// channels.
//
// lambda_max / lambda_min is infinite where lambda_min cannot be told from zero, in any of the
// draws; eigen-nas is zero there. lga is zero where all entries are equal, as those of a network
// that ignores its images are, or all labels.
//
// Not on MOTE's reduced network, nor on those of the small presets, unless --network says so: they
// have no normalisation and rectifier before the head, so that by the batch's statistics the sum of
// all images' logits is fixed and the kernel singular, of every cell without pooling; see
// probe/kernel.h. With `norm=frozen` they have values.
//
// Deviations: TE-NAS ranks operations of a supernet of that size, as the strategy te-nas does; here
// a cell stands in it alone.
// Gradients, inner products and eigenvalues are in double precision, where its code has single, and
// so noise for a small lambda_min, and 100000 for what is not a number; `precision=float` halves
// the time, and gives noise of some 1e-12 lambda_max for a lambda_min of zero. All draws of the
// weights see the same images, changed anew, normalised by the statistics of their own training
// split. eigen-nas and lga were published without code or settings: network, batch, weights, summed
// logits and draws are taken from TE-NAS, so that one run serves all three. lga's authors take it
// after some epochs of training; this is the value before.
#include <limits>

#include "mote/estimate/initial.h"
#include "mote/probe/kernel_probe.h"

namespace mote {
namespace {

NetworkChoice ThinNetwork() {
  NetworkChoice network = FullNetwork();
  network.name = "thin";
  int channels = 3;
  for (Stage& stage : network.skeleton.stages) {
    stage.cells = 1;
    stage.channels = channels;
    channels *= 2;
  }
  return network;
}

std::vector<OptionSpec> TangentKernelOptions() {
  return {ImagesOption(72),
          RepeatsOption(3),
          {.name = "norm",
           .default_value = std::string("batch"),
           .help = "batch: gradients go through the batch's statistics; frozen: not",
           .choices = {"batch", "frozen"}},
          {.name = "precision",
           .default_value = std::string("double"),
           .help = "arithmetic of gradients; what is summed of them is double",
           .choices = {"float", "double"}}};
}

std::shared_ptr<const KernelProbe> KernelProbeOf(const Options& options, const Setting& setting) {
  InitialRecipe recipe =
      RecipeOn(setting.network.value_or(ThinNetwork()), int(options.Int("images")));
  recipe.batch.augment = true;
  recipe.initializer = Initializer::kKaimingNormalFanOut;
  recipe.precision =
      options.Text("precision") == "double" ? Precision::kDouble : Precision::kSingle;
  recipe.repeats = int(options.Int("repeats"));
  return std::make_shared<KernelProbe>(
      std::move(recipe), options.Text("norm") == "batch" ? NormMode::kBatch : NormMode::kFrozen);
}

// As ConditionNumber in reading/kernel.h, of eigenvalues that are known.
Outcome<double> Condition(std::span<const double> eigenvalues) {
  if (eigenvalues.front() <= 0) return std::numeric_limits<double>::infinity();
  return eigenvalues.back() / eigenvalues.front();
}

Outcome<double> Smallest(std::span<const double> eigenvalues) { return eigenvalues.front(); }

}  // namespace

MOTE_ESTIMATOR(tangent_kernel) {
  const auto add = [&registry](const std::string& summary, const EstimatorInfo& info,
                               const ReadingOf& reading) {
    registry.Add(info.name, summary, TangentKernelOptions(),
                 [=](const Options& options, const Setting& setting) {
                   return MakeInitialEstimator(info, KernelProbeOf(options, setting), reading);
                 });
  };
  add("condition number of the tangent kernel before training",
      {.name = "ntk-condition",
       .unit = "1",
       .direction = Direction::kLowerIsBetter,
       .citation = "Chen et al., ICLR 2021"},
      [](const ProbeResult& result) { return MeanOverRepeats(result, "eigenvalues", Condition); });
  add("smallest eigenvalue of the tangent kernel before training",
      {.name = "eigen-nas", .unit = "1", .citation = "Zhu et al., NeurIPS 2022"},
      [](const ProbeResult& result) { return MeanOverRepeats(result, "eigenvalues", Smallest); });
  add("agreement of the tangent kernel before training with the labels",
      {.name = "lga", .unit = "1", .citation = "Mok et al., CVPR 2022"},
      [](const ProbeResult& result) { return SumOf(result, "alignment"); });
}

}  // namespace mote
