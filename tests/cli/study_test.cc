// Estimates without training, rankings, and the studies that compare them.
#include <algorithm>
#include <cmath>

#include "tests/cli/program.h"

namespace mote {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

const Words kCells = {"--arch", "333333", "312034", "111111", "000000"};

class EstimatesTest : public ProgramTest {
 protected:
  EstimatesTest() {
    Write("table.csv",
          "arch,accuracy\n"
          "333333,95\n"
          "333033,94\n"
          "111333,90\n"
          "111133,91\n"
          "111113,80\n"
          "111111,60\n");
  }
  // By cell, the value of a column.
  std::map<std::string, nlohmann::json> Score(const Words& more, const std::string& column) const {
    const Finished finished =
        Mote(Words{"score", "--format", "json", "--network", "faster"} + kCells + Cheap() + more);
    ExpectDone(finished);
    std::map<std::string, nlohmann::json> values;
    const auto rows = ParseJson(finished.out)["rows"];
    for (const auto& row : rows) values[row["arch"]] = row[column];
    return values;
  }
};

TEST_F(EstimatesTest, AreOfTheNetworkAskedFor) {
  const auto small = Score({"--estimator", "snip"}, "snip");
  ASSERT_EQ(small.size(), 4u);
  const Finished other =
      Mote(Words{"score", "--format", "json", "--network", "wide", "--estimator", "snip"} + kCells +
           Cheap());
  ExpectDone(other);
  const auto others = ParseJson(other.out)["rows"];
  for (const auto& row : others) {
    if (row["snip"] == 0) continue;  // reaches nothing in either
    EXPECT_NE(row["snip"], small.at(row["arch"])) << row;
  }
}

TEST_F(EstimatesTest, AskedForTogetherAreThoseOfEachAlone) {
  const Words together = {"--estimator", "snip,grad-norm,naswot,mote@fast,mote"};
  for (const char* name : {"snip", "grad-norm", "naswot", "mote@fast"}) {
    EXPECT_EQ(Score(together, name), Score({"--estimator", name}, name)) << name;
  }
  EXPECT_NE(Score(together, "mote@fast"), Score(together, "mote"));
}

// Of four cells: the ranks of each estimator from the worst, and the sum of their logarithms.
TEST_F(EstimatesTest, AreJoinedByRank) {
  const auto aggregate =
      Score({"--estimator", "params", "--aggregate", "params,conv-edges"}, "aggregate");
  // Parameters rank 333333, 312034, then the two without convolutions, tied; conv-edges likewise.
  std::vector<double> values;
  for (const auto& [cell, value] : aggregate) values.push_back(value);
  EXPECT_THAT(values, Contains(0.0));
  EXPECT_THAT(values, Contains(testing::DoubleNear(2 * std::log(3.0 / 4), 1e-9)));
  EXPECT_THAT(values, Contains(testing::DoubleNear(2 * std::log(1.5 / 4), 1e-9)).Times(2));
}

TEST_F(EstimatesTest, RefuseWhatCannotBeMeant) {
  ExpectRefusal(Mote(Words{"score", "--estimator", "snip", "--network", "huge"} + kCells), 2,
                {"--network huge", "full, reduced", "fast"});
  ExpectRefusal(Mote(Words{"score", "--estimator", "mote@nothing"} + kCells), 2,
                {"preset 'nothing'"});
  ExpectRefusal(Mote(Words{"search", "--estimator", "te-nas"} + Cheap()), 2,
                {"te-nas ranks architectures against each other", "mote"});
}

TEST_F(EstimatesTest, AreComparedAllAtOnceWithTheirCost) {
  const Finished finished =
      Mote(Words{"correlate", "--table", "table.csv", "--target", "accuracy", "--all", "--network",
                 "faster", "--estimator", "snip,grad-norm,az-nas", "--chart", "charts/tau.svg",
                 "--format", "json"} +
           Cheap());
  ExpectDone(finished);
  std::map<std::string, nlohmann::json> rows;
  const auto found = ParseJson(finished.out)["rows"];
  for (const auto& row : found) rows[row["estimator"]] = row;
  for (const char* name : {"snip", "grad-norm", "az-nas"}) {
    ASSERT_TRUE(rows.contains(name)) << name;
    EXPECT_GT(rows[name]["core_s"], 0) << name;
  }
  EXPECT_EQ(rows["params"]["core_s"], 0);
  EXPECT_THAT(Read("charts/tau.csv"), HasSubstr("snip,accuracy,"));
  EXPECT_THAT(finished.err, HasSubstr("charts/tau.csv"));
}

TEST_F(EstimatesTest, DriftIsStudiedAndStopsNothingTwice) {
  const Words study =
      Words{"study",   "ntk-drift",     "--table", "table.csv",       "--target", "accuracy",
            "--all",   "--checkpoints", "0,1,2",   "--kernel-images", "8",        "--seeds",
            "1",       "--format",      "csv",     "--out",           "drift",    "--store",
            "s.sqlite"} +
      Words{"--data", "noise", "--preset", "faster", "--set", "faster.images=64"};
  const Finished finished = Mote(study);
  ExpectDone(finished);
  // Four curves at three checkpoints, four at the two after training began.
  EXPECT_EQ(Lines(finished.out).size(), 1u + 4 * 3 + 4 * 2);
  EXPECT_THAT(Read("drift/ntk-drift.csv"), HasSubstr("accuracy,TSE,"));
  EXPECT_THAT(Read("drift/findings.txt"), HasSubstr("accuracy: The condition number ranks"));
  // Which cells is an option of a group.
  const auto about = ParseJson(Read("drift/about.json"));
  EXPECT_EQ(about["configuration"]["all"], "true");
  EXPECT_EQ(about["repeat"].get<std::string>(),
            "mote study ntk-drift --table table.csv --target accuracy --data noise --preset faster "
            "--set faster.images=64 --checkpoints 0,1,2 --seeds 1 --kernel-images 8 --all --out "
            "NEW-FOLDER");
  const Finished again = Mote(study);
  ExpectDone(again);
  EXPECT_EQ(again.out, finished.out);
}

TEST_F(EstimatesTest, ReductionIsStudiedFactorByFactor) {
  const Words study =
      Words{"study",    "reduction", "--table",   "table.csv",   "--target", "accuracy", "--all",
            "--seeds",  "1",         "--factors", "epochs,data", "--out",    "red",      "--store",
            "s.sqlite", "--format",  "csv",       "--data",      "noise"} +
      Words{"--preset", "faster", "--set", "faster.images=64"};
  const Finished finished = Mote(study);
  ExpectDone(finished);
  // The unchanged recipe of 5 epochs, 2, 10 and 40 of them, and noise of the recipe's own.
  EXPECT_EQ(Lines(finished.out).size(), 1u + 1 + 3 + 1);
  EXPECT_THAT(Read("red/reduction.csv"), HasSubstr("epochs,epochs 40,"));
  EXPECT_THAT(Read("red/findings.txt"), HasSubstr("On one half of the classes"));
  EXPECT_EQ(Mote(study).out, finished.out);
  ExpectRefusal(Mote(study + Words{"--factors", "colour"}), 2, {"'colour'", "epochs"});
}

TEST_F(EstimatesTest, AFlagThatIsNotSetIsNotRepeated) {
  ExpectDone(Mote(Words{"landscape", "333333", "--side", "3", "--filter-normalised=false", "--out",
                        "maps", "--quiet"} +
                  Cheap()));
  const auto about = ParseJson(Read("maps/about.json"));
  EXPECT_EQ(about["configuration"]["filter-normalised"], "false");
  EXPECT_THAT(about["repeat"].get<std::string>(),
              AllOf(testing::StartsWith("mote landscape 333333 "), Not(HasSubstr("filter"))));
}

TEST_F(EstimatesTest, LandscapesAreDrawnSideBySide) {
  const Finished finished = Mote(Words{"landscape", "333333", "111111", "000000", "--side", "5",
                                       "--out", "maps", "--format", "json"} +
                                 Cheap());
  ExpectDone(finished);
  const auto rows = ParseJson(finished.out)["rows"];
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_LE(rows[0]["plane_lowest"], rows[0]["plane_highest"]);
  EXPECT_TRUE(rows[2]["trained_loss"].is_null());
  EXPECT_THAT(finished.err, HasSubstr("the landscape is flat"));
  // Two maps of 25 places, each with a path.
  const std::string csv = Read("maps/landscape.csv");
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 1 + 2 * (25 + 2));
  EXPECT_THAT(Read("maps/line.csv"), HasSubstr("conv_3x3 conv_3x3"));
}

}  // namespace
}  // namespace mote
