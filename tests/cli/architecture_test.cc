// Architectures from the line, from files and from tables, well and badly written.
#include <cmath>

#include "tests/cli/program.h"

namespace mote {
namespace {

using ::testing::ElementsAre;

constexpr const char* kAllConv3 =
    "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+"
    "|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|";
constexpr const char* kAllNone = "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|";

class ArchitectureTest : public ProgramTest {
 protected:
  // The first column of what `score` prints.
  Words Scored(const Words& selection) const {
    const Finished finished =
        Mote(Words{"score", "--estimator", "conv-edges", "--format", "csv"} + selection + Cheap());
    ExpectDone(finished);
    Words texts;
    for (const std::string& line : Lines(finished.out)) {
      texts.push_back(line.substr(0, line.find(',')));
    }
    EXPECT_EQ(texts.empty() ? "" : texts[0], "arch");
    if (!texts.empty()) texts.erase(texts.begin());
    return texts;
  }
};

TEST_F(ArchitectureTest, RefusesMalformedAndForeignOnes) {
  const auto score = [this](const std::string& text) { return Mote({"score", "--arch", text}); };
  ExpectRefusal(score("resnet50"), 2, {"'resnet50'", "NAS-Bench-201", "example"});
  ExpectRefusal(score("|nor_conv_5x5~0|+|none~0|none~1|+|none~0|none~1|none~2|"), 2,
                {"character 2", "'nor_conv_5x5'", "nor_conv_3x3", "skip_connect"});
  ExpectRefusal(score("|none~0|+|none~0|none~1|+|none~0|none~1|"), 2, {"character", "example"});
  // A cell of DARTS.
  ExpectRefusal(score("Genotype(normal=[('sep_conv_3x3', 0)])"), 2, {"NAS-Bench-201"});
}

TEST_F(ArchitectureTest, SaysOnWhichLineOfAFile) {
  Write("cells.txt", "# two are well\n333333\n\n  000000\r\n|none~0|+|none~0\n");
  ExpectRefusal(Mote({"score", "--file", "cells.txt", "--store", "none"}), 1,
                {"'cells.txt', line 5", "character", "example"});
  Write("empty.txt", "# none\n\n");
  ExpectRefusal(Mote({"score", "--file", "empty.txt", "--store", "none"}), 1,
                {"'empty.txt'", "no architecture"});
}

TEST_F(ArchitectureTest, ComeFromTheLineInAnyGroupingAndSpelling) {
  const std::string zeros = "|zeros~0|+|zeros~0|none~1|+|zeros~0|zeros~1|zeros~2|";
  EXPECT_THAT(Scored({"--arch", "333333", kAllNone, "--arch", zeros}),
              ElementsAre(kAllConv3, kAllNone, kAllNone));
}

TEST_F(ArchitectureTest, ComeFromAFile) {
  Write("cells.txt", std::string("# cells\n333333\r\n\n\t") + kAllNone + " ");
  EXPECT_THAT(Scored({"--file", "cells.txt"}), ElementsAre(kAllConv3, kAllNone));
}

TEST_F(ArchitectureTest, AreDrawnBySeed) {
  const Words three = Scored({"--sample", "3", "--seed", "7"});
  EXPECT_EQ(three.size(), 3u);
  EXPECT_EQ(Scored({"--sample", "3", "--seed", "7"}), three);
  EXPECT_NE(Scored({"--sample", "3", "--seed", "8"}), three);
}

TEST_F(ArchitectureTest, HaveAnIndexWhereATableWithItIsGiven) {
  Write("table.csv", "index,arch,accuracy\n9930,333333,94\n12,000000,10\n");
  EXPECT_THAT(Scored({"--table", "table.csv", "--arch", "12", "9930"}),
              ElementsAre(kAllNone, kAllConv3));
  EXPECT_THAT(Scored({"--table", "table.csv", "--all"}), ElementsAre(kAllConv3, kAllNone));
  const Finished shown = Mote({"show", "9930", "--table", "table.csv", "--format", "csv"});
  ExpectDone(shown);
  EXPECT_THAT(shown.out, testing::HasSubstr(kAllConv3));
  ExpectRefusal(Mote({"score", "--table", "table.csv", "--arch", "13", "--store", "none"}), 2,
                {"'table.csv'", "index 13"});
  ExpectRefusal(Mote({"show", "13"}), 2, {"'13'", "table"});
}

// The network that ignores its input has the worst value of all, and a finite one.
TEST_F(ArchitectureTest, ScoreEvenIfDisconnected) {
  const Finished finished =
      Mote(Words{"score", "--arch", kAllNone, "333333", "102000", "111111", "--estimator",
                 "mote.landscape,mote.speed,tse", "--format", "json"} +
           Cheap());
  ExpectDone(finished);
  const auto rows = ParseJson(finished.out)["rows"];
  ASSERT_EQ(rows.size(), 4u);
  for (const char* estimator : {"mote.landscape", "mote.speed", "tse"}) {
    ASSERT_TRUE(rows[0][estimator].is_number()) << rows[0];
    const double worst = rows[0][estimator];
    EXPECT_TRUE(std::isfinite(worst));
    EXPECT_EQ(rows[2][estimator], worst) << "102000 is disconnected, too";
    for (int i : {1, 3}) {
      const double value = rows[i][estimator];
      if (std::string_view(estimator) == "tse") {
        EXPECT_GT(worst, value);
      } else {
        EXPECT_LT(worst, value);
      }
    }
  }
}

TEST_F(ArchitectureTest, AreShownForPeopleAndPrograms) {
  const Finished people = Mote({"show", "332013", "--svg", "cell.svg"});
  ExpectDone(people);
  EXPECT_THAT(people.out,
              testing::AllOf(testing::HasSubstr("|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_1x1~1|+"
                                                "|none~0|skip_connect~1|nor_conv_3x3~2|"),
                             testing::HasSubstr("parameters            830426"),
                             testing::HasSubstr("117883530")));
  EXPECT_THAT(Read("cell.svg"), testing::HasSubstr("<svg"));
  const Finished programs = Mote({"show", kAllNone, "--format", "json"});
  ExpectDone(programs);
  const auto row = ParseJson(programs.out)["rows"][0];
  EXPECT_EQ(row["arch"], kAllNone);
  EXPECT_EQ(row["params"], 73306);
  EXPECT_EQ(row["connected"], 0);
}

}  // namespace
}  // namespace mote
