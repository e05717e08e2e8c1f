// What is printed where: formats, colours, files, and nothing that depends on the locale.
#include "tests/cli/program.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class OutputTest : public ProgramTest {
 protected:
  // Twelve cells and more have a forecast and time for a bar.
  Finished Score(const Words& more, const Surroundings& surroundings = {}) const {
    return Mote(
        Words{"score", "--sample", "15", "--estimator", "mote.landscape,tse,macs"} + Cheap() + more,
        surroundings);
  }
};

TEST_F(OutputTest, IsATableForPeople) {
  const Finished finished = Score({});
  ExpectDone(finished);
  const Words lines = Lines(finished.out);
  ASSERT_EQ(lines.size(), 2u + 15);
  EXPECT_THAT(lines[0], testing::MatchesRegex("arch +mote\\.landscape \\[1/nat\\] +"
                                              "tse \\[nat\\] +macs"));
  EXPECT_THAT(finished.err, AllOf(HasSubstr("data: noise"), HasSubstr("split train"),
                                  HasSubstr("15 of 15625 architectures of space nasbench201"),
                                  HasSubstr("forecast: 15 networks")));
  // Neither colours nor a bar where nobody looks.
  EXPECT_THAT(finished.out + finished.err, AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\r"))));
}

TEST_F(OutputTest, HasTheSameRowsInCsvAndJson) {
  const Finished csv = Score({"--format", "csv", "--quiet"});
  const Finished json = Score({"--format", "json", "--quiet"});
  ExpectDone(csv);
  ExpectDone(json);
  EXPECT_EQ(csv.err + json.err, "");
  const Words lines = Lines(csv.out);
  ASSERT_EQ(lines.size(), 1u + 15);
  EXPECT_EQ(lines[0], "arch,mote.landscape,tse,macs");
  const auto rows = ParseJson(json.out)["rows"];
  ASSERT_EQ(rows.size(), 15u);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string& line = lines[i + 1];
    EXPECT_EQ(line.substr(0, line.find(',')), rows[i]["arch"]);
    const std::size_t landscape = line.find(',') + 1;
    EXPECT_EQ(std::strtod(line.c_str() + landscape, nullptr),
              rows[i]["mote.landscape"].get<double>());
    const std::size_t macs = line.rfind(',') + 1;
    EXPECT_EQ(std::strtod(line.c_str() + macs, nullptr), rows[i]["macs"].get<double>());
  }
}

TEST_F(OutputTest, IsColouredOnlyOnATerminalWithoutNoColor) {
  const Words rows = {"list", "backends"};
  EXPECT_THAT(Mote(rows, {.terminal = true}).out, HasSubstr("\x1b["));
  EXPECT_THAT(Mote(rows, {.environment = {{"NO_COLOR", "1"}}, .terminal = true}).out,
              AllOf(HasSubstr("reference"), Not(HasSubstr("\x1b"))));
  // A file has no colours, wherever the command was typed.
  const Finished to_file = Mote(Words{"list", "backends", "--out", "list.txt"}, {.terminal = true});
  EXPECT_EQ(to_file.out, "");
  EXPECT_THAT(Read("list.txt"), AllOf(HasSubstr("reference"), Not(HasSubstr("\x1b"))));
}

TEST_F(OutputTest, DoesNotAskTheLocale) {
  const Words csv = {"--format", "csv", "--quiet"};
  const Finished plain = Score(csv);
  ExpectDone(plain);
  // Not every machine has them; a program that asked would still ask.
  for (const char* locale : {"C.UTF-8", "de_DE.UTF-8"}) {
    const std::map<std::string, std::string> environment = {
        {"LC_ALL", locale}, {"LANG", locale}, {"LC_NUMERIC", locale}};
    const Finished other = Score(csv, {.environment = environment});
    ExpectDone(other);
    EXPECT_EQ(other.out, plain.out) << locale;
  }
}

TEST_F(OutputTest, DependsNeitherOnWorkersNorOnTheRun) {
  const Words csv = {"--format", "csv", "--quiet"};
  const Finished one = Score(csv + Words{"--workers", "1"});
  ExpectDone(one);
  EXPECT_EQ(Score(csv + Words{"--workers", "3"}).out, one.out);
}

TEST_F(OutputTest, GoesIntoAFileWholeOrNotAtAll) {
  Write("list.json", "old\n");
  const Words list = {"list", "--format", "json", "--out", "list.json"};
  const Finished full = Mote(list, {.largest_file = 1000});
  ExpectRefusal(full, 1, {"list.json"});
  EXPECT_EQ(Read("list.json"), "old\n");
  EXPECT_THAT(Files(), ElementsAre("list.json")) << "nothing half-written is left";
  const Finished finished = Mote(list);
  ExpectDone(finished);
  EXPECT_EQ(finished.out, "");
  EXPECT_GT(ParseJson(Read("list.json"))["rows"].size(), 20u);
  EXPECT_THAT(Files(), ElementsAre("list.json"));
}

TEST_F(OutputTest, IsRefusedWhereItCannotBeWritten) {
  Write("file", "x");
  ExpectRefusal(Mote({"list", "--out", "file/list.txt"}), 1, {"'file", "Not a directory"});
  ExpectRefusal(Mote({"show", "333333", "--svg", "file/cell.svg"}), 1, {"'file"});
  const Finished full = Mote({"list"}, {.stdout_file = "/dev/full"});
  ExpectRefusal(full, 1, {"standard output"});
}

TEST_F(OutputTest, KeepsScoresInTheStoreThatIsNamed) {
  const Words score = Words{"score",    "--arch", "333333",  "--estimator", "tse",
                            "--format", "csv",    "--store", "kept.sqlite"} +
                      CheapOn("noise");
  const Finished first = Mote(score);
  ExpectDone(first);
  EXPECT_THAT(Files(), ElementsAre("kept.sqlite"));
  EXPECT_EQ(Mote(score).out, first.out);
  const Finished exported = Mote({"export", "kept.sqlite", "--format", "csv"});
  ExpectDone(exported);
  EXPECT_EQ(Lines(exported.out).size(), 2u) << exported.out;
  ExpectRefusal(Mote({"export", "missing.sqlite"}), 1, {"'missing.sqlite'"});
}

}  // namespace
}  // namespace mote
