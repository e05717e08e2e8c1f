#include "mote/probe/jacobian_probe.h"

#include <gtest/gtest.h>

#include <cmath>

#include "mote/probe/test_subject.h"

namespace mote {
namespace {

// f = relu(a x) + relu(b x) with a = (1, 0, -1) and b = (1, -1, 0), whose correlation is 1/2; the
// first image switches on the first unit alone, the second the other.
TEST(JacobianProbe, ByHand) {
  NetworkBuilder b({3, 1, 1});
  b.Linear("head", b.GlobalAvgPool("gap", b.Relu("relu", b.Conv("conv", 0, 2, 1, 1, 0))), 1);
  const std::vector<double> parameters = {1, 0, -1, 1, -1, 0, /*head*/ 1, 1, /*bias*/ 5};
  const std::vector<InitialBatch> batches = {
      {.images = {0, 1, -1, 0, -1, 1}, .labels = {0, 0}, .height = 1, .width = 1}};
  const auto result = MeasureBy(JacobianProbe(TinyRecipe()), b.Finish(), parameters, batches);
  ASSERT_TRUE(result);
  EXPECT_NEAR((*result)["covariance_score"][0], -2.378967, 1e-6);
}

TEST(JacobianProbe, SeesLessInACellOfFewerKinds) {
  InitialRecipe recipe = TinyRecipe();
  const auto convs = RunOnCell(JacobianProbe(recipe), "333333");
  const auto skips = RunOnCell(JacobianProbe(recipe), "111111");
  ASSERT_TRUE(convs && skips);
  // Uncorrelated slopes have the most, about -n.
  EXPECT_LT((*convs)["covariance_score"][0], -6);
  EXPECT_LT((*skips)["covariance_score"][0], -6);
  EXPECT_NE((*convs)["covariance_score"][0], (*skips)["covariance_score"][0]);
}

TEST(JacobianProbe, HasNoValueWhereNothingIsSeen) {
  const auto result = RunOnCell(JacobianProbe(TinyRecipe()), "000000");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.failure().kind, FailureKind::kUndefined);
}

}  // namespace
}  // namespace mote
