#include "mote/probe/hessian_probe.h"

#include <gtest/gtest.h>

#include "mote/probe/gradient_probe.h"
#include "mote/probe/test_subject.h"

namespace mote {
namespace {

InitialRecipe PreciseRecipe() {
  InitialRecipe recipe = TinyRecipe();
  recipe.precision = Precision::kDouble;
  recipe.skeleton.norm_epsilon = 1e-12;
  return recipe;
}

// A loss that does not depend on the scale of W has W g = 0, whose derivative along g says
// ||g||^2 + W (H g) = 0. It holds across the kinks of rectifiers, too.
TEST(HessianProbe, HasTheSquaredGradientOfConvolutionsThatAreNormalised) {
  for (const bool bias : {false, true}) {
    InitialRecipe recipe = PreciseRecipe();
    recipe.skeleton.cell_conv_bias = bias;
    recipe.skeleton.cell_norm_affine = !bias;
    const auto bend = RunOnCell(HessianProbe(recipe), "323334");
    const auto slope = RunOnCell(GradientProbe(recipe), "323334");
    ASSERT_TRUE(bend && slope);
    const auto grasp = (*bend)["grasp"], norm = (*slope)["gradient_norm"];
    ASSERT_EQ(grasp.size(), norm.size());
    for (std::size_t l = 0; l + 1 < grasp.size(); ++l) {  // but for the linear operation
      EXPECT_NEAR(grasp[l] / (norm[l] * norm[l]), 1, 1e-4) << l;
    }
  }
}

TEST(HessianProbe, IsZeroWhereNothingIsSeen) {
  const auto result = RunOnCell(HessianProbe(PreciseRecipe()), "000000");
  ASSERT_TRUE(result);
  for (double value : (*result)["grasp"]) EXPECT_EQ(value, 0);
}

}  // namespace
}  // namespace mote
