#include <gtest/gtest.h>

#include "mote/estimate/test_estimates.h"

namespace mote {

MOTE_ESTIMATOR(jacob_cov);
MOTE_ESTIMATOR(loss_gradient);

namespace {

TEST(JacobCov, LooksAtTheNetworkAndImagesOfSnip) {
  const auto own = MakeEstimator(RegisterEstimator_jacob_cov, "jacob-cov");
  EXPECT_EQ(OptionsOfProbe(*own),
            OptionsOfProbe(*MakeEstimator(RegisterEstimator_loss_gradient, "snip")));
  EXPECT_EQ(*ReadMade(*own, {{"covariance_score", {-65}}, {"repeats", {1}}}), -65);
}

TEST(JacobCov, HasNoValueWhereLogitsIgnoreTheImage) {
  const auto value = EstimateCell(RegisterEstimator_jacob_cov, "jacob-cov", "000000");
  ASSERT_FALSE(value);
  EXPECT_EQ(value.failure().kind, FailureKind::kUndefined);
}

}  // namespace
}  // namespace mote
