// Tables of truths that are missing, malformed or do not have what is asked of them.
#include "tests/cli/program.h"

namespace mote {
namespace {

using ::testing::ElementsAre;

class TableFileTest : public ProgramTest {
 protected:
  Finished Score(const Words& more) const {
    return Mote(Words{"score", "--table", "table.csv", "--all", "--estimator", "params", "--data",
                      "noise", "--store", "none"} +
                more);
  }
};

TEST_F(TableFileTest, IsRefusedIfMissingOrEmpty) {
  ExpectRefusal(Score({}), 1, {"'table.csv'", "No such file"});
  Write("table.csv", "");
  ExpectRefusal(Score({}), 1, {"'table.csv'", "empty"});
}

TEST_F(TableFileTest, IsRefusedWithoutAColumnOfArchitectures) {
  Write("table.csv", "cell,accuracy\n333333,90\n");
  ExpectRefusal(Score({}), 1, {"'table.csv', line 1", "'arch'", "cell", "accuracy"});
}

TEST_F(TableFileTest, IsRefusedIfMalformed) {
  Write("table.csv", "arch,accuracy\n333333,90\n000000,10,7\n");
  ExpectRefusal(Score({}), 1, {"'table.csv', line 3", "3 cells"});
  Write("table.csv", "arch,accuracy\n\"333333,90\n");
  ExpectRefusal(Score({}), 1, {"'table.csv', line 2", "quote"});
  Write("table.csv", "arch,accuracy\n333333,90\nfoo,10\n");
  ExpectRefusal(Score({}), 1, {"'table.csv', line 3, column 1", "'foo'"});
  Write("table.csv", "arch,accuracy\n333333,90\n333333,91\n");
  ExpectRefusal(Score({}), 1, {"'table.csv', line 3", "line 2 already"});
  Write("table.csv", Gzip("arch,accuracy\n333333,90\n").substr(0, 20));
  ExpectRefusal(Score({}), 1, {"'table.csv'", "gzip"});
}

TEST_F(TableFileTest, ListsItsColumns) {
  Write("table.csv", "arch,accuracy,params,name\n333333,90,5,a\n000000,10,6,b\n");
  ExpectRefusal(Score({"--target", "acuracy"}), 2, {"'acuracy'", "accuracy", "params"});
  ExpectRefusal(Score({"--target", "name"}), 2, {"only text", "'name'", "accuracy"});
}

TEST_F(TableFileTest, IsRefusedWithWhatIsNoNumber) {
  Write("table.csv", "arch,accuracy,loss\n333333,90,1\n000000,nan,2\n111111,inf,x\n");
  ExpectRefusal(Score({"--target", "accuracy"}), 1,
                {"'table.csv', line 3, column 2 (accuracy)", "'nan'"});
  ExpectRefusal(Score({"--target", "loss"}), 1, {"'table.csv', line 4, column 3 (loss)", "'x'"});
  // Nobody is troubled by a column that he does not ask for.
  ExpectDone(Score({}));
}

TEST_F(TableFileTest, IsLookedAtBeforeASearchMakesItsFolder) {
  Write("table.csv", "arch,accuracy\n333333,nan\n111111,90\n");
  const Words search =
      Words{"search", "--estimator", "params", "--table", "table.csv", "--out", "run"} +
      CheapOn("noise");
  ExpectRefusal(Mote(search + Words{"--target", "accuracy"}), 1, {"line 2", "'nan'"});
  ExpectRefusal(Mote(search + Words{"--target", "loss"}), 2, {"'loss'", "accuracy"});
  ExpectRefusal(Mote(search + Words{"--evaluate", "table", "-k", "2", "--judge", "loss"}), 2,
                {"'loss'", "accuracy"});
  EXPECT_THAT(Files(), ElementsAre("table.csv"));
}

// Values are printed beside the scores; cells that have none stay empty.
TEST_F(TableFileTest, StandsBesideScores) {
  Write("table.csv.gz", Gzip("arch,accuracy\n333333,90.5\n000000,\n"));
  const Finished finished =
      Mote({"score", "--table", "table.csv.gz", "--target", "accuracy", "--arch", "333333",
            "000000", "444444", "--estimator", "conv-edges", "--data", "noise", "--store", "none",
            "--format", "csv"});
  ExpectDone(finished);
  const Words lines = Lines(finished.out);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0], "arch,conv-edges,accuracy");
  EXPECT_TRUE(lines[1].ends_with("|,6,90.5")) << lines[1];
  EXPECT_TRUE(lines[2].ends_with("|,0,")) << lines[2];
  EXPECT_TRUE(lines[3].ends_with("|,0,")) << lines[3];
}

// A search with a table proposes only what is in it, and says so.
TEST_F(TableFileTest, BoundsASearch) {
  Write("table.csv", "arch,accuracy\n333333,90\n000000,10\n111111,\n222222,80\n444444,40\n");
  const Finished finished =
      Mote(Words{"search", "--estimator", "live-weights", "--table", "table.csv", "--target",
                 "accuracy", "--evaluate", "table", "-k", "2", "--replicates", "1", "--out", "run",
                 "--format", "csv"} +
           CheapOn("noise"));
  ExpectDone(finished);
  EXPECT_THAT(finished.err, testing::HasSubstr("5 architectures of table table.csv"));
  const Words lines = Lines(finished.out);
  // The disconnected one is not proposed.
  ASSERT_EQ(lines.size(), 5u) << finished.out;
  EXPECT_EQ(lines[0], "rank,arch,live-weights,replicates,judged_accuracy,params,macs,accuracy");
  EXPECT_TRUE(lines[1].starts_with("1,|nor_conv_3x3~0|+")) << lines[1];
  EXPECT_TRUE(lines[1].ends_with(",90")) << lines[1];
  EXPECT_TRUE(lines[2].starts_with("2,|nor_conv_1x1~0|+")) << lines[2];
}

}  // namespace
}  // namespace mote
