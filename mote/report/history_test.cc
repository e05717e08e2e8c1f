#include "mote/report/history.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "mote/report/report_testing.h"

namespace mote {
namespace {

using testing::Cell;
using ::testing::ElementsAre;
using testing::Estimated;
using ::testing::IsEmpty;
using testing::OfNoise;
using testing::Probed;
using testing::TempFolder;

bool OnlyLoss(const std::string& estimator) { return estimator == "loss"; }

HistoryEvent Scored(const std::string& arch, std::optional<double> value,
                    std::optional<double> seconds = {}, int replicate = 0) {
  HistoryEvent event;
  event.arch = arch;
  event.estimator = "mote";
  event.value = value;
  event.seconds = seconds;
  event.replicate = replicate;
  return event;
}

TEST(CurvesOf, AddUpSecondsOfFailuresAndReplicatesToo) {
  const auto curves = CurvesOf({Scored("a", 1, 2), Scored("b", {}, 3), Scored("c", 3, 4),
                                Scored("c", 9, 5, 1), Scored("d", 2, 6)},
                               OnlyLoss);
  ASSERT_EQ(curves.size(), 1u);
  EXPECT_TRUE(curves[0].in_seconds);
  EXPECT_THAT(curves[0].archs, ElementsAre("a", "c", "d"));
  EXPECT_THAT(curves[0].x, ElementsAre(2, 9, 20));
  EXPECT_THAT(curves[0].value, ElementsAre(1, 3, 2));
  EXPECT_THAT(curves[0].best, ElementsAre(1, 3, 3));
  EXPECT_THAT(curves[0].count, ElementsAre(1, 3, 5));
}

TEST(CurvesOf, CountWhereNoSecondsAreKnown) {
  const auto curves = CurvesOf({Scored("a", 1), Scored("b", {}), Scored("c", 0)}, OnlyLoss);
  ASSERT_EQ(curves.size(), 1u);
  EXPECT_FALSE(curves[0].in_seconds);
  EXPECT_THAT(curves[0].x, ElementsAre(1, 3));
}

TEST(CurvesOf, KeepEstimatorsAndJudgementsApart) {
  HistoryEvent loss = Scored("b", 5);
  loss.estimator = "loss";
  HistoryEvent better = loss;
  better.value = 4;
  HistoryEvent judged = Scored("b", 93.5);
  judged.is_judgement = true;
  judged.estimator = "";
  const auto curves = CurvesOf({Scored("a", 1), loss, better, judged}, OnlyLoss);
  ASSERT_EQ(curves.size(), 3u);
  EXPECT_EQ(curves[1].name, "loss");
  EXPECT_EQ(curves[1].better, Preference::kLower);
  EXPECT_THAT(curves[1].best, ElementsAre(5, 4));
  EXPECT_EQ(curves[2].name, "judged accuracy");
  EXPECT_THAT(curves[2].x, ElementsAre(4));
}

TEST(CurvesOf, AreNoneOfNothing) { EXPECT_THAT(CurvesOf({}, OnlyLoss), IsEmpty()); }

TEST(ReadHistory, ReadsMembersAndCellsAlike) {
  const auto json = nlohmann::json::parse(R"([
    {"arch":"a","purpose":"score","estimator":"mote","replicate":2,"value":0.1,"core_seconds":3},
    {"arch":"b","purpose":"judge","value":null,"failure":"no row"}])");
  const std::vector<std::vector<std::string>> rows = {
      {"step", "arch", "purpose", "estimator", "replicate", "value", "failure", "core_seconds"},
      {"1", "a", "score", "mote", "2", "0.1", "", "3"},
      {"2", "b", "judge", "", "0", "", "no row", ""}};
  for (const auto& events : {ReadHistory(json, "f"), ReadHistory(rows, "f")}) {
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].replicate, 2);
    EXPECT_EQ(events[0].value, 0.1);
    EXPECT_EQ(events[0].seconds, 3.0);
    EXPECT_FALSE(events[0].is_judgement);
    EXPECT_TRUE(events[1].is_judgement);
    EXPECT_EQ(events[1].value, std::nullopt);
    EXPECT_EQ(events[1].failure, "no row");
    EXPECT_EQ(events[1].seconds, std::nullopt);
  }
}

TEST(ReadHistory, RefusesDamage) {
  EXPECT_THROW(ReadHistory(nlohmann::json::parse(R"([{"arch":"a"}])"), "f"), Error);
  EXPECT_THROW(ReadHistory(nlohmann::json::parse(R"({"a":1})"), "f"), Error);
  const std::vector<std::vector<std::string>> rows = {{"arch", "value"}, {"a", "1x"}};
  EXPECT_THROW(ReadHistory(rows, "f"), Error);
}

// Two spellings of one network share one measurement, which is counted once.
TEST(HistoryOfStore, TakesTheRunsOwnRowsAndCountsEveryMeasurementOnce) {
  TempFolder folder;
  const auto space = MakeNasBench201();
  // Only edge 3<-0 is live in both: what stands on 1<-0 does not matter.
  const std::string a = "|nor_conv_3x3~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|";
  const std::string b = "|nor_conv_1x1~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|";
  const std::string representative = space->Canonicalize(space->Parse(a)).text();
  ASSERT_EQ(space->Canonicalize(space->Parse(b)).text(), representative);
  StoreContent content;
  {
    const auto store = Store::Open(folder / "a.sqlite");
    store->PutProbe(Probed(representative, 0.5), OfNoise());
    store->PutEstimates({Estimated(b, "mote", 2.0), Estimated(a, "loss", 7.0),
                         Estimated(a, "mote", 2.0), Estimated(Cell(9), "mote", 5.0, 0, "wide"),
                         Estimated(Cell(8), "mote", Failure{FailureKind::kUndefined, "flat"})});
  }
  content = ReadStoreContent(folder / "a.sqlite");
  const auto events =
      HistoryOfStore(content, {.estimators = {"mote"}, .preset = "fast", .seed = 0}, space.get());
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].arch, b);
  EXPECT_EQ(events[0].seconds, 0.5);
  EXPECT_EQ(events[1].arch, a);
  EXPECT_EQ(events[1].seconds, 0.0);
  EXPECT_THAT(events[2].failure, ::testing::HasSubstr("flat"));
  const auto wide = HistoryOfStore(
      content, {.estimators = {"mote@wide", "loss"}, .preset = "fast", .seed = 0}, space.get());
  ASSERT_EQ(wide.size(), 2u);
  EXPECT_EQ(wide[0].estimator, "loss");
  EXPECT_EQ(wide[1].estimator, "mote@wide");
  EXPECT_THAT(
      HistoryOfStore(content, {.estimators = {"mote"}, .preset = "fast", .seed = 1}, space.get()),
      IsEmpty());
}

}  // namespace
}  // namespace mote
