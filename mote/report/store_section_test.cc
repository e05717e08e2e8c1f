#include "mote/report/store_section.h"

#include <gmock/gmock.h>

#include <cmath>

#include "mote/report/report_testing.h"

namespace mote {
namespace {

using testing::Cell;
using ::testing::ElementsAre;
using testing::Estimated;
using ::testing::HasSubstr;
using testing::OfNoise;
using testing::Probed;
using ::testing::SizeIs;

class StoreSectionTest : public ::testing::Test {
 protected:
  ReportSection SectionOfStore(const std::vector<EstimateRecord>& estimates,
                               const std::vector<ProbeRecord>& probes = {}) const {
    {
      const auto store = Store::Open(folder_ / "a.sqlite");
      store->PutEstimates(estimates);
      for (const ProbeRecord& probe : probes) store->PutProbe(probe, OfNoise());
    }
    return SectionOf(ReadStoreContent(folder_ / "a.sqlite"), "a.sqlite", world_.context());
  }

 private:
  testing::TempFolder folder_;
  testing::ReportWorld world_;
};

TEST_F(StoreSectionTest, HasAColumnPerEstimatorAndTheBestRowFirst) {
  const ReportSection section =
      SectionOfStore({Estimated(Cell(1), "tau", 5.0), Estimated(Cell(1), "loss", 3.0),
                      Estimated(Cell(2), "loss", 1.0), Estimated(Cell(2), "loss", 2.0, 1),
                      Estimated(Cell(3), "loss", Failure{FailureKind::kDiverged, "inf"})},
                     {Probed(Cell(1), 1.5)});
  const CandidateTable& table = section.candidates;
  EXPECT_THAT(table.archs, ElementsAre(Cell(2), Cell(1), Cell(3)));
  EXPECT_EQ(table.columns[0].name, "loss") << "it has most values";
  EXPECT_EQ(table.columns[0].better, Preference::kLower);
  EXPECT_EQ(table.columns[0].values[0], 1.5) << "the mean of its replicates";
  EXPECT_TRUE(std::isnan(table.columns[0].values[2]));
  EXPECT_TRUE(std::isnan(table.columns[1].values[0]));
  EXPECT_EQ(section.winner, Cell(2));
  ASSERT_THAT(section.failures, SizeIs(1));
  EXPECT_EQ(section.failures[0].reason, "diverged: inf");
  // For the 7 classes and 16x16 images of what the probes were of.
  EXPECT_THAT(table.Find("params")->help, HasSubstr("16x16 images and 7 classes"));
}

TEST_F(StoreSectionTest, NamesPresetsWhereAnEstimatorHasSeveral) {
  const ReportSection section =
      SectionOfStore({Estimated(Cell(1), "mote", 5.0), Estimated(Cell(1), "mote", 6.0, 0, "wide"),
                      Estimated(Cell(1), "params", 7.0)});
  const auto& columns = section.candidates.columns;
  ASSERT_GE(columns.size(), 3u);
  EXPECT_EQ(columns[0].name, "mote@fast");
  EXPECT_EQ(columns[1].name, "mote@wide");
  EXPECT_EQ(columns[2].name, "params-score");
}

TEST_F(StoreSectionTest, ShowsForeignTextsAndEmptyStores) {
  const ReportSection empty = SectionOfStore({});
  EXPECT_EQ(empty.candidates.rows(), 0);
  EXPECT_THAT(empty.summary, ElementsAre("The store holds no estimate yet."));
  const ReportSection foreign = SectionOfStore({Estimated("</script>", "mote", 1.0)});
  EXPECT_EQ(foreign.winner, "</script>");
  EXPECT_EQ(foreign.winner_cell, "");
  EXPECT_THAT(foreign.candidates.decisions, ElementsAre(""));
}

}  // namespace
}  // namespace mote
