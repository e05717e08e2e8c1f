#include "mote/report/candidates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "mote/space/test_spaces.h"

namespace mote {
namespace {

using ::testing::ElementsAre;

TEST(TaskOfDescription, ReadsWhatDataSetsSay) {
  const auto task = TaskOfDescription("a, 7 classes, b: idx, 60 train images, 10 classes, 28x32");
  ASSERT_TRUE(task);
  EXPECT_EQ(task->classes, 10);
  EXPECT_EQ(task->height, 28);
  EXPECT_EQ(task->width, 32);
  EXPECT_EQ(task->channels, 3);
  EXPECT_FALSE(TaskOfDescription("fashion-mnist"));
  EXPECT_FALSE(TaskOfDescription(""));
}

// NAS-Bench-201 publishes 1.531546 M parameters and 220.11969 M multiply-adds for all 3x3.
TEST(AddCosts, AreTheBenchmarks) {
  CandidateTable table;
  table.archs = {
      "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|"
      "nor_conv_3x3~1|nor_conv_3x3~2|",
      "no cell"};
  AddCosts(table, *MakeNasBench201(), Task());
  EXPECT_EQ(table.Find("params")->values[0], 1531546);
  EXPECT_EQ(table.Find("macs")->values[0], 220119690);
  EXPECT_TRUE(std::isnan(table.Find("params")->values[1]));
  EXPECT_EQ(table.Find("nothing"), nullptr);
  EXPECT_EQ(table.Score(), nullptr);
}

TEST(AddDecisions, AreDigitsOfTheChoices) {
  const auto space = MakeNasBench201();
  CandidateTable table;
  table.archs = {space->Make({3, 0, 1, 4, 2, 0}).text(), "<b>"};
  AddDecisions(table, space.get());
  EXPECT_THAT(table.decisions, ElementsAre("301420", ""));
  AddDecisions(table, nullptr);
  EXPECT_THAT(table.decisions, ElementsAre("", ""));
}

TEST(ShownValue, SuitsTheSizeOfTheColumn) {
  ReportColumn column{.name = "a", .label = "a", .values = {0.5, -12.25}};
  ChooseDigits(column);
  EXPECT_EQ(ShownValue(column, -12.25), "-12.2500");
  EXPECT_EQ(ShownValue(column, NAN), "");
  column.values = {1e32, 5};
  ChooseDigits(column);
  EXPECT_EQ(ShownValue(column, 1e32), "1.0000e+32");
  EXPECT_EQ(Millions(1531546), "1.532 M");
  EXPECT_EQ(Millions(220119690), "220.1 M");
}

TEST(ScoreColumnName, StaysApartFromOtherColumns) {
  EXPECT_EQ(ScoreColumnName("mote"), "mote");
  EXPECT_EQ(ScoreColumnName("params"), "params-score");
  EXPECT_EQ(ScoreColumnName("log ranks"), "log-ranks");
  EXPECT_EQ(ScoreColumnName(""), "score");
}

}  // namespace
}  // namespace mote
