#include "mote/probe/knas_released_probe.h"

#include <gtest/gtest.h>

#include <cmath>

#include "mote/probe/test_subject.h"
#include "mote/reading/knas_released.h"

namespace mote {
namespace {

constexpr int kFeatures = 60;

Network Linear() {
  NetworkBuilder b({kFeatures, 1, 1});
  b.Linear("head", b.GlobalAvgPool("gap", 0), 2);
  return b.Finish();
}

std::vector<InitialBatch> SingleImages() {
  std::vector<InitialBatch> batches;
  Rng rng(Key(7, "labels"));
  for (int b = 0; b < kKnasImages; ++b) {
    batches.push_back({.images = RandomNumbers(kFeatures, "image" + std::to_string(b)),
                       .labels = {int(rng.Below(2))},
                       .height = 1,
                       .width = 1});
  }
  return batches;
}

// dL/dW_ck = (p_c - [c = y]) x_k; the first 50 numbers of W are of class 0.
TEST(KnasReleasedProbe, EqualsWhatALinearNetworkHasByHand) {
  const Network network = Linear();
  std::vector<double> parameters = RandomNumbers(network.parameter_count(), "weights");
  for (double& value : parameters) value *= 0.1;
  const auto batches = SingleImages();
  const auto result = MeasureBy(KnasReleasedProbe(TinyRecipe()), network, parameters, batches);
  ASSERT_TRUE(result);
  EXPECT_EQ((*result)["coordinates"][0], 50);

  std::vector<double> slopes;  // p_0 - [0 = y] of each image
  for (const InitialBatch& batch : batches) {
    double logits[2];
    for (int c = 0; c < 2; ++c) {
      logits[c] = parameters[2 * kFeatures + c];
      for (int k = 0; k < kFeatures; ++k) {
        logits[c] += parameters[c * kFeatures + k] * batch.images[k];
      }
    }
    slopes.push_back(1 / (1 + std::exp(logits[1] - logits[0])) - (batch.labels[0] == 0));
  }
  double sum = 0;
  for (int k = 0; k < 50; ++k) {
    double product = 0, first = 0, second = 0;
    for (int i = 0; i < 25; ++i) {
      const double u = slopes[i] * batches[i].images[k];
      const double v = slopes[25 + i] * batches[25 + i].images[k];
      product += u * v;
      first += u;
      second += v;
    }
    sum += product - first * second / 25;
  }
  EXPECT_NEAR((*result)["covariance"][0], sum / 2500, 1e-14);
}

TEST(KnasReleasedProbe, RunsOnImagesOneByOne) {
  InitialRecipe recipe = TinyRecipe();
  recipe.batch.images = 1;
  recipe.batch.batches = kKnasImages;  // more than there are: some come twice
  const auto result = RunOnCell(KnasReleasedProbe(recipe), "333333");
  ASSERT_TRUE(result);
  EXPECT_TRUE(std::isfinite((*result)["covariance"][0]));
  EXPECT_NE((*result)["covariance"][0], 0);
  EXPECT_TRUE(RunOnCell(KnasReleasedProbe(recipe), "000000"));
}

}  // namespace
}  // namespace mote
