#include "mote/reading/cross_entropy.h"

#include <gtest/gtest.h>

#include <cmath>

#include "mote/reading/test_values.h"

namespace mote {
namespace {

TEST(CrossEntropy, ByHand) {
  // Shares 1/4, 3/4 and 1/2, 1/2.
  const double logits[] = {0, std::log(3.0), 7, 7};
  const int labels[] = {1, 0};
  EXPECT_NEAR(MeanCrossEntropy(logits, labels), (std::log(4.0 / 3) + std::log(2.0)) / 2, 1e-15);
  const auto slopes = CrossEntropySlopes(logits, labels);
  const double expected[] = {0.125, -0.125, -0.25, 0.25};
  for (int i = 0; i < 4; ++i) EXPECT_NEAR(slopes[i], expected[i], 1e-15) << i;
}

TEST(CrossEntropy, SlopesAreThoseOfFiniteDifferences) {
  auto logits = Normals("logits", 1, 15);
  const int labels[] = {4, 0, 2};
  const auto slopes = CrossEntropySlopes(logits, labels);
  for (int i = 0; i < 15; ++i) {
    const double at = logits[i], step = 1e-6;
    logits[i] = at + step;
    const double above = MeanCrossEntropy(logits, labels);
    logits[i] = at - step;
    const double below = MeanCrossEntropy(logits, labels);
    logits[i] = at;
    EXPECT_NEAR(slopes[i], (above - below) / (2 * step), 1e-9) << i;
  }
}

TEST(CrossEntropy, HoldsForLogitsWhoseExponentialsOverflow) {
  const double logits[] = {5000, 4000};
  const int labels[] = {1};
  EXPECT_EQ(MeanCrossEntropy(logits, labels), 1000);
  EXPECT_EQ(CrossEntropySlopes(logits, labels)[1], -1);
}

}  // namespace
}  // namespace mote
