// What is printed where: formats, colours, files, and nothing that depends on the locale.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

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
                                  HasSubstr("forecast: 13 networks")));
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
  for (const char* what : {"list", "--help", "--version"}) {
    const Finished full = Mote({what}, {.stdout_file = "/dev/full"});
    ExpectRefusal(full, 1, {"standard output", "No space left on device"});
  }
}

TEST_F(OutputTest, IsThereThoughAnotherHasTheDefaultStore) {
  std::filesystem::create_directory(Path("runs"));
  const int lock =
      ::open(Path("runs/store.sqlite.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  ASSERT_EQ(::flock(lock, LOCK_EX | LOCK_NB), 0);
  const Words work = CheapOn("noise") + Words{"--quiet"};
  const Words score = Words{"score", "--arch", "333333", "--estimator", "tse"} + work;
  for (const Words& command : {score, Words{"calibrate", "--cells", "5"} + work}) {
    const Finished finished = Mote(command);
    EXPECT_EQ(finished.exit_code, 0);
    EXPECT_THAT(Lines(finished.err),
                ElementsAre(AllOf(HasSubstr("runs/store.sqlite' is in use"),
                                  HasSubstr("going on without keeping results"))));
    EXPECT_NE(finished.out, "");
  }
  // One that was named is insisted on.
  std::filesystem::copy(Path("runs/store.sqlite.lock"), Path("mine.sqlite.lock"));
  const int mine = ::open(Path("mine.sqlite.lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(::flock(mine, LOCK_EX | LOCK_NB), 0);
  ExpectRefusal(Mote(score + Words{"--store", "mine.sqlite"}), 1, {"mine.sqlite' is in use"});
  ::close(mine);
  ::close(lock);
}

// As in `mote list | head -1`: who has read enough is not told that something is wrong.
TEST_F(OutputTest, EndsQuietlyWhereNobodyReadsIt) {
  for (const char* what : {"list", "--help", "--version"}) {
    const Finished unread = Mote({what}, {.stdout_unread = true});
    EXPECT_EQ(unread.exit_code, 141) << what;
    EXPECT_EQ(unread.err, "") << what;
  }
  const Words kept = CheapOn("noise") + Words{"--store", "kept.sqlite", "--quiet"};
  const Finished unread = Mote(Words{"score", "--arch", "333333", "--estimator", "tse"} + kept,
                               {.stdout_unread = true});
  EXPECT_EQ(unread.exit_code, 141);
  EXPECT_EQ(unread.err, "");
  EXPECT_THAT(Files(), ElementsAre("kept.sqlite")) << "the store was not closed";
}

// Nothing is measured, no store made, for a result that can go nowhere.
TEST_F(OutputTest, IsRefusedBeforeTheWorkWhereItCannotBeWritten) {
  Write("file", "x");
  Write("folder/inside", "x");
  Write("table.csv", "arch,accuracy\n333333,95\n333033,94\n111333,90\n");
  const Words commands[] = {
      {"score", "--all", "--table", "table.csv"},
      {"correlate", "--all", "--table", "table.csv", "--target", "accuracy"},
      {"calibrate", "--cells", "10"},
  };
  for (const Words& command : commands) {
    const Words work = command + CheapOn("noise");
    ExpectRefusal(Mote(work + Words{"--out", "file/a/scores.csv"}), 1,
                  {"'file/a/scores.csv'", "Not a directory"});
    ExpectRefusal(Mote(work + Words{"--out", "folder"}), 1, {"'folder'", "Is a directory"});
  }
  EXPECT_THAT(Files(), ElementsAre("file", "folder", "table.csv"));
  EXPECT_THAT(Files("folder"), ElementsAre("inside"));
  // The question alone changes no file and makes no folder.
  const Words wrong = {"score", "--arch", "333333", "--estimator", "none", "--out"};
  ExpectRefusal(Mote(wrong + Words{"file"}), 2, {"no estimator 'none'"});
  ExpectRefusal(Mote(wrong + Words{"new/scores.csv"}), 2, {"no estimator 'none'"});
  EXPECT_EQ(Read("file"), "x");
  EXPECT_THAT(Files(), ElementsAre("file", "folder", "table.csv"));
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
