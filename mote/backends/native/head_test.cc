#include "mote/backends/native/head.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "mote/backends/native/test_isas.h"

namespace mote::native {
namespace {

class NativeHead : public OnIsa {};
MOTE_EACH_ISA(NativeHead);

constexpr float kUntouched = 77;
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct LinearShape {
  int images, channels, classes;
};
constexpr LinearShape kLinearShapes[] = {{1, 8, 2},    {64, 8, 10},   {13, 24, 16}, {3, 16, 3},
                                         {31, 32, 17}, {256, 64, 10}, {7, 64, 200}, {5, 136, 33}};

TEST_P(NativeHead, UngroupsAndRegroups) {
  for (const int group : {1, 2}) {
    for (const int images : {1, 2, 5, 8}) {
      for (const int channels : {8, 24}) {
        const int groups = (images + group - 1) / group;
        const Buffer pooled = RandomFloats(std::size_t(groups) * channels * group, 1);
        std::vector<float> features(std::size_t(images) * channels + 1, kUntouched);
        Ungroup(pooled.data(), images, channels, group, features.data());
        EXPECT_EQ(features.back(), kUntouched);
        std::vector<float> back(pooled.size() + 1, kUntouched);
        Regroup(features.data(), images, channels, group, back.data());
        EXPECT_EQ(back.back(), kUntouched);
        for (int n = 0; n < groups * group; ++n) {
          for (int c = 0; c < channels; ++c) {
            const std::size_t at = (n / group * channels + c) * group + n % group;
            if (n < images) {
              ASSERT_EQ(features[n * channels + c], pooled[at]);
            }
            ASSERT_EQ(back[at], n < images ? pooled[at] : 0);
          }
        }
      }
    }
  }
}

TEST_P(NativeHead, LinearIsWeightTimesFeaturesPlusBias) {
  for (const auto& [images, channels, classes] : kLinearShapes) {
    const Buffer features = RandomFloats(std::size_t(images) * channels, 1);
    const Buffer weight = RandomFloats(std::size_t(classes) * channels, 2);
    const Buffer bias = RandomFloats(classes, 3);
    std::vector<float> logits(std::size_t(images) * classes + 1, kUntouched);
    Linear(features.data(), images, channels, weight.data(), bias.data(), classes, logits.data());
    EXPECT_EQ(logits.back(), kUntouched);
    for (int n = 0; n < images; ++n) {
      for (int k = 0; k < classes; ++k) {
        double sum = bias[k], magnitude = std::abs(sum);
        for (int c = 0; c < channels; ++c) {
          const double term = double(weight[k * channels + c]) * features[n * channels + c];
          sum += term;
          magnitude += std::abs(term);
        }
        ASSERT_NEAR(logits[n * classes + k], sum, 1e-6 * magnitude) << n << ", " << k;
      }
    }
  }
}

TEST_P(NativeHead, LinearGradientIsThatOfTheProduct) {
  for (const auto& [images, channels, classes] : kLinearShapes) {
    SCOPED_TRACE(testing::Message() << images << ", " << channels << ", " << classes);
    const Buffer features = RandomFloats(std::size_t(images) * channels, 1);
    const Buffer weight = RandomFloats(std::size_t(classes) * channels, 2);
    const Buffer slopes = RandomFloats(std::size_t(images) * classes, 3);
    std::vector<float> weight_gradient(weight.size() + 1, kUntouched);
    std::vector<float> bias_gradient(classes + 1, kUntouched);
    std::vector<float> feature_gradient(features.size() + 1, kUntouched);
    LinearGradient(features.data(), images, channels, weight.data(), slopes.data(), classes,
                   weight_gradient.data(), bias_gradient.data(), feature_gradient.data());
    EXPECT_EQ(weight_gradient.back(), kUntouched);
    EXPECT_EQ(bias_gradient.back(), kUntouched);
    EXPECT_EQ(feature_gradient.back(), kUntouched);
    for (int k = 0; k < classes; ++k) {
      double bias_sum = 0;
      for (int n = 0; n < images; ++n) bias_sum += slopes[n * classes + k];
      ASSERT_NEAR(bias_gradient[k], bias_sum, 1e-6 * images);
      for (int c = 0; c < channels; ++c) {
        double sum = 0, magnitude = 0;
        for (int n = 0; n < images; ++n) {
          const double term = double(slopes[n * classes + k]) * features[n * channels + c];
          sum += term;
          magnitude += std::abs(term);
        }
        ASSERT_NEAR(weight_gradient[k * channels + c], sum, 1e-6 * magnitude) << k << ", " << c;
      }
    }
    for (int n = 0; n < images; ++n) {
      for (int c = 0; c < channels; ++c) {
        double sum = 0, magnitude = 0;
        for (int k = 0; k < classes; ++k) {
          const double term = double(slopes[n * classes + k]) * weight[k * channels + c];
          sum += term;
          magnitude += std::abs(term);
        }
        ASSERT_NEAR(feature_gradient[n * channels + c], sum, 1e-6 * magnitude) << n << ", " << c;
      }
    }
  }
}

TEST_P(NativeHead, CrossEntropyAndItsSlopesFollowTheFormula) {
  for (const int classes : {1, 2, 3, 10, 16, 17, 100, 200}) {
    for (const int images : {1, 7, 256}) {
      for (const double smoothing : {0.0, 0.1}) {
        for (const float scale : {1.0f, 30.0f}) {
          SCOPED_TRACE(testing::Message() << classes << " classes, " << images << " images, "
                                          << smoothing << ", " << scale);
          Buffer logits = RandomFloats(std::size_t(images) * classes, 1);
          std::vector<int> labels(images);
          for (float& x : logits) x *= scale;
          for (int n = 0; n < images; ++n) labels[n] = n * 7 % classes;
          std::vector<float> slopes(std::size_t(images) * classes + 1, kUntouched);
          const LossOptions options{.label_smoothing = smoothing};
          const EvaluationResult result =
              CrossEntropy(logits.data(), labels, classes, options, slopes.data());
          double loss = 0;
          int correct = 0;
          for (int n = 0; n < images; ++n) {
            const float* x = logits.data() + n * classes;
            const double largest = *std::max_element(x, x + classes);
            double sum = 0;
            for (int k = 0; k < classes; ++k) sum += std::exp(x[k] - largest);
            for (int k = 0; k < classes; ++k) {
              const double target = (k == labels[n] ? 1 - smoothing : 0) + smoothing / classes;
              loss -= target * (x[k] - largest - std::log(sum)) / images;
              const double slope = (std::exp(x[k] - largest) / sum - target) / images;
              ASSERT_NEAR(slopes[n * classes + k], slope, 1e-6 / images) << n << ", " << k;
            }
            correct += std::max_element(x, x + classes) - x == labels[n];
          }
          EXPECT_NEAR(result.loss, loss, 1e-6 * (1 + loss));
          EXPECT_EQ(result.correct, correct);
          EXPECT_EQ(slopes.back(), kUntouched);
          const EvaluationResult again =
              CrossEntropy(logits.data(), labels, classes, options, nullptr);
          EXPECT_EQ(again.loss, result.loss);
          EXPECT_EQ(again.correct, result.correct);
        }
      }
    }
  }
}

TEST_P(NativeHead, CrossEntropyOfEqualLogitsIsTheLogarithmOfTheClasses) {
  for (const int classes : {2, 10, 33}) {
    const std::vector<float> logits(classes, 1000.0f);
    EXPECT_NEAR(CrossEntropy(logits.data(), std::vector{1}, classes, {}, nullptr).loss,
                std::log(double(classes)), 1e-6);
  }
}

TEST_P(NativeHead, TiesGoToTheLowerClass) {
  std::vector<float> logits(40, -1);
  logits[5] = logits[21] = logits[39] = 2;
  for (int label = 0; label < 40; ++label) {
    EXPECT_EQ(CrossEntropy(logits.data(), std::vector{label}, 40, {}, nullptr).correct, label == 5)
        << label;
  }
}

TEST_P(NativeHead, LossIsNotFiniteWhereALogitIsNot) {
  for (const int classes : {2, 10, 37}) {
    for (const float bad : {kNan, kInfinity, -kInfinity}) {
      for (const int at : {0, 1, classes - 1}) {
        for (const int label : {0, classes - 1}) {
          for (const double smoothing : {0.0, 0.1}) {
            std::vector<float> logits(2 * classes, 0.5f), slopes(2 * classes);
            logits[classes + at] = bad;
            const EvaluationResult result =
                CrossEntropy(logits.data(), std::vector{0, label}, classes,
                             {.label_smoothing = smoothing}, slopes.data());
            EXPECT_FALSE(std::isfinite(result.loss)) << classes << ", " << bad << ", " << at;
            EXPECT_GE(result.correct, 1);
            EXPECT_LE(result.correct, 2);
          }
        }
      }
    }
  }
  const std::vector<float> all(20, kNan);
  EXPECT_FALSE(std::isfinite(CrossEntropy(all.data(), std::vector{3}, 20, {}, nullptr).loss));
}

TEST_P(NativeHead, RepeatsBitByBit) {
  const Buffer logits = RandomFloats(640, 1);
  std::vector<int> labels(64);
  for (int n = 0; n < 64; ++n) labels[n] = n % 10;
  Buffer first(640), second(640);
  const double loss = CrossEntropy(logits.data(), labels, 10, {}, first.data()).loss;
  EXPECT_EQ(CrossEntropy(logits.data(), labels, 10, {}, second.data()).loss, loss);
  EXPECT_EQ(std::memcmp(first.data(), second.data(), 640 * sizeof(float)), 0);
}

TEST_P(NativeHead, RefusesALabelThatIsNoClass) {
  const std::vector<float> logits(10);
  EXPECT_DEATH(CrossEntropy(logits.data(), std::vector{10}, 10, {}, nullptr), "label 10");
}

}  // namespace
}  // namespace mote::native
