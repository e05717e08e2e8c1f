#include <gtest/gtest.h>

#include <cmath>

#include "mote/estimate/test_estimates.h"

namespace mote {

MOTE_ESTIMATOR(tangent_kernel);

namespace {

constexpr const char* kNames[] = {"ntk-condition", "eigen-nas", "lga"};

std::unique_ptr<Estimator> Make(const std::string& name, const OptionTexts& options = {}) {
  return MakeEstimator(RegisterEstimator_tangent_kernel, name, options);
}

double Read(const std::string& name, ProbeResult::Series series) {
  return *ReadMade(*Make(name), std::move(series));
}

TEST(TangentKernelEstimates, AreMeansOverRepeats) {
  const ProbeResult::Series made = {{"eigenvalues", {0.381966, 1, 2.618034, 2, 3, 4}},
                                    {"alignment", {0.5, -0.25}},
                                    {"repeats", {2}}};
  EXPECT_NEAR(Read("ntk-condition", made), (6.854102 + 2) / 2, 1e-5);
  EXPECT_NEAR(Read("eigen-nas", made), (0.381966 + 2) / 2, 1e-12);
  EXPECT_DOUBLE_EQ(Read("lga", made), 0.125);
  EXPECT_EQ(Make("ntk-condition")->info().direction, Direction::kLowerIsBetter);
  EXPECT_EQ(Make("eigen-nas")->info().direction, Direction::kHigherIsBetter);
  EXPECT_EQ(Make("lga")->info().direction, Direction::kHigherIsBetter);
}

TEST(TangentKernelEstimates, AreInfiniteOrZeroWhereTheKernelIsSingular) {
  const ProbeResult::Series made = {{"eigenvalues", {0, 1, 1, 2}}, {"repeats", {2}}};
  EXPECT_TRUE(std::isinf(Read("ntk-condition", made)));
  EXPECT_DOUBLE_EQ(Read("eigen-nas", made), 0.5);
  EXPECT_TRUE(std::isinf(Read("ntk-condition", {{"eigenvalues", {0, 0}}, {"repeats", {1}}})));
}

TEST(TangentKernelEstimates, ShareOneRunUnlessOptionsDiffer) {
  const auto shared = OptionsOfProbe(*Make("ntk-condition"));
  for (const char* name : kNames) {
    EXPECT_EQ(OptionsOfProbe(*Make(name)), shared) << name;
    EXPECT_NE(OptionsOfProbe(*Make(name, {{"norm", "frozen"}})), shared);
    EXPECT_NE(OptionsOfProbe(*Make(name, {{"images", "50"}})), shared);
    EXPECT_NE(OptionsOfProbe(*Make(name, {{"repeats", "1"}})), shared);
    EXPECT_NE(OptionsOfProbe(*Make(name, {{"precision", "float"}})), shared);
  }
  Skeleton thin = BenchmarkSkeleton();
  for (std::size_t s = 0; s < 3; ++s) {
    thin.stages[s].cells = 1;
    thin.stages[s].channels = 3 << s;
  }
  EXPECT_EQ(shared["skeleton"], thin.ToJson());
  EXPECT_EQ(shared["batch"]["images"], 72);
  EXPECT_EQ(shared["batch"]["augment"], true);
  EXPECT_EQ(shared["initializer"], "kaiming-normal-fan-out");
  EXPECT_EQ(shared["repeats"], 3);
  EXPECT_EQ(shared["norm"], "batch");
  EXPECT_EQ(shared["precision"], "double");
}

Outcome<double> ValueOf(const std::string& name, const std::string& cell, const std::string& norm) {
  return EstimateCell(RegisterEstimator_tangent_kernel, name, cell,
                      {{"images", "6"}, {"repeats", "2"}, {"norm", norm}});
}

TEST(TangentKernelEstimates, HaveAStatedValueForEveryCell) {
  for (const char* norm : {"batch", "frozen"}) {
    EXPECT_TRUE(std::isinf(*ValueOf("ntk-condition", "000000", norm)));
    EXPECT_EQ(*ValueOf("eigen-nas", "000000", norm), 0);
    EXPECT_EQ(*ValueOf("lga", "000000", norm), 0);
    EXPECT_GT(*ValueOf("ntk-condition", "312034", norm), 1);
    EXPECT_GT(*ValueOf("eigen-nas", "312034", norm), 0);
    EXPECT_LT(std::abs(*ValueOf("lga", "312034", norm)), 1);
  }
}

// Nothing but a mean follows the last normalisation of these networks.
TEST(TangentKernelEstimates, AreDegenerateOfAFixedSumOfLogits) {
  for (const char* cell : {"111111", "333333"}) {
    EXPECT_TRUE(std::isinf(*ValueOf("ntk-condition", cell, "batch"))) << cell;
    EXPECT_EQ(*ValueOf("eigen-nas", cell, "batch"), 0) << cell;
    EXPECT_TRUE(std::isfinite(*ValueOf("ntk-condition", cell, "frozen"))) << cell;
    EXPECT_GT(*ValueOf("eigen-nas", cell, "frozen"), 0) << cell;
  }
}

}  // namespace
}  // namespace mote
