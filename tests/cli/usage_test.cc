// Wishes that cannot be meant: exit code 2, one line, the candidates where names are listed.
#include "tests/cli/program.h"

namespace mote {
namespace {

using ::testing::ElementsAre;

class UsageTest : public ProgramTest {
 protected:
  // `score` of one architecture that trains nothing, with something wrong beside.
  Finished Score(const Words& wrong) const {
    return Mote(Words{"score", "--arch", "333333", "--estimator", "params", "--data", "noise",
                      "--store", "none"} +
                wrong);
  }
};

TEST_F(UsageTest, ListsCommandsFormatsAndKinds) {
  ExpectRefusal(Mote({"serach"}), 2, {"no command 'serach'", "search", "correlate", "--help"});
  ExpectRefusal(Mote({"list", "estimator"}), 2, {"estimators", "backends", "mote list --help"});
  ExpectRefusal(Mote({"show", "333333", "--format", "xml"}), 2, {"xml", "table", "json", "csv"});
}

TEST_F(UsageTest, PointsToTheHelpOfTheCommand) {
  ExpectRefusal(Score({"--sede", "3"}), 2, {"--sede", "`mote score --help`"});
  ExpectRefusal(Mote({"score"}), 2, {"--arch", "--file", "--sample", "--all"});
  ExpectRefusal(Mote({"score", "--all", "--sample", "3"}), 2, {"--sample", "--all"});
}

TEST_F(UsageTest, ListsEstimatorsAndPresets) {
  ExpectRefusal(Score({"--estimator", "synflop"}), 2,
                {"no estimator 'synflop'", "mote.landscape", "tse-ema", "live-weights"});
  ExpectRefusal(Score({"--preset", "quick"}), 2,
                {"no preset 'quick'", "paper", "released", "two-scale"});
}

TEST_F(UsageTest, ListsSpacesDatasetsAndBackends) {
  ExpectRefusal(Score({"--space", "darts"}), 2, {"no space 'darts'", "nasbench201"});
  ExpectRefusal(Score({"--backend", "gpu"}), 2, {"no backend 'gpu'", "reference"});
  ExpectRefusal(Score({"--backend", "check(reference,gpu)"}), 2, {"no backend 'gpu'"});
  ExpectRefusal(Mote({"score", "--sample", "3", "--store", "none", "--estimator", "params",
                      "--data", "imagenet"}),
                1, {"no dataset 'imagenet'", "fashion-mnist", "noise"});
}

TEST_F(UsageTest, ListsStrategies) {
  ExpectRefusal(Mote({"search", "--strategy", "bayes", "--data", "noise", "--out", "run"}), 2,
                {"no strategy 'bayes'", "exhaustive", "mote-nas", "random"});
  EXPECT_THAT(Files(), ElementsAre());
}

// The default store is made when all is known to be well, and not before.
TEST_F(UsageTest, LeavesNothingBehind) {
  Write("table.csv", "arch,accuracy\n333333,95\n333033,94\n111333,90\n");
  const Words commands[] = {
      {"score", "--arch", "333333"},
      {"correlate", "--all", "--table", "table.csv", "--target", "accuracy"},
      {"calibrate", "--cells", "3"},
  };
  const Words names[] = {
      {"--preset", "quick"}, {"--backend", "gpu"},   {"--backend", "reference", "--device", "cuda"},
      {"--space", "darts"},  {"--data", "imagenet"}, {"--set", "fast.epoch=1"},
  };
  for (const Words& command : commands) {
    for (const Words& wrong : names) {
      const Finished finished = Mote(command + wrong);
      EXPECT_NE(finished.exit_code, 0);
      const bool is_option = wrong.front() == "--set";
      EXPECT_THAT(finished.err, testing::HasSubstr(is_option ? "no option 'epoch'" : wrong.back()));
      EXPECT_THAT(Files(), ElementsAre("table.csv")) << command[0] << ' ' << wrong[0];
    }
  }
  const Words estimator = {"--estimator", "synflop"};
  ExpectRefusal(Mote(commands[0] + estimator), 2, {"no estimator 'synflop'"});
  ExpectRefusal(Mote(commands[1] + estimator), 2, {"no estimator 'synflop'"});
  ExpectRefusal(Mote({"score", "--arch", "999999"}), 2, {"999999"});
  EXPECT_THAT(Files(), ElementsAre("table.csv"));
}

TEST_F(UsageTest, ListsWhatCanBeSet) {
  ExpectRefusal(Score({"--set", "epochs"}), 2, {"component.option=value"});
  ExpectRefusal(Score({"--set", "fsat.epochs=1"}), 2, {"no component 'fsat'", "fast", "mote-nas"});
  ExpectRefusal(Score({"--set", "fast.epoch=1"}), 2, {"fast", "'epoch'", "epochs", "batch_size"});
  // Also of a component that is not used.
  ExpectRefusal(Score({"--preset", "fast", "--set", "wide.epochs=many"}), 2,
                {"wide.epochs", "'many'", "whole number"});
}

TEST_F(UsageTest, WantsCountsAboveZero) {
  ExpectRefusal(Mote({"score", "--sample", "0"}), 2, {"--sample", "0"});
  ExpectRefusal(Mote(Words{"score", "--sample", "99999"} + Cheap()), 2,
                {"--sample 99999", "15625"});
  ExpectRefusal(Score({"--workers", "-1"}), 2, {"--workers", "-1"});
  ExpectRefusal(Score({"--replicates", "0"}), 2, {"--replicates", "0"});
}

TEST_F(UsageTest, WantsCountsOfSearchesAboveZero) {
  ExpectRefusal(Mote({"search", "-k", "-1"}), 2, {"--judged", "-1"});
  ExpectRefusal(Mote({"search", "--max-params", "-5"}), 2, {"--max-params", "-5"});
  ExpectRefusal(Mote({"search", "--set", "mote-nas.iterations=0", "--out", "run"}), 2,
                {"mote-nas.iterations", "at least 1"});
  ExpectRefusal(Mote({"calibrate", "--cells", "0"}), 2, {"--cells", "0"});
  EXPECT_THAT(Files(), ElementsAre());
}

TEST_F(UsageTest, WantsBoundsOfRecipes) {
  ExpectRefusal(Score({"--set", "fast.images=-1"}), 2, {"fast.images", "at least 0"});
  ExpectRefusal(Score({"--set", "fast.learning_rate=nan"}), 2,
                {"fast.learning_rate", "finite number"});
}

TEST_F(UsageTest, SaysWhatGoesWithWhat) {
  ExpectRefusal(Score({"--target", "accuracy"}), 2, {"--target", "--table FILE"});
  const Words search = Words{"search", "--estimator", "params", "--out", "run"} + Cheap();
  ExpectRefusal(Mote(search + Words{"--evaluate", "table", "-k", "3"}), 2, {"--judge COLUMN"});
  ExpectRefusal(Mote(search + Words{"--evaluate", "table", "-k", "3", "--judge", "x"}), 2,
                {"--table FILE"});
  ExpectRefusal(Mote(search + Words{"--evaluate", "train", "-k", "0"}), 2, {"-k 1"});
  EXPECT_THAT(Files(), ElementsAre());
}

TEST_F(UsageTest, SaysWhereItCannotCompute) {
  ExpectRefusal(Score({"--backend", "reference", "--device", "cuda"}), 1,
                {"reference", "cpu only", "--device cuda"});
}

// Whatever the arguments hold, nothing moves the cursor.
TEST_F(UsageTest, AnswersInOneLineWhateverItIsGiven) {
  const Finished finished = Mote({"list", "a\nb\x1b[2J"});
  ExpectRefusal(finished, 2, {"estimators"});
  EXPECT_THAT(finished.err, testing::Not(testing::HasSubstr("\x1b")));
}

}  // namespace
}  // namespace mote
