#include "mote/train/schedule.h"

#include <gtest/gtest.h>

namespace mote {
namespace {

TEST(Schedule, ConstantStays) {
  const Schedule schedule{ScheduleKind::kConstant, 0.005};
  EXPECT_EQ(schedule.Rate(0, 10), 0.005);
  EXPECT_EQ(schedule.Rate(9, 10), 0.005);
}

TEST(Schedule, CosineHalvesInTheMiddle) {
  const Schedule schedule{ScheduleKind::kCosine, 0.1};
  EXPECT_DOUBLE_EQ(schedule.Rate(0, 8), 0.1);
  EXPECT_NEAR(schedule.Rate(4, 8), 0.05, 1e-15);
  EXPECT_NEAR(schedule.Rate(2, 8), 0.1 * 0.8535533905932737, 1e-15);  // (1 + cos 45 deg) / 2
}

TEST(Schedule, OneCycleRisesPeaksAndFalls) {
  const Schedule schedule{ScheduleKind::kOneCycle, 1.0};
  EXPECT_DOUBLE_EQ(schedule.Rate(0, 100), 0.04);
  EXPECT_DOUBLE_EQ(schedule.Rate(15, 100), 0.52);
  EXPECT_DOUBLE_EQ(schedule.Rate(30, 100), 1.0);
  EXPECT_NEAR(schedule.Rate(65, 100), 0.500002, 1e-12);
  EXPECT_LT(schedule.Rate(99, 100), 0.001);
}

}  // namespace
}  // namespace mote
