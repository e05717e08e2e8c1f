// What the program says of itself.
#include "tests/cli/program.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

const Words kCommands = {"search",  "resume", "score",     "correlate", "show",
                         "export",  "list",   "calibrate", "doctor",    "replay",
                         "plan",    "bench",  "landscape", "study",     "table",
                         "compare", "runs",   "status",    "report",    "verify"};

class HelpTest : public ProgramTest {};
class CommandHelpTest : public ProgramTest, public testing::WithParamInterface<std::string> {};

TEST_F(HelpTest, ComesWithoutArgumentsAndShowsWhereToStart) {
  const Finished finished = Mote({});
  ExpectDone(finished);
  EXPECT_EQ(finished.err, "");
  EXPECT_THAT(finished.out,
              AllOf(HasSubstr("Three commands to start with"), HasSubstr("\n  mote search "),
                    HasSubstr("\n  mote score "), HasSubstr("130")));
  EXPECT_THAT(Files(), ElementsAre());
}

// So that CommandHelpTest misses none.
TEST_F(HelpTest, NamesEveryCommand) {
  Words commands;
  bool inside = false;
  for (const std::string& line : Lines(Mote({"--help"}).out)) {
    if (inside && line.starts_with("  ")) commands.push_back(line.substr(2, line.find(' ', 2) - 2));
    inside = line == "Subcommands:" || (inside && !line.empty());
  }
  EXPECT_THAT(commands, testing::UnorderedElementsAreArray(kCommands));
}

TEST_F(HelpTest, HasAVersionWithCommitInstructionSetAndBackends) {
  const Finished finished = Mote({"--version"});
  ExpectDone(finished);
  EXPECT_THAT(Lines(finished.out),
              ElementsAre(MatchesRegex("mote [0-9]+\\.[0-9]+\\.[0-9]+ \\(.+\\)"),
                          MatchesRegex("compiler .+"), MatchesRegex("instruction set .+"),
                          MatchesRegex("backends .*reference@[0-9]+.*")));
}

// The last words of commands that have commands of their own.
TEST_F(HelpTest, ExplainsCommandsOfGroups) {
  for (const Words& command :
       {Words{"study", "ntk-drift"}, Words{"study", "reduction"}, Words{"table", "import"}}) {
    const Finished finished = Mote(command + Words{"--help"});
    ExpectDone(finished);
    EXPECT_THAT(finished.out, HasSubstr("Example:\n  mote " + command[0] + " " + command[1]));
  }
}

TEST_P(CommandHelpTest, HasAnExample) {
  if (GetParam() == "study" || GetParam() == "table") {
    EXPECT_THAT(Mote({GetParam(), "--help"}).out, HasSubstr("Subcommands:"));
    return;
  }
  const Finished finished = Mote({GetParam(), "--help"});
  ExpectDone(finished);
  EXPECT_EQ(finished.err, "");
  EXPECT_THAT(finished.out, AllOf(HasSubstr("Example:\n  mote " + GetParam()),
                                  HasSubstr("--format"), HasSubstr("--quiet")));
  if (GetParam() != "resume") {
    EXPECT_THAT(finished.out, HasSubstr("--out"));
  }
  const Words training = {"search", "score", "correlate", "calibrate"};
  if (std::find(training.begin(), training.end(), GetParam()) != training.end()) {
    EXPECT_THAT(finished.out, AllOf(HasSubstr("--seed"), HasSubstr("--workers"),
                                    HasSubstr("--store"), HasSubstr("--set")));
  }
}

INSTANTIATE_TEST_SUITE_P(Commands, CommandHelpTest, testing::ValuesIn(kCommands),
                         [](const auto& command) { return command.param; });

TEST_F(HelpTest, ListsComponentsWithTheirOptions) {
  const Finished all = Mote({"list", "--format", "json"});
  ExpectDone(all);
  std::map<std::string, Words> names;
  const auto rows = ParseJson(all.out)["rows"];
  for (const auto& row : rows) {
    names[row["kind"]].push_back(row["name"]);
    EXPECT_FALSE(row["summary"].get<std::string>().empty()) << row;
  }
  EXPECT_THAT(names["estimator"],
              AllOf(Contains("mote"), Contains("mote.landscape"), Contains("mote.speed"),
                    Contains("tse"), Contains("tse-e"), Contains("tse-ema"), Contains("params")));
  EXPECT_THAT(names["preset"],
              AllOf(Contains("paper"), Contains("released"), Contains("fast"), Contains("faster"),
                    Contains("wide"), Contains("noise"), Contains("two-scale")));
  EXPECT_THAT(names["space"], Contains("nasbench201"));
  EXPECT_THAT(names["strategy"],
              AllOf(Contains("mote-nas"), Contains("random"), Contains("exhaustive")));
  EXPECT_THAT(names["dataset"], AllOf(Contains("cifar10"), Contains("cifar100"), Contains("idx"),
                                      Contains("image-folder"), Contains("noise")));
  EXPECT_THAT(names["backend"], Contains("reference"));

  const Finished presets = Mote({"list", "presets", "--format", "csv"});
  ExpectDone(presets);
  const Words lines = Lines(presets.out);
  EXPECT_EQ(lines[0], "kind,name,option,default,summary");
  EXPECT_THAT(lines, Contains(HasSubstr("preset,faster,epochs,5,")));
  for (std::size_t i = 1; i < lines.size(); ++i) EXPECT_THAT(lines[i], HasSubstr("preset,"));
}

TEST_F(HelpTest, DoctorKnowsTheMachine) {
  const Finished finished = Mote({"doctor", "--format", "csv"});
  ExpectDone(finished);
  EXPECT_THAT(
      Lines(finished.out),
      AllOf(Contains("what,value"), Contains(MatchesRegex("cores,[1-9][0-9]*")),
            Contains(MatchesRegex("instruction set,.+")), Contains(HasSubstr("backend reference,")),
            Contains(MatchesRegex(".*  of backend native.*(avx512|avx2|sse4|neon).*")),
            Contains(MatchesRegex(".*GFLOP/s per core, measured peak\"?,[0-9.]+")),
            Contains(MatchesRegex("  cells/s per core, preset faster,[0-9.e+-]+|"
                                  "\"  cells/s per core, preset faster\",[0-9.e+-]+"))));
}

}  // namespace
}  // namespace mote
