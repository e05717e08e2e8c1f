// Methods of searching: by `search --method` one at a time, by `compare` side by side.
#include <fmt/format.h>

#include <sstream>

#include "tests/cli/program.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;

class MethodsTest : public ProgramTest {
 protected:
  MethodsTest() {
    // The largest is not the best; the best of the larger ones by `val` is 333303.
    Write("table.csv",
          "arch,cifar10_test_acc_200,cifar10_train_seconds_12,cifar10_train_seconds_200\n"
          "333333,0.90,100,1000\n"
          "333330,0.80,90,900\n"
          "333303,0.95,80,800\n"
          "111133,0.10,70,700\n");
    Write("validation.csv", "arch,val\n333333,0.5\n333330,0.6\n333303,0.7\n111133,0.1\n");
  }
  static Words Tables() {
    return {"--table", "table.csv,validation.csv", "--target", "cifar10_test_acc_200", "--judge",
            "val"};
  }
};

TEST_F(MethodsTest, AreListed) {
  const Finished finished = Mote({"list", "methods"});
  ExpectDone(finished);
  EXPECT_THAT(finished.out, AllOf(HasSubstr("mote-nas-k10"), HasSubstr("top-macs"),
                                  HasSubstr("by accuracy"), HasSubstr("mote-nas-c2f")));
}

TEST_F(MethodsTest, SetWhatIsNotGiven) {
  ExpectDone(
      Mote(Words{"search", "--method", "top-macs", "--data", "noise", "--out", "run"} + Tables()));
  EXPECT_THAT(Read("run/config.toml"),
              AllOf(HasSubstr("strategy=\"exhaustive\"\n"), HasSubstr("estimator=\"macs\"\n"),
                    HasSubstr("evaluate=\"table\"\n"), HasSubstr("judged=30\n"),
                    HasSubstr("method=\"\"\n")));
  const auto result = ParseJson(Read("run/result.json"));
  EXPECT_EQ(
      result["ranking"][0]["arch"],
      "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|none~1|nor_conv_3x3~2|");
  EXPECT_EQ(result["ranked_by"]["name"], "macs");
  // What is given stands.
  ExpectDone(
      Mote(Words{"search", "--method", "top-macs", "-k", "1", "--data", "noise", "--out", "one"} +
           Tables()));
  EXPECT_THAT(Read("one/config.toml"), HasSubstr("judged=1\n"));
  EXPECT_EQ(ParseJson(Read("one/result.json"))["ranking"][0]["judged_accuracy"], 0.5);
  // And all of it is found again.
  const Finished again = Mote({"resume", "run", "--format", "csv", "--quiet"});
  ExpectDone(again);
  EXPECT_THAT(Lines(again.out)[1], HasSubstr(",0.7,"));
}

TEST_F(MethodsTest, GoByAccuracyAlone) {
  const Finished finished = Mote(
      Words{"search", "--method", "random", "--data", "noise", "--out", "run", "--format", "csv"} +
      Tables());
  ExpectDone(finished);
  EXPECT_THAT(Lines(finished.out)[0],
              "rank,arch,accuracy,replicates,params,macs,cifar10_test_acc_200");
  EXPECT_EQ(Lines(finished.out).size(), 5u);
  EXPECT_THAT(Read("run/history.csv"), AllOf(HasSubstr(",judge,"), Not(HasSubstr(",score,"))));
}

TEST_F(MethodsTest, StagesShareOneSearch) {
  const Finished finished =
      Mote(Words{"search", "--strategy", "mote-nas-c2f", "--estimator",
                 "mote.landscape,tse,conv-edges", "--set", "mote-nas-c2f.structure=1", "--set",
                 "mote-nas-c2f.networks=30", "--finalists", "0", "--out", "run"} +
           Tables() + CheapOn("noise"));
  ExpectDone(finished);
  EXPECT_THAT(finished.out, HasSubstr("sum of log-ranks"));
  const std::string history = Read("run/history.csv");
  EXPECT_THAT(history, AllOf(HasSubstr(",mote.landscape,0,"), HasSubstr(",tse,0,"),
                             HasSubstr(",conv-edges,0,")));
}

// A supernet stands in the history and the store, and nowhere else.
TEST_F(MethodsTest, PruneASupernetToACell) {
  const Words cheap = {"--set", "te-nas.repeats=1",         "--set", "ntk-condition.images=6",
                       "--set", "linear-regions.images=30", "--set", "linear-regions.batches=1"};
  const Finished finished = Mote(
      Words{"search", "--method", "te-nas", "--data", "noise", "--out", "run"} + cheap + Tables());
  ExpectDone(finished);
  EXPECT_THAT(finished.out, HasSubstr("sum of ranks"));
  const auto result = ParseJson(Read("run/result.json"));
  EXPECT_EQ(result["ranked_by"]["name"], "sum of ranks");
  const std::string winner = result["ranking"][0]["arch"];
  EXPECT_THAT(winner, Not(HasSubstr(",")));
  ExpectDone(Mote({"show", winner}));
  EXPECT_THAT(Read("run/cell.svg"), HasSubstr("<svg"));
  const Words rows = Lines(Read("run/history.csv"));
  EXPECT_EQ(rows.size(), 1u + 2 * 57);
  EXPECT_THAT(rows[1],
              testing::StartsWith("1,\"|skip_connect,nor_conv_1x1,nor_conv_3x3,avg_pool_3x3~0|"));
  const Finished verified = Mote({"verify", "run", "-n", "6"});
  ExpectDone(verified);
  EXPECT_THAT(verified.err, HasSubstr("all 6 equal"));
  ExpectDone(Mote({"report", "run", "run/store.sqlite", "--out", "report.html"}));
  EXPECT_THAT(Read("report.html"), HasSubstr(winner));
  // Judged, or replicated, it is a cell like others.
  ExpectDone(Mote(Words{"search", "--method", "te-nas", "--data", "noise", "--out", "judged",
                        "--evaluate", "table", "-k", "2", "--replicates", "3"} +
                  cheap + Tables()));
  const auto judged = ParseJson(Read("judged/result.json"));
  EXPECT_TRUE(judged["ranking"][0].contains("judged_accuracy"));
  EXPECT_THAT(Read("judged/history.csv"), HasSubstr(",judge,"));
}

TEST_F(MethodsTest, AreComparedOnATable) {
  const Finished finished =
      Mote(Words{"compare", "--methods", "top-macs,random,structure-skip", "--data", "noise",
                 "--ranks", "macs,params", "--seeds", "4", "--score-seeds", "2", "--out", "cmp",
                 "--format", "csv", "--store", "none"} +
           Tables());
  ExpectDone(finished);
  EXPECT_THAT(Files("cmp"), IsSupersetOf({"cost.csv", "curves.csv", "methods.csv", "ranks.csv",
                                          "regret.csv", "runs.csv", "summary.txt", "taus.csv"}));
  const Words rows = Lines(Read("cmp/methods.csv"));
  ASSERT_EQ(rows.size(), 4u);
  // All four cells are judged: 95 % for 340 seconds, and the final training of that one. No seed
  // matters, so one run stands for each score seed.
  EXPECT_THAT(rows[1], testing::StartsWith("top-macs,2,95,0,0,95,340,800,"));
  EXPECT_THAT(rows[2], testing::StartsWith("random,"));
  EXPECT_THAT(rows[3], HasSubstr("structure-skip,2,"));
  EXPECT_THAT(Read("cmp/summary.txt"), HasSubstr("Judged by val"));
  EXPECT_EQ(Read("cmp/methods.csv"), finished.out);

  // What it was, for its report.
  const auto about = ParseJson(Read("cmp/about.json"));
  EXPECT_EQ(about["repeat"].get<std::string>(),
            "mote compare --methods top-macs,random,structure-skip --table "
            "table.csv,validation.csv --target cifar10_test_acc_200 --judge val --data noise "
            "--seeds 4 --score-seeds 2 --ranks macs,params --out NEW-FOLDER");
  EXPECT_EQ(about["configuration"]["preset"], "fast");
  ExpectDone(Mote({"report", "cmp"}));
  EXPECT_THAT(Read("cmp/report.html"),
              AllOf(HasSubstr("<p>3 methods of searching side by side on the 4 architectures"),
                    HasSubstr("the best is top-macs: 95.00 % on average, for 340 s"),
                    HasSubstr("<h3>Do it again</h3>"), HasSubstr("<th scope=\"row\">commit</th>")));
  Write("cmp/about.json", R"({"mote": {"format": 1}, "summary": ["mine"], "configuration": 3})");
  ExpectDone(Mote({"report", "cmp"}));
  EXPECT_THAT(Read("cmp/report.html"), AllOf(HasSubstr("about.json is not shown"),
                                             HasSubstr("figures."), Not(HasSubstr("<p>mine"))));
}

// Judged in the order of macs: 90 %, then, one of two that are equally large, the best.
TEST_F(MethodsTest, LeaveARegretBehind) {
  ExpectDone(Mote(Words{"compare", "--methods", "top-macs,structure-skip", "--curves", "top-macs",
                        "--data", "noise", "--ranks", "", "--seeds", "2", "--score-seeds", "1",
                        "--out", "cmp", "--store", "none"} +
                  Tables()));
  const auto distinct = [&](const std::string& file, int column) {
    Words values;
    for (const std::string& line : Lines(Read(file))) {
      if (line.find("top-macs") == std::string::npos) continue;
      std::istringstream cells(line);
      std::string cell;
      for (int i = 0; i <= column; ++i) std::getline(cells, cell, ',');
      cell = fmt::format("{:.2f}", std::stod(cell));
      if (values.empty() || values.back() != cell) values.push_back(cell);
    }
    return values;
  };
  EXPECT_THAT(distinct("cmp/curves.csv", 3), ElementsAre("90.00", "95.00"));
  EXPECT_THAT(distinct("cmp/regret.csv", 3), ElementsAre("5.00", "0.05"));
  EXPECT_THAT(Read("cmp/curves.csv"), HasSubstr("structure-skip"));
  EXPECT_THAT(Read("cmp/regret.csv"), Not(HasSubstr("structure-skip")));
}

TEST_F(MethodsTest, RefuseWhatCannotBeMeant) {
  ExpectRefusal(Mote(Words{"compare", "--methods", "top-mac"} + Tables()), 2,
                {"'top-mac'", "top-macs"});
  ExpectRefusal(Mote(Words{"search", "--method", "top-mac"}), 2, {"'top-mac'", "top-macs"});
  ExpectRefusal(Mote(Words{"compare", "--seeds", "7"} + Tables()), 2, {"--seeds 7", "multiple"});
  ExpectRefusal(Mote(Words{"compare", "--ranks", "moet", "--data", "noise"} + Tables()), 2,
                {"'moet'", "mote"});
  ExpectRefusal(Mote(Words{"compare", "--methods", "top-macs", "--curves", "random"} + Tables()), 2,
                {"--curves", "random", "--methods"});
  ExpectRefusal(Mote({"compare", "--table", "table.csv", "--target", "accuracy"}), 2,
                {"'accuracy'", "cifar10_test_acc_200"});
  ExpectRefusal(Mote(Words{"search", "--by", "accuracy", "--data", "noise"}), 2,
                {"--evaluate train or table"});
  ExpectRefusal(Mote(Words{"search", "--strategy", "te-nas", "--data", "noise"}), 2,
                {"two estimators", "--method te-nas"});
  ExpectRefusal(Mote(Words{"search", "--space", "nasbench201-supernet", "--data", "noise"}), 1,
                {"nasbench201-supernet", "16777216"});
  EXPECT_THAT(Files(), ElementsAre("table.csv", "validation.csv"));
}

}  // namespace
}  // namespace mote
