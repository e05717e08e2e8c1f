// The Hessian times the gradient, which GraSP reads, by central differences of two gradients of
// each backend's tape, beside libtorch's differentiation of the gradient itself.
#include <gtest/gtest.h>

#include <string>

#include "mote/backends/backend.h"
#include "mote/probe/hessian_gradient.h"
#include "mote/reading/cross_entropy.h"
#include "mote/space/search_space.h"
#include "tests/oracle/autograd_network.h"
#include "tests/oracle/oracle_inputs.h"

namespace mote {
MOTE_BACKEND(native);
MOTE_BACKEND(reference);
MOTE_SPACE(nasbench201);
}  // namespace mote

namespace mote::oracle {
namespace {

constexpr int kImages = 6;

std::unique_ptr<Backend> MakeBackend(const std::string& name) {
  BackendRegistry registry("backend");
  RegisterBackend_native(registry);
  RegisterBackend_reference(registry);
  return registry.Create(name, {});
}

class HessianTest : public testing::TestWithParam<std::string> {};

TEST_P(HessianTest, TimesGradientIsThatOfDifferentiatingTwice) {
  SpaceRegistry spaces("space");
  RegisterSpace_nasbench201(spaces);
  const auto space = spaces.Create("nasbench201", {});
  Skeleton skeleton = RowSkeleton(2, 8);
  skeleton.cell_conv_bias = true;
  skeleton.cell_norm_affine = false;
  const auto backend = MakeBackend(GetParam());
  for (const char* cell : {"333333", "312034", "130432"}) {
    const Network network =
        space->Build(space->Parse(cell), skeleton, {.height = 8, .width = 8, .classes = 4});
    const Images images = RandomImages(network, kImages, cell);
    const std::vector<double> parameters = RandomParameters(network, cell);
    const auto tape = backend->Record(network, kImages, Precision::kDouble);
    const std::vector<double> pixels(images.pixels.begin(), images.pixels.end());
    const auto measured = MeasureHessianGradient(
        *tape, parameters, pixels, kImages,
        [&](std::span<const double> logits) { return CrossEntropySlopes(logits, images.labels); });
    ASSERT_TRUE(measured) << cell;
    const auto expected = HessianTimesGradient(network, parameters, images.batch());
    ASSERT_GT(Norm(expected), 0) << cell;
    EXPECT_LT(Distance(measured->hessian_gradient, expected), 1e-5 * Norm(expected)) << cell;
  }
}

// With as many units as the benchmark's network has, a step must be short to push none through
// zero: each that changes sides adds what differentiating does not see.
TEST(Hessian, TimesGradientHoldsForTheWholeBenchmarkNetwork) {
  constexpr int kBatch = 16;
  SpaceRegistry spaces("space");
  RegisterSpace_nasbench201(spaces);
  const auto space = spaces.Create("nasbench201", {});
  const char* cell =
      "|skip_connect~0|+|avg_pool_3x3~0|nor_conv_1x1~1|+|none~0|nor_conv_3x3~1|nor_conv_1x1~2|";
  const Network network = space->Build(space->Parse(cell), ZeroCostSkeleton(), Task());
  const Images images = RandomImages(network, kBatch, "benchmark");
  const std::vector<double> parameters = RandomParameters(network, "benchmark");
  const auto tape = MakeBackend("native")->Record(network, kBatch, Precision::kDouble);
  const std::vector<double> pixels(images.pixels.begin(), images.pixels.end());
  const auto measured = MeasureHessianGradient(
      *tape, parameters, pixels, kBatch,
      [&](std::span<const double> logits) { return CrossEntropySlopes(logits, images.labels); });
  ASSERT_TRUE(measured);
  const auto expected = HessianTimesGradient(network, parameters, images.batch());
  EXPECT_LT(Distance(measured->hessian_gradient, expected), 1e-3 * Norm(expected));
}

INSTANTIATE_TEST_SUITE_P(Backends, HessianTest, testing::Values("native", "reference"),
                         [](const auto& name) { return name.param; });

}  // namespace
}  // namespace mote::oracle
