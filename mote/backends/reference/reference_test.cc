#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "mote/backends/backend.h"
#include "mote/backends/reference/forward.h"
#include "mote/backends/reference/window.h"
#include "mote/base/error.h"

namespace mote {

MOTE_BACKEND(reference);

namespace {

using testing::Each;
using testing::ElementsAre;

std::unique_ptr<Backend> Create(const std::map<std::string, std::string>& options) {
  BackendRegistry registry("backend");
  RegisterBackend_reference(registry);
  return registry.Create("reference", options);
}

Network OneLayer(Shape images, int classes) {
  NetworkBuilder b(images);
  b.Linear("linear", b.GlobalAvgPool("gap", 0), classes);
  return b.Finish();
}

TEST(Reference, ComputesInTheAskedPrecision) {
  const Network network = OneLayer({1, 1, 1}, 1);
  const std::vector<double> third = {1.0 / 3, 0};
  std::vector<double> kept(2);
  for (const auto& [precision, expected] :
       {std::pair{"double", 1.0 / 3}, std::pair{"float", double(1.0f / 3)}}) {
    const auto executor = Create({{"precision", precision}})->Compile(network, 1);
    executor->SetParameters(third);
    executor->GetParameters(kept);
    EXPECT_EQ(kept[0], expected) << precision;
  }
  EXPECT_EQ(Create({})->traits().version, Create({{"precision", "double"}})->traits().version);
  EXPECT_NE(Create({})->traits().version, Create({{"precision", "float"}})->traits().version);
  EXPECT_THROW(Create({{"precision", "half"}}), Error);
}

TEST(Reference, OutlivesTheNetworkItWasCompiledFrom) {
  auto network = std::make_unique<Network>(OneLayer({2, 3, 3}, 4));
  const auto executor = Create({})->Compile(*network, 2);
  network.reset();
  EXPECT_EQ(executor->network().classes(), 4);
  const std::vector<float> images(18, 0.5f);
  const std::vector<int> labels = {3};
  EXPECT_NEAR(executor->Evaluate({images, labels}, Statistics::kBatch).loss, std::log(4), 1e-12);
}

TEST(ReferenceDeathTest, AbortsOnBatchesThatCannotBe) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto executor = Create({})->Compile(OneLayer({1, 1, 1}, 2), 1);
  const std::vector<float> images = {0.1f, 0.2f};
  const std::vector<int> two = {0, 1};
  const std::vector<int> wrong = {2};
  const std::span<const float> image = std::span(images).first(1);
  EXPECT_DEATH(executor->Evaluate({images, two}, Statistics::kBatch), "2 images for 1");
  EXPECT_DEATH(executor->Evaluate({image, wrong}, Statistics::kBatch), "label 2");
}

TEST(Reference, ShowsThatANetworkHasDiverged) {
  NetworkBuilder b({1, 2, 2});
  b.Linear("linear", b.GlobalAvgPool("gap", b.Relu("relu", b.Conv("conv", 0, 1, 1, 1, 0))), 2);
  const auto executor = Create({})->Compile(b.Finish(), 1);
  executor->SetParameters(std::vector<double>{NAN, 1, 1, 0, 0});
  const std::vector<float> images = {0.1f, 0.2f, 0.3f, 0.4f};
  const std::vector<int> labels = {0};
  EXPECT_TRUE(std::isnan(executor->Evaluate({images, labels}, Statistics::kBatch).loss));
}

// The windows by definition: every position, every element, asked whether it is inside.
TEST(Window, VisitsExactlyThePositionsInside) {
  for (int length = 1; length <= 8; ++length) {
    for (int kernel = 1; kernel <= 5; ++kernel) {
      for (int padding = 0; padding < kernel; ++padding) {
        for (int stride = 1; stride <= 3; ++stride) {
          if (length + 2 * padding < kernel) continue;
          const int positions = (length + 2 * padding - kernel) / stride + 1;
          const Op op = {.kind = OpKind::kAvgPool,
                         .name = "pool",
                         .src = {},
                         .shape = {1, 1, positions},
                         .kernel = kernel,
                         .stride = stride,
                         .padding = padding};
          std::vector<int> inside(positions);
          for (int tap = 0; tap < kernel; ++tap) {
            const reference::Range range = reference::PositionsInside(op, tap, length, positions);
            for (int x = 0; x < positions; ++x) {
              const int src = x * stride + tap - padding;
              const bool expected = 0 <= src && src < length;
              EXPECT_EQ(range.begin <= x && x < range.end, expected)
                  << length << " " << kernel << " " << padding << " " << stride << " " << tap;
              inside[x] += expected;
            }
          }
          for (int x = 0; x < positions; ++x) {
            EXPECT_GE(inside[x], 1);
            // Of an image of one row.
            EXPECT_EQ(reference::ElementsInside(op, {1, 1, length}, 0, x), inside[x]);
          }
        }
      }
    }
  }
}

TEST(AvgPool, OfOnesIsOneAtTheBorderToo) {
  NetworkBuilder b({1, 2, 2});
  const int pool = b.AvgPool("pool", 0, 3, 1, 1);
  b.Linear("linear", b.GlobalAvgPool("gap", pool), 2);
  const Network network = b.Finish();
  std::vector<double> ones(4, 1.0);
  std::vector<double> pooled(4);
  reference::AvgPool<double>(network.op(pool), {ones.data(), 1, {1, 2, 2}},
                             {pooled.data(), 1, {1, 2, 2}});
  EXPECT_THAT(pooled, Each(1.0));
}

TEST(CopyImages, PutsChannelsFirst) {
  const std::vector<float> images = {1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60};
  std::vector<double> values(12);
  reference::CopyImages<double>(images, {values.data(), 1, {2, 2, 3}});
  EXPECT_THAT(values, ElementsAre(1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60));
}

// Values far from zero: the formula E[x^2] - mean^2 would lose all digits of the variance.
TEST(ChannelStatistics, KeepTheVarianceOfLargeValues) {
  std::vector<float> values = {10000, 10001, 10002, 10003};
  std::vector<float> mean(1);
  std::vector<float> variance(1);
  reference::ChannelStatistics<float>({values.data(), 2, {1, 1, 2}}, mean, variance);
  EXPECT_FLOAT_EQ(mean[0], 10001.5f);
  EXPECT_FLOAT_EQ(variance[0], 1.25f);
}

}  // namespace
}  // namespace mote
