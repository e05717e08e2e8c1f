// The example of CONTRIBUTING.md compiles, registers, reads, and is what the page shows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mote/base/file.h"
#include "mote/estimate/estimator.h"
#include "mote/space/test_spaces.h"

namespace mote {

MOTE_ESTIMATOR(conv_depth);

namespace {

using ::testing::HasSubstr;

std::unique_ptr<Estimator> MakeExample(const std::map<std::string, std::string>& options = {}) {
  EstimatorRegistry registry("estimator");
  RegisterEstimator_conv_depth(registry);
  const Preset preset;
  return registry.Create("conv-depth", options, Setting{preset});
}

Outcome<double> Read(const Estimator& estimator, const char* cell) {
  const auto space = MakeNasBench201();
  const Architecture architecture = space->Parse(cell);
  return estimator.Read({*space, architecture, Task()}, {});
}

TEST(EstimatorExample, CountsTheLongestChainOfConvolutions) {
  const auto estimator = MakeExample();
  EXPECT_EQ(estimator->info().name, "conv-depth");
  EXPECT_TRUE(estimator->Needs().empty());
  // The stem's convolution, then 0 -> 1 -> 2 -> 3.
  EXPECT_EQ(*Read(*estimator,
                  "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_1x1~1|+"
                  "|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|"),
            4);
  // Only 0 -> 3 is live; the convolution of 0 -> 1 leads nowhere.
  EXPECT_EQ(*Read(*estimator, "|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|"),
            1);
}

TEST(EstimatorExample, ReadsItsOption) {
  EXPECT_EQ(*Read(*MakeExample({{"cells", "3"}}),
                  "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|"),
            4);
  EXPECT_THROW(MakeExample({{"cells", "0"}}), Error);
}

TEST(EstimatorExample, FailsWhereItHasNoValue) {
  const Outcome<double> outcome =
      Read(*MakeExample(), "|nor_conv_3x3~0|+|none~0|none~1|+|none~0|none~1|none~2|");
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.failure().kind, FailureKind::kUndefined);
}

TEST(EstimatorExample, IsWhatTheGuideShows) {
  const std::string root = MOTE_SOURCE_DIR;
  const std::string guide = ReadFile(root + "/CONTRIBUTING.md");
  const std::string source = ReadFile(root + "/examples/estimator_example.cc");
  const std::string fence = "```cpp\n";
  const std::size_t start = guide.find(fence);
  ASSERT_NE(start, std::string::npos);
  const std::size_t first = start + fence.size();
  EXPECT_EQ(guide.substr(first, guide.find("```\n", first) - first), source)
      << "copy examples/estimator_example.cc into the first cpp block of CONTRIBUTING.md";
  EXPECT_THAT(guide, HasSubstr("mote_component(estimator conv_depth)"));
}

}  // namespace
}  // namespace mote
