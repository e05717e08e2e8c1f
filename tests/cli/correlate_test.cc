// Scores against a table of truths.
#include "tests/cli/program.h"

namespace mote {
namespace {

class CorrelateTest : public ProgramTest {
 protected:
  CorrelateTest() {
    // Accuracy follows the number of convolutions but for one pair; 300000 has two dangling edges.
    Write("table.csv",
          "arch,index,accuracy,half,bad\n"
          "333333,1,95,95,1\n"
          "333033,2,94,94,nan\n"
          "330033,3,93,,3\n"
          "111333,4,90,90,4\n"
          "111133,5,91,91,5\n"
          "111113,6,80,80,6\n"
          "111111,7,60,60,7\n"
          "330000,8,10,10,8\n");
  }
  Finished Correlate(const Words& more) const {
    return Mote(
        Words{"correlate", "--table", "table.csv", "--all", "--estimator", "conv-edges,tse"} +
        Cheap() + more);
  }
};

TEST_F(CorrelateTest, PutsTheBaselinesBesideAndStatesThePopulation) {
  const Finished finished = Correlate({"--target", "accuracy", "--format", "json"});
  ExpectDone(finished);
  EXPECT_THAT(finished.err,
              testing::HasSubstr("population: all 8 architectures of table table.csv"));
  std::map<std::string, nlohmann::json> all, no_dangling;
  const auto rows = ParseJson(finished.out)["rows"];
  for (const auto& row : rows) {
    EXPECT_EQ(row["target"], "accuracy");
    (row["population"] == "all" ? all : no_dangling)[row["estimator"]] = row;
  }
  for (const char* name : {"conv-edges", "tse", "params", "macs", "live-weights"}) {
    ASSERT_TRUE(all.contains(name)) << name;
    ASSERT_TRUE(no_dangling.contains(name)) << name;
    const auto& row = all[name];
    EXPECT_EQ(row["cells"], 8);
    EXPECT_EQ(no_dangling[name]["cells"], 7);
    const double tau = row["tau"];
    EXPECT_LE(row["tau_low"].get<double>(), tau);
    EXPECT_GE(row["tau_high"].get<double>(), tau);
    EXPECT_LE(tau, 1);
    for (const char* measure :
         {"rho", "tau_top10", "precision_10", "regret_10", "precision_50", "regret_50",
          "precision_1pct", "regret_1pct", "precision_10pct", "regret_10pct"}) {
      EXPECT_TRUE(row.contains(measure)) << measure;
    }
    // Ten of eight are all eight.
    EXPECT_EQ(row["precision_10"], 1);
    EXPECT_EQ(row["regret_10"], 0);
  }
  EXPECT_EQ(all.size(), 5u);
  // Live convolutions 6, 5, 4, 3, 2, 1, 0 and accuracies in order but for 90 and 91: of 21 pairs
  // 20 agree and one does not.
  EXPECT_NEAR(no_dangling["conv-edges"]["tau"].get<double>(), 19.0 / 21, 1e-12);
}

TEST_F(CorrelateTest, LeavesOutCellsWithoutAValueAndSaysHowMany) {
  const Finished finished = Correlate({"--target", "accuracy,half", "--format", "csv"});
  ExpectDone(finished);
  EXPECT_THAT(finished.err, testing::HasSubstr("7 of them have all values"));
  const Words lines = Lines(finished.out);
  EXPECT_EQ(
      lines[0],
      "estimator,target,population,cells,tau,tau_low,tau_high,rho,tau_top10,core_s,precision_10,"
      "regret_10,precision_50,regret_50,precision_1pct,regret_1pct,precision_10pct,"
      "regret_10pct");
  EXPECT_EQ(lines.size(), 1u + 5 * 2 * 2);
  EXPECT_THAT(lines, testing::Contains(testing::StartsWith("tse,accuracy,all,7,")));
  EXPECT_THAT(lines, testing::Contains(testing::StartsWith("macs,half,no-dangling,6,")));
}

TEST_F(CorrelateTest, ComparesWithOtherScoresOnTheSameCells) {
  Write("others.csv", "arch,mote\n333333,1\n333033,2\n111111,3\n111333,9\n");
  const Finished finished = Correlate(
      {"--target", "accuracy", "--reference", "others.csv", "--seeds", "2", "--format", "json"});
  ExpectDone(finished);
  int leads = 0;
  const auto rows = ParseJson(finished.out)["rows"];
  for (const auto& row : rows) {
    EXPECT_EQ(row["cells"], 4);
    if (row["estimator"] == "reference mote") {
      EXPECT_EQ(row["lead"], 0);
    }
    if (row["estimator"] != "conv-edges") continue;
    ++leads;
    // tau of conv-edges is 1; of the others' scores (1, 2, 3, 9 for 95, 94, 60, 90): only the
    // pair (60, 90) agrees, so -4/6.
    EXPECT_NEAR(row["lead"].get<double>(), 1 + 4.0 / 6, 1e-12);
    EXPECT_LE(row["lead_low"].get<double>(), row["lead_high"].get<double>());
  }
  EXPECT_EQ(leads, 2);
}

TEST_F(CorrelateTest, IsTextForPeople) {
  const Finished finished = Correlate({"--target", "accuracy", "--quiet"});
  ExpectDone(finished);
  EXPECT_EQ(finished.err, "");
  EXPECT_THAT(Lines(finished.out)[0],
              testing::AllOf(testing::StartsWith("estimator"), testing::HasSubstr("tau_low"),
                             testing::HasSubstr("precision_10pct")));
}

TEST_F(CorrelateTest, RefusesTargetsItCannotRankBy) {
  ExpectRefusal(Correlate({"--target", "bad"}), 1,
                {"'table.csv', line 3, column 5 (bad)", "'nan'"});
  ExpectRefusal(Correlate({"--target", "acc"}), 2, {"'acc'", "accuracy", "half"});
  ExpectRefusal(Mote(Words{"correlate", "--table", "table.csv", "--target", "accuracy", "--arch",
                           "000000", "222222", "1", "--estimator", "params"} +
                     Cheap()),
                2, {"1 of 3", "needs 3"});
}

}  // namespace
}  // namespace mote
