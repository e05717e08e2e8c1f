// `search --evaluate`: the best by score are judged by accuracy, and the best of those wins.
#include <cmath>

#include "tests/cli/program.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class JudgingTest : public ProgramTest {
 protected:
  // Ten cells and their neighbours, three finalists, two of them judged on 40 images of noise.
  Finished Search(const std::string& folder, const Words& more = {}) const {
    return Mote(Words{"search",
                      "--out",
                      folder,
                      "--estimator",
                      "mote.landscape",
                      "--set",
                      "mote-nas.iterations=2",
                      "--finalists",
                      "3",
                      "--replicates",
                      "2",
                      "--evaluate",
                      "train",
                      "-k",
                      "2",
                      "--set",
                      "val-accuracy.epochs=2",
                      "--set",
                      "val-accuracy.images=40",
                      "--set",
                      "val-accuracy.image_size=8",
                      "--set",
                      "val-accuracy.channels=4"} +
                CheapOn("noise") + more);
  }
  nlohmann::json Ranking(const std::string& folder) const {
    return ParseJson(Read(folder + "/result.json"))["ranking"];
  }
};

TEST_F(JudgingTest, TrainsTheBestAndRanksThemByAccuracy) {
  const Finished finished = Search("run");
  ExpectDone(finished);
  EXPECT_THAT(finished.out, AllOf(HasSubstr("judged accuracy 0."), HasSubstr("judged_accuracy")));
  const auto ranking = Ranking("run");
  ASSERT_GE(ranking.size(), 10u);
  for (std::size_t i = 0; i < ranking.size(); ++i) {
    EXPECT_EQ(ranking[i].contains("judged_accuracy"), i < 2) << i;
    EXPECT_EQ(ranking[i]["replicates"], i < 3 ? 2 : 1) << i;
  }
  const double first = ranking[0]["judged_accuracy"], second = ranking[1]["judged_accuracy"];
  EXPECT_GE(first, second);
  // Of 40 images, 4 of each class, a fifth is set aside: one per class.
  for (double accuracy : {first, second}) {
    EXPECT_NEAR(10 * accuracy, std::round(10 * accuracy), 1e-9);
    EXPECT_GE(accuracy, 0);
    EXPECT_LE(accuracy, 1);
  }
  // Both judged are better by score than the third, who is not.
  for (int i : {0, 1}) {
    EXPECT_GE(ranking[i]["score"].get<double>(), ranking[2]["score"].get<double>());
  }
  EXPECT_THAT(Read("run/config.toml"),
              AllOf(HasSubstr("evaluate=\"train\"\n"), HasSubstr("judged=2\n")));
  EXPECT_THAT(Files("run"),
              ElementsAre("cell.svg", "config.toml", "history.csv", "result.json", "store.sqlite"));

  // What is judged stays judged, and the judgement depends on the score seed alone.
  const Finished again = Mote({"resume", "run", "--format", "csv"});
  ExpectDone(again);
  EXPECT_THAT(again.out, HasSubstr("rank,arch,mote.landscape,replicates,judged_accuracy,"));
  EXPECT_THAT(again.err, Not(HasSubstr("networks trained")));
  ExpectDone(Search("one", {"--workers", "1"}));
  EXPECT_EQ(Read("one/result.json"), Read("run/result.json"));
}

TEST_F(JudgingTest, TakesTheTablesWordForIt) {
  // The scores prefer convolutions; the truths are their opposite.
  Write("table.csv", "arch,accuracy\n333333,10\n333033,20\n330033,30\n111333,40\n111133,50\n");
  ExpectDone(Mote(Words{"search", "--out", "run", "--estimator", "conv-edges", "--finalists", "3",
                        "--evaluate", "table", "-k", "3", "--table", "table.csv", "--target",
                        "accuracy", "--replicates", "1"} +
                  CheapOn("noise")));
  const auto ranking = Ranking("run");
  ASSERT_EQ(ranking.size(), 5u);
  EXPECT_EQ(ranking[0]["judged_accuracy"], 30);
  EXPECT_EQ(ranking[0]["score"], 4);
  EXPECT_EQ(ranking[1]["judged_accuracy"], 20);
  EXPECT_EQ(ranking[2]["judged_accuracy"], 10);
  EXPECT_FALSE(ranking[3].contains("judged_accuracy"));
}

TEST_F(JudgingTest, RefusesWhatTheDataCannotServe) {
  const Finished finished = Search("run", {"--set", "val-accuracy.image_size=4"});
  ExpectRefusal(finished, 2, {"val-accuracy.image_size", "at least 8"});
  EXPECT_THAT(Files(), ElementsAre());
}

}  // namespace
}  // namespace mote
