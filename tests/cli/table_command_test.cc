// Tables of truths made from the records of MOTE's authors.
#include "mote/base/file.h"
#include "tests/cli/program.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class TableCommandTest : public ProgramTest {
 protected:
  // A record of the cell whose first operation this is.
  void Put(const std::string& folder, int index, const std::string& first) const {
    Write(folder + "/" + std::to_string(index) + ".json",
          fmt::format(
              R"({{"id": {}, "adj_matrix": [[0,1,1,1],[0,0,1,1],[0,0,0,1],[0,0,0,0]],
"operations": ["{}", "zeros", "nor_conv_3x3", "nor_conv_3x3", "nor_conv_3x3", "nor_conv_3x3"],
"params": 1, "flops": 2, "train_time_200": 200, "train_accuracy_200": 0.5,
"test_accuracy_200": 0.{}, "train_time_12": 12, "train_accuracy_12": 0.25, "test_accuracy_12": 0.5,
"proxy_losses": [2, 1], "landscape_losses": [2, 1], "proxy_train_time": 3, "landscape_term": 4,
"speed_term": 5, "mote": {}}})",
              index, first, 50 + index, 10 - index));
  }
  void PutAll() const {
    Put("MOTE-NAS/data/nasbench201_cifar10-10", 3, "nor_conv_1x1");
    Put("MOTE-NAS/data/nasbench201_cifar10-10", 1, "skip_connect");
    Put("MOTE-NAS/data/nasbench201_cifar100-10", 3, "nor_conv_1x1");
  }
};

TEST_F(TableCommandTest, WritesATableThatOthersRead) {
  PutAll();
  const Finished made = Mote({"table", "import", "MOTE-NAS", "--out", "made/table.csv.gz"});
  ExpectDone(made);
  EXPECT_EQ(made.out, "");
  EXPECT_EQ(made.err,
            "2 cells from 3 files, with accuracies of cifar10, cifar100: "
            "made/table.csv.gz\n");
  EXPECT_THAT(Files("made"), ElementsAre("table.csv.gz"));
  const Words lines = Lines(ReadMaybeGzip(Path("made/table.csv.gz")));
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_THAT(lines[0], testing::StartsWith("index,arch,train_seconds,landscape_term,"));
  EXPECT_THAT(lines[1], testing::StartsWith("1,|skip_connect~0|+|none~0|nor_conv_3x3~1|+|"));

  // By index, with a column of truths.
  const Finished scored = Mote(
      {"score", "--table", "made/table.csv.gz", "--target", "cifar10_test_acc_200", "--arch", "3",
       "1", "--estimator", "conv-edges", "--data", "noise", "--store", "none", "--format", "csv"});
  ExpectDone(scored);
  const Words scores = Lines(scored.out);
  ASSERT_EQ(scores.size(), 3u);
  EXPECT_TRUE(scores[1].ends_with(",0.53")) << scores[1];
  EXPECT_TRUE(scores[2].ends_with(",0.51")) << scores[2];
}

TEST_F(TableCommandTest, IsQuietIfAsked) {
  PutAll();
  const Finished made = Mote({"table", "import", "MOTE-NAS", "--out", "table.csv", "--quiet"});
  ExpectDone(made);
  EXPECT_EQ(made.out + made.err, "");
  EXPECT_THAT(Read("table.csv"), testing::StartsWith("index,arch,"));
}

TEST_F(TableCommandTest, LeavesNothingHalfWritten) {
  PutAll();
  Write("table.csv", "what was there");
  Write("MOTE-NAS/data/nasbench201_cifar10-10/7.json", "{\"id\": 7, ");
  ExpectRefusal(Mote({"table", "import", "MOTE-NAS", "--out", "table.csv"}), 1,
                {"'MOTE-NAS/data/nasbench201_cifar10-10/7.json'", "truncated"});
  EXPECT_EQ(Read("table.csv"), "what was there");
  EXPECT_THAT(Files(), testing::UnorderedElementsAre("MOTE-NAS", "table.csv"));
}

TEST_F(TableCommandTest, RefusesWhatCannotBeMeant) {
  PutAll();
  ExpectRefusal(Mote({"table", "import", "nowhere", "--out", "table.csv"}), 1, {"'nowhere'"});
  ExpectRefusal(Mote({"table", "import", "MOTE-NAS"}), 2, {"--out"});
  ExpectRefusal(Mote({"table", "import", "MOTE-NAS", "--out", "MOTE-NAS"}), 1, {"'MOTE-NAS'"});
  ExpectRefusal(Mote({"table"}), 2, {"subcommand"});
  ExpectRefusal(Mote({"table", "export"}), 2, {"subcommand", "mote table --help"});
}

TEST_F(TableCommandTest, HasHelp) {
  const Finished group = Mote({"table", "--help"});
  ExpectDone(group);
  EXPECT_THAT(group.out, AllOf(HasSubstr("import"), HasSubstr("Example:\n  mote table import")));
  const Finished import = Mote({"table", "import", "--help"});
  ExpectDone(import);
  EXPECT_THAT(import.out, AllOf(HasSubstr("--out"), HasSubstr("--quiet"), HasSubstr("checkout"),
                                HasSubstr("Example:\n  mote table import")));
}

}  // namespace
}  // namespace mote
