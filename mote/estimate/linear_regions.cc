// Number of linear regions (Chen, Gong, Wang: "Neural architecture search on ImageNet in four GPU
// hours: a theoretically inspired perspective" (TE-NAS), ICLR 2021, after Xiong et al., ICML 2020):
// a network of rectifiers is linear where its activation code is constant, so that the distinct
// codes of many images are a sample of how finely it divides its input.
//
// As in the authors' code, on a network of its own, whatever --network says: one cell of one
// channel that reads the image without a stem, then batch normalisation, rectifier, pooling and
// linear operation; weights from N(0, 2 / fan in). The images are squares of 3x3 pixels out of
// training images, normalised, of one random colour: 3 batches of 1000, each normalised by itself;
// mean of 3 draws of weights and squares. With whole images every one would have a region of its
// own.
//
// Deviations from the authors' code: codes are compared exactly, where it adds a matrix to its own
// transpose in place and multiplies in half precision; images are normalised by the mean and
// deviation of their own training split; operations that reach nothing are left out, whose
// rectifiers it counts; a given cell is scored, or a supernet of the strategy te-nas.
#include "mote/estimate/initial.h"
#include "mote/probe/regions_probe.h"

namespace mote {
namespace {

Skeleton ThinSkeleton() {
  Skeleton skeleton;
  skeleton.stem = false;
  skeleton.stages = {{.cells = 1, .channels = 1}};
  skeleton.head_norm_relu = true;
  return skeleton;
}

}  // namespace

MOTE_ESTIMATOR(linear_regions) {
  registry.Add("linear-regions", "activation codes that patches of images show in a thin network",
               {ImagesOption(1000),
                {.name = "batches",
                 .default_value = std::int64_t(3),
                 .help = "batches of different images",
                 .minimum = 1,
                 .maximum = 1000},
                RepeatsOption(3)},
               [](const Options& options, const Setting&) {
                 InitialRecipe recipe;
                 recipe.skeleton = ThinSkeleton();
                 recipe.batch.images = int(options.Int("images"));
                 recipe.batch.batches = int(options.Int("batches"));
                 recipe.batch.crop = 3;
                 recipe.batch.channels = 1;
                 recipe.initializer = Initializer::kKaimingNormalFanIn;
                 recipe.repeats = int(options.Int("repeats"));
                 return MakeInitialEstimator(
                     {.name = "linear-regions", .unit = "1", .citation = "Chen et al., ICLR 2021"},
                     std::make_shared<RegionsProbe>(std::move(recipe)),
                     [](const ProbeResult& result) { return SumOf(result, "regions"); });
               });
}

}  // namespace mote
