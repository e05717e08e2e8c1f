#include "mote/report/search_record.h"

#include <gmock/gmock.h>

#include "mote/report/report_testing.h"
#include "mote/report/search_section.h"

namespace mote {
namespace {

using testing::Cell;
using testing::Estimated;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::OfNoise;
using testing::Probed;

class SearchRecordTest : public ::testing::Test {
 protected:
  SearchRecordTest() {
    WriteFileAtomically(folder_ / "config.toml", "[search]\n# end\n");
    source_.folder = folder_.path();
    source_.options = {
        {"space", "nasbench201"}, {"data", "noise"},   {"preset", "fast"}, {"strategy", "random"},
        {"estimator", "mote"},    {"score-seed", "0"}, {"store", ""},      {"evaluate", "none"}};
    source_.repeat = "mote search --out NEW-FOLDER";
  }

  std::unique_ptr<Store> OpenStore() const { return Store::Open(folder_ / "store.sqlite"); }
  void WriteResult(const std::string& members) const {
    WriteFileAtomically(
        folder_ / "result.json",
        R"({"mote":{"format":1},"estimator":{"name":"mote","direction":"higher is better"},)" +
            members + "}");
  }
  SearchRecord Read() const { return ReadSearch(source_, world_.context()); }
  ReportSection Section() const { return SectionOf(Read(), "a run", world_.context()); }

  testing::TempFolder folder_;
  testing::ReportWorld world_;
  SearchFolder source_;
};

TEST_F(SearchRecordTest, IsEmptyBeforeAnythingIsScored) {
  const SearchRecord nothing = Read();
  EXPECT_EQ(nothing.state, RunState::kStopped);
  EXPECT_EQ(nothing.stage, "proposing");
  EXPECT_THAT(nothing.ranking, IsEmpty());
  EXPECT_EQ(nothing.begun.size(), 20u);
  const ReportSection section = Section();
  EXPECT_EQ(section.candidates.rows(), 0);
  EXPECT_EQ(section.winner, "");
  EXPECT_THAT(section.summary, ::testing::Contains("Nothing has a score yet."));
  EXPECT_THAT(section.summary, ::testing::Contains(HasSubstr("mote resume")));
  const auto store = OpenStore();
  EXPECT_EQ(Read().state, RunState::kRunning);
}

TEST_F(SearchRecordTest, RanksTheMeansOfWhatARunningSearchHas) {
  const auto store = OpenStore();
  store->PutProbe(Probed(Cell(1), 2), OfNoise());
  store->PutEstimates({Estimated(Cell(1), "mote", 1.0), Estimated(Cell(2), "mote", 4.0),
                       Estimated(Cell(3), "mote", 3.0),
                       Estimated(Cell(4), "mote", Failure{FailureKind::kDiverged, "loss is inf"})});
  store->PutEstimates({Estimated(Cell(2), "mote", 1.0, 1)});
  const SearchRecord record = Read();
  EXPECT_EQ(record.state, RunState::kRunning);
  EXPECT_EQ(record.stage, "replicating");
  ASSERT_EQ(record.ranking.size(), 3u);
  EXPECT_EQ(record.ranking[0].arch, Cell(3));
  EXPECT_EQ(record.ranking[1].arch, Cell(2));
  EXPECT_EQ(record.ranking[1].score, 2.5);
  EXPECT_EQ(record.ranking[1].replicates, 2);
  ASSERT_EQ(record.failures.size(), 1u);
  EXPECT_EQ(record.failures[0].arch, Cell(4));
  EXPECT_THAT(record.failures[0].reason, HasSubstr("loss is inf"));
  EXPECT_EQ(record.networks, 1);
  EXPECT_EQ(record.seconds, 2);
  EXPECT_EQ(record.data, OfNoise().dataset);
}

TEST_F(SearchRecordTest, TakesResultAndHistoryOfAFinishedOne) {
  WriteResult(R"("winner_stays_first":0.5,"ranking":[{"arch":")" + Cell(7000) +
              R"(","score":2.5,"replicates":3,"judged_accuracy":91.5},{"arch":")" + Cell(5) +
              R"(","score":1.5,"replicates":1}],"history":[{"arch":")" + Cell(5) +
              R"(","purpose":"score","estimator":"mote","value":1.5,"core_seconds":2},{"arch":")" +
              Cell(7000) +
              R"(","purpose":"score","estimator":"mote","value":2,"core_seconds":1},{"arch":")" +
              Cell(6) + R"(","purpose":"judge","value":null,"failure":"no row"}])");
  const SearchRecord record = Read();
  EXPECT_EQ(record.state, RunState::kFinished);
  EXPECT_EQ(record.stage, "done");
  EXPECT_EQ(record.seconds, 3);
  ASSERT_EQ(record.failures.size(), 1u);
  EXPECT_EQ(record.failures[0].what, "judging");

  const ReportSection section = Section();
  EXPECT_EQ(section.winner, Cell(7000));
  EXPECT_THAT(section.winner_cell, HasSubstr("<svg"));
  EXPECT_EQ(section.candidates.Find("judged")->values[0], 91.5);
  EXPECT_EQ(section.candidates.Find("seconds")->values[1], 2);
  EXPECT_EQ(section.candidates.Find("order")->values[0], 2);
  ASSERT_EQ(section.curves.size(), 1u);
  EXPECT_THAT(section.curves[0].x, ::testing::ElementsAre(2, 3));
  EXPECT_THAT(section.summary, ::testing::Contains(HasSubstr("first in 50 %")));
}

// history.csv is written before result.json: what the ranking is by may be no estimator.
TEST_F(SearchRecordTest, TakesHistoryFromItsFileAndRankingFromItsName) {
  source_.history = {{"arch", "purpose", "estimator", "replicate", "value", "core_seconds"},
                     {Cell(5), "score", "loss", "0", "0.5", "1"}};
  WriteResult(
      R"("ranked_by":{"name":"log ranks","direction":"lower is better"},"ranking":[{"arch":")" +
      Cell(5) + R"(","score":1.5,"replicates":1}])");
  const SearchRecord record = Read();
  EXPECT_EQ(record.better, Preference::kLower);
  EXPECT_EQ(record.score_name, "log ranks");
  ASSERT_EQ(record.history.size(), 1u);
  const ReportSection section = Section();
  EXPECT_EQ(section.candidates.columns[0].name, "log-ranks");
  EXPECT_EQ(section.curves[0].better, Preference::kLower);
}

// What is asked of supernets takes its time, but makes no candidates.
TEST_F(SearchRecordTest, TakesSupernetsForNoCandidates) {
  const std::string supernet =
      "|skip_connect,nor_conv_3x3~0|+|nor_conv_3x3~0|none~1|+|none~0|nor_conv_3x3~1|none~2|";
  const auto store = OpenStore();
  EstimateRecord estimate = Estimated(supernet, "mote", 9.0, 1);
  estimate.space = "nasbench201-supernet";
  ProbeRecord probe = Probed(supernet, 2, 1);
  probe.space = "nasbench201-supernet";
  store->PutProbe(probe, OfNoise());
  store->PutEstimates({estimate});
  SearchRecord record = Read();
  EXPECT_THAT(record.ranking, IsEmpty());
  EXPECT_EQ(record.stage, "proposing");
  EXPECT_EQ(record.seconds, 2);
  EXPECT_THAT(Section().curves, IsEmpty());

  source_.history = {{"arch", "purpose", "estimator", "replicate", "value", "core_seconds"},
                     {supernet, "score", "mote", "0", "9", "2"}};
  WriteResult(R"("ranked_by":{"name":"sum of ranks","direction":"higher is better"},)"
              R"("ranking":[{"arch":")" +
              Cell(7000) + R"(","score":4,"replicates":3}])");
  record = Read();
  ASSERT_EQ(record.ranking.size(), 1u);
  const ReportSection section = Section();
  EXPECT_EQ(section.winner, Cell(7000));
  EXPECT_THAT(section.winner_cell, HasSubstr("<svg"));
  EXPECT_THAT(section.curves, IsEmpty());
  EXPECT_EQ(record.seconds, 2);
}

TEST_F(SearchRecordTest, RefusesAResultThatIsNone) {
  for (const char* text : {"", "{}", "[1]", R"({"estimator":{},"ranking":[{"arch":3}]})"}) {
    WriteFileAtomically(folder_ / "result.json", text);
    EXPECT_THROW(Read(), Error) << text;
  }
}

TEST_F(SearchRecordTest, NeedsNoStore) {
  source_.options.back() = {"evaluate", "none"};
  for (auto& [name, value] : source_.options) {
    if (name == "store") value = "none";
  }
  EXPECT_EQ(source_.Store(), "");
  WriteResult(R"("ranking":[])");
  EXPECT_EQ(Read().state, RunState::kFinished);
}

}  // namespace
}  // namespace mote
