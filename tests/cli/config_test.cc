// Options from a TOML file.
#include "tests/cli/program.h"

namespace mote {
namespace {

using ::testing::ElementsAre;

class ConfigTest : public ProgramTest {};

TEST_F(ConfigTest, SaysTheSameAsFlags) {
  Write("score.toml",
        "# a comment\n"
        "[score]\n"
        "data = \"noise\"\n"
        "preset = 'faster'\n"
        "set = [\"faster.epochs=1\", \"faster.images=64\"]\n"
        "estimator = [\"tse\", \"params\"]\n"
        "arch = [\"333333\", \"123412\"]\n"
        "seed = 5\n"
        "store = \"none\"\n"
        "format = \"csv\"\n"
        "quiet = true\n"
        "\n"
        "[search]\n"
        "strategy = \"random\"\n");
  const Finished by_file = Mote({"score", "--config", "score.toml"});
  ExpectDone(by_file);
  EXPECT_EQ(by_file.err, "");
  EXPECT_EQ(Lines(by_file.out).size(), 3u) << by_file.out;
  const Finished by_flags = Mote(Words{"score", "--estimator", "tse,params", "--arch", "333333",
                                       "123412", "--seed", "5", "--format", "csv", "--quiet"} +
                                 Cheap());
  EXPECT_EQ(by_file.out, by_flags.out);
  // The line wins over the file, and the place of --config does not matter.
  const Finished both = Mote({"--config", "score.toml", "score", "--estimator", "params"});
  ExpectDone(both);
  EXPECT_EQ(Lines(both.out)[0], "arch,params");
}

TEST_F(ConfigTest, KeepsWhatLooksLikeACommentInsideQuotes) {
  Write("cells #1.txt", "333333\n");
  Write("score.toml",
        "[score]  # a section\n"
        "file = \"cells #1.txt\"  # \"cells\"\n"
        "estimator = ['params']\n"
        "quiet = true# and no more\n");
  const Finished finished = Mote({"score", "--config", "score.toml", "--format", "csv"});
  ExpectDone(finished);
  EXPECT_EQ(Lines(finished.out).size(), 2u) << finished.out;
}

TEST_F(ConfigTest, IsRefusedWithKeysThatNobodyKnows) {
  Write("key.toml", "[score]\narch = \"333333\"\nestimators = \"tse\"\n");
  ExpectRefusal(Mote({"score", "--config", "key.toml"}), 2, {"'key.toml'", "score.estimators"});
  Write("section.toml", "[scores]\narch = \"333333\"\n");
  ExpectRefusal(Mote({"score", "--config", "section.toml"}), 2, {"'section.toml'", "scores"});
  Write("open.toml", "[score\narch = \"333333\"\n");
  ExpectRefusal(Mote({"score", "--config", "open.toml"}), 2, {"'open.toml'", "[score"});
}

TEST_F(ConfigTest, IsRefusedWithValuesThatCannotBeMeant) {
  Write("bad.toml", "[score]\narch = \"333333\"\nworkers = -2\n");
  ExpectRefusal(Mote({"score", "--config", "bad.toml"}), 2, {"--workers", "-2"});
  ExpectRefusal(Mote({"score", "--config", "missing.toml"}), 2, {"missing.toml"});
  EXPECT_THAT(Files(), ElementsAre("bad.toml"));
}

}  // namespace
}  // namespace mote
