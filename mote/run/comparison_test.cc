#include "mote/run/comparison.h"

#include <gtest/gtest.h>

namespace mote {
namespace {

const std::vector<double> kTruths = {1, 2, 3, 4, 5, 6};
const std::vector<int> kEveryone = {0, 1, 2, 3, 4, 5};

Contender Made(const char* name, std::vector<std::vector<std::optional<double>>> scores) {
  return {name, std::move(scores)};
}

TEST(Compare, MeansOverSeeds) {
  const auto perfect = std::vector<std::optional<double>>{1, 2, 3, 4, 5, 6};
  const auto reversed = std::vector<std::optional<double>>{6, 5, 4, 3, 2, 1};
  const auto rows = Compare({Made("both", {perfect, reversed}), Made("one", {perfect})}, kTruths,
                            kEveryone, nullptr, Key(0, "test"));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_DOUBLE_EQ(*rows[0].mean.tau, 0);
  EXPECT_DOUBLE_EQ(*rows[1].mean.tau, 1);
  EXPECT_FALSE(rows[0].lead);
}

TEST(Compare, LeadsOverAReferenceArePaired) {
  // Reference: one swapped neighbouring pair of 15: tau 13/15.
  const Contender reference = Made("reference", {{2, 1, 3, 4, 5, 6}});
  const auto rows = Compare({Made("perfect", {{1, 2, 3, 4, 5, 6}}), reference}, kTruths, kEveryone,
                            &reference, Key(0, "test"));
  EXPECT_NEAR(*rows[0].lead, 2.0 / 15, 1e-12);
  EXPECT_DOUBLE_EQ(*rows[1].lead, 0);
  // Against itself nothing varies: the interval is a point, which unpaired it would not be.
  EXPECT_DOUBLE_EQ(rows[1].lead_interval->low, 0);
  EXPECT_DOUBLE_EQ(rows[1].lead_interval->high, 0);
  EXPECT_GE(rows[0].lead_interval->low, 0);
}

TEST(Compare, TakesTheMembersOnly) {
  const auto rows = Compare({Made("late", {{9, 8, 7, 1, 2, 3}})}, kTruths,
                            std::vector<int>{3, 4, 5}, nullptr, Key(0, "test"));
  EXPECT_EQ(rows[0].mean.count, 3);
  EXPECT_DOUBLE_EQ(*rows[0].mean.tau, 1);
}

TEST(Compare, MissingScoresRankLast) {
  const auto rows = Compare({Made("gap", {{std::nullopt, -5, -4, -3, -2, -1}})}, kTruths, kEveryone,
                            nullptr, Key(0, "test"));
  EXPECT_DOUBLE_EQ(*rows[0].mean.tau, 1);
}

}  // namespace
}  // namespace mote
