#include "mote/base/log_rank.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

namespace mote {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(LogRanks, ByHand) {
  const std::vector<std::optional<double>> values = {3.0, 1.0, 3.0, 7.0};
  EXPECT_THAT(RanksFromLowest(values), ElementsAre(2.5, 1, 2.5, 4));
  EXPECT_THAT(LogRanks(values),
              ElementsAre(DoubleNear(std::log(2.5 / 4), 1e-15), DoubleNear(std::log(0.25), 1e-15),
                          DoubleNear(std::log(2.5 / 4), 1e-15), 0));
}

TEST(LogRanks, WhatHasNoValueIsLowestAndTies) {
  const std::vector<std::optional<double>> values = {std::nullopt, -5.0,       kInfinity,
                                                     std::nullopt, -kInfinity, std::nan("")};
  EXPECT_THAT(RanksFromLowest(values), ElementsAre(3, 6, 3, 3, 3, 3));
}

TEST(LogRanks, OfNothing) { EXPECT_THAT(LogRanks({}), IsEmpty()); }

}  // namespace
}  // namespace mote
