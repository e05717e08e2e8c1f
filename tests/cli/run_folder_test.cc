// Searches and their run folders: made only when all is well, damaged, locked, full, gone on with.
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>

#include "tests/cli/program.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A search of moments: 10 cells of the space, then 8 of their neighbours, then two finalists again.
Words Search(const Words& more = {}) {
  return Words{"search",      "--estimator", "mote.landscape", "--set", "mote-nas.iterations=3",
               "--finalists", "2",           "--replicates",   "2"} +
         CheapOn("noise") + more;
}

class RunFolderTest : public ProgramTest {
 protected:
  void MakeRun(const std::string& folder, const Words& more = {}) const {
    ExpectDone(Mote(Search({"--out", folder, "--quiet"}) + more));
  }
  void Replace(const std::filesystem::path& name, const std::string& what,
               const std::string& with) const {
    std::string text = Read(name);
    const std::size_t at = text.find(what);
    ASSERT_NE(at, std::string::npos) << what << " in " << text;
    Write(name, text.replace(at, what.size(), with));
  }
};

TEST_F(RunFolderTest, IsGoneOnWithWhateverItIsCalled) {
  MakeRun("runs/a #1");
  const Finished finished = Mote({"resume", "runs/a #1", "--format", "csv", "--quiet"});
  ExpectDone(finished);
  EXPECT_THAT(Files("runs"), ElementsAre("a #1"));
}

TEST_F(RunFolderTest, HoldsResultPictureConfigurationAndStore) {
  const Finished finished = Mote(Search({"--out", "runs/one"}));
  ExpectDone(finished);
  EXPECT_THAT(finished.out, AllOf(HasSubstr("mote.landscape"), HasSubstr("M parameters"),
                                  HasSubstr("sureness"), HasSubstr("runs/one")));
  EXPECT_THAT(finished.out, testing::Not(HasSubstr("\x1b")));
  EXPECT_THAT(finished.err, testing::Not(HasSubstr("\r")));
  EXPECT_THAT(Files("runs/one"),
              ElementsAre("cell.svg", "config.toml", "history.csv", "result.json", "store.sqlite"));
  EXPECT_THAT(Files("runs"), ElementsAre("one"));
  const auto result = ParseJson(Read("runs/one/result.json"));
  EXPECT_EQ(result["finished"], true);
  EXPECT_EQ(result["estimator"]["preset"], "faster");
  EXPECT_EQ(result["ranking"][0]["replicates"], 2);
  const std::string best = result["ranking"][0]["arch"];
  EXPECT_THAT(finished.out, HasSubstr("\n" + best + "\n"));
  EXPECT_THAT(Read("runs/one/cell.svg"), HasSubstr(best));

  ExpectRefusal(Mote(Search({"--out", "runs/one"})), 2,
                {"'runs/one' holds a run already", "mote resume runs/one"});
}

TEST_F(RunFolderTest, PrintsRowsForPrograms) {
  MakeRun("run", {"--max-params", "400000"});
  const Finished json = Mote({"resume", "run", "--format", "json"});
  const Finished csv = Mote({"resume", "run", "--format", "csv", "--workers", "1"});
  ExpectDone(json);
  ExpectDone(csv);
  const auto rows = ParseJson(json.out)["rows"];
  const Words lines = Lines(csv.out);
  EXPECT_EQ(lines[0], "rank,arch,mote.landscape,replicates,params,macs");
  ASSERT_EQ(lines.size(), 1 + rows.size());
  EXPECT_GE(rows.size(), 10u);
  const auto ranking = ParseJson(Read("run/result.json"))["ranking"];
  ASSERT_EQ(ranking.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i]["rank"], i + 1);
    EXPECT_EQ(rows[i]["arch"], ranking[i]["arch"]);
    EXPECT_EQ(rows[i]["mote.landscape"], ranking[i]["score"]);
    EXPECT_LE(rows[i]["params"].get<int>(), 400000) << "over the limit";
    EXPECT_TRUE(
        lines[i + 1].starts_with(fmt::format("{},{},", i + 1, std::string(rows[i]["arch"]))));
  }
}

// The resolved configuration of a run is a configuration for another one with the same result.
TEST_F(RunFolderTest, ReproducesFromItsConfiguration) {
  MakeRun("one", {"--seed", "3", "--score-seed", "4", "--max-params", "900000"});
  const std::string config = Read("one/config.toml");
  for (const char* line :
       {"seed=3\n", "score-seed=4\n", "max-params=900000\n", "data=\"noise\"\n",
        "preset=\"faster\"\n", "strategy=\"mote-nas\"\n", "space=\"nasbench201\"\n"}) {
    EXPECT_THAT(config, HasSubstr(line));
  }
  ExpectDone(Mote({"search", "--config", "one/config.toml", "--out", "two", "--workers", "1"}));
  EXPECT_EQ(Read("two/result.json"), Read("one/result.json"));
  ExpectDone(Mote({"search", "--config", "one/config.toml", "--out", "three", "--seed", "5"}));
  EXPECT_NE(Read("three/result.json"), Read("one/result.json"));
}

TEST_F(RunFolderTest, IsNotMadeIfLimitsCannotBeKept) {
  ExpectRefusal(Mote(Search({"--out", "run", "--max-params", "10"})), 2,
                {"smallest connected network", "|", "73306 parameters", "--max-params"});
  EXPECT_THAT(Files(), ElementsAre());
  // Nor in its default place.
  ExpectRefusal(Mote(Search({"--max-macs", "10"})), 2, {"smallest connected network"});
  EXPECT_THAT(Files(), ElementsAre());
}

TEST_F(RunFolderTest, IsRefusedWhereItCannotBeWritten) {
  Write("file", "x");
  ExpectRefusal(Mote(Search({"--out", "file/run"})), 1, {"file/run", "Not a directory"});
  ExpectRefusal(Mote(Search({"--out", "run", "--store", "file/store.sqlite"})), 1,
                {"file/store.sqlite", "Not a directory"});
  EXPECT_THAT(Files(), ElementsAre("file"));
  EXPECT_EQ(Read("file"), "x");
}

TEST_F(RunFolderTest, IsNotThere) {
  ExpectRefusal(Mote({"resume", "nowhere"}), 1, {"'nowhere'", "config.toml", "mote search"});
  EXPECT_THAT(Files(), ElementsAre());
}

TEST_F(RunFolderTest, IsNotGoneOnWithIfTheConfigurationIsDamaged) {
  MakeRun("run");
  const std::string whole = Read("run/config.toml");
  const std::string result = Read("run/result.json");
  const auto refuses = [this](const Words& words) {
    ExpectRefusal(Mote({"resume", "run"}), 1, Words{"'run/config.toml'"} + words);
  };
  Write("run/config.toml", whole.substr(0, whole.size() - 20));
  refuses({"damaged"});
  Write("run/config.toml", Scatter(300, 1));
  refuses({"damaged"});
  Write("run/config.toml", whole);
  Replace("run/config.toml", "\nseed=0\n", "\nseed=zero\n");
  refuses({"damaged", "--seed"});
  Write("run/config.toml", whole);
  Replace("run/config.toml", "\nseed=0\n", "\nsaed=0\n");
  refuses({"damaged", "saed"});
  Write("run/config.toml", whole);
  Replace("run/config.toml", "\"mote-nas\"", "\"mote-nos\"");
  refuses({"'mote-nos'", "exhaustive"});
  Write("run/config.toml", whole);
  ExpectDone(Mote({"resume", "run", "--quiet"}));
  EXPECT_EQ(Read("run/result.json"), result);
}

// A default in the place of a lost line would be another search.
TEST_F(RunFolderTest, IsNotGoneOnWithIfALineOfTheConfigurationIsLost) {
  MakeRun("run", {"--max-params", "900000", "--seed", "3"});
  const std::string whole = Read("run/config.toml");
  const std::string result = Read("run/result.json");
  int lines = 0;
  for (const std::string& line : Lines(whole)) {
    const std::string key = line.substr(0, line.find('='));
    if (key == line) continue;  // the section, the end
    ++lines;
    // How to print is said again to `resume`.
    if (key == "format" || key == "quiet") continue;
    Write("run/config.toml", whole);
    Replace("run/config.toml", "\n" + line + "\n", "\n");
    ExpectRefusal(Mote({"resume", "run", "--quiet"}), 1,
                  {"'run/config.toml'", "damaged", key, "missing"});
  }
  EXPECT_GE(lines, 20);
  Write("run/config.toml", whole);
  ExpectDone(Mote({"resume", "run", "--quiet"}));
  EXPECT_EQ(Read("run/result.json"), result);
}

TEST_F(RunFolderTest, IsGoneOnWithInItsDefaultPlace) {
  ExpectDone(Mote(Search({"--quiet"})));
  ASSERT_EQ(Files("runs").size(), 1u);
  ExpectDone(Mote({"resume", "runs/" + Files("runs")[0], "--quiet"}));
}

// All that the run was made from is found again, wherever `resume` is typed.
TEST_F(RunFolderTest, IsGoneOnWithFromAnotherFolder) {
  const std::string constants =
      R"({"landscape": {"lambda": 1, "shift": 2, "weight": 0.5},
          "speed": {"lambda": 0.5, "shift": 1, "weight": 0.25}, "source": "a test"})";
  Write("constants.json", fmt::format(R"({{"slides": {}, "released": {}}})", constants, constants));
  Write("table.csv", "arch,accuracy\n333333,95\n333033,94\n330033,93\n111333,90\n111133,91\n");
  ExpectDone(Mote(Words{"search", "--out", "run", "--estimator", "mote", "--finalists", "2",
                        "--replicates", "2", "--set", "mote.calibration=constants.json", "--table",
                        "table.csv", "--target", "accuracy", "--store", "scores.sqlite"} +
                  CheapOn("noise")));
  EXPECT_THAT(Read("run/config.toml"),
              HasSubstr("\"mote.calibration=" + Path("constants.json").string() + "\""));
  const Words exported = {"export", "scores.sqlite", "--format", "csv"};
  const std::string scores = Mote(exported).out;
  const std::string result = Read("run/result.json");
  std::filesystem::remove(Path("run/result.json"));
  Write("other/folder/file", "");
  const Finished resumed =
      Running(Path("other/folder"), {"resume", "../../run", "--workers", "1"}, {}).Wait();
  ExpectDone(resumed);
  EXPECT_THAT(resumed.out, testing::Not(HasSubstr("networks trained")));
  EXPECT_EQ(Read("run/result.json"), result);
  EXPECT_EQ(Mote(exported).out, scores) << "the same estimates go by other names";
  EXPECT_THAT(Files("other/folder"), ElementsAre("file"));
}

TEST_F(RunFolderTest, IsNotGoneOnWithIfTheStoreIsDamaged) {
  MakeRun("run");
  const std::string whole = Read("run/store.sqlite");
  const auto refuses = [this](const Words& words) {
    ExpectRefusal(Mote({"resume", "run"}), 1, Words{"'run/store.sqlite'"} + words);
  };
  Write("run/store.sqlite", Scatter(20000, 2));
  refuses({"not a mote store"});
  EXPECT_EQ(Read("run/store.sqlite"), Scatter(20000, 2)) << "what is not ours is left alone";
  Write("run/store.sqlite", whole.substr(0, whole.size() / 3));
  refuses({"damaged"});
  // The number of the schema: four bytes, big-endian, from byte 60.
  std::string newer = whole;
  newer[63] = 99;
  Write("run/store.sqlite", newer);
  refuses({"version 99", "newer"});
  // Without the store everything is measured again.
  const std::string result = Read("run/result.json");
  std::filesystem::remove(Path("run/store.sqlite"));
  ExpectDone(Mote({"resume", "run", "--quiet"}));
  EXPECT_EQ(Read("run/result.json"), result);
}

TEST_F(RunFolderTest, IsOneProcessesAtATime) {
  MakeRun("run");
  const int lock =
      ::open(Path("run/store.sqlite.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  ASSERT_EQ(::flock(lock, LOCK_EX | LOCK_NB), 0);
  ExpectRefusal(Mote({"resume", "run"}), 1, {"run/store.sqlite' is in use"});
  ::close(lock);
}

// A disk that is full amid the search costs what was in flight.
TEST_F(RunFolderTest, SurvivesAFullDisk) {
  MakeRun("whole");
  const Finished full = Mote(Search({"--out", "run", "--quiet"}), {.largest_file = 128 << 10});
  ExpectRefusal(full, 1, {"'run/store.sqlite'", "disk full", "kept"});
  EXPECT_THAT(Files("run"), ElementsAre("config.toml", "store.sqlite"));
  ExpectDone(Mote({"resume", "run", "--quiet"}));
  EXPECT_EQ(Read("run/result.json"), Read("whole/result.json"));
  EXPECT_THAT(Files("run"),
              ElementsAre("cell.svg", "config.toml", "history.csv", "result.json", "store.sqlite"));
}

TEST_F(RunFolderTest, StopsCleanlyOnCtrlC) {
  const Words longer = {"--set", "faster.epochs=4", "--set", "faster.images=128", "--workers", "1"};
  Running running(Path(""), Search({"--out", "run"}) + longer, {});
  // The configuration is written just before the first network is trained.
  while (!std::filesystem::exists(Path("run/config.toml"))) ::usleep(1000);
  running.Signal(SIGINT);
  const Finished finished = running.Wait();
  EXPECT_EQ(finished.exit_code, 130) << finished.out << finished.err;
  EXPECT_THAT(finished.out + finished.err, HasSubstr("go on with: mote resume run"));
  EXPECT_THAT(Files("run"), ElementsAre("config.toml", "store.sqlite"));
  ExpectDone(Mote({"resume", "run", "--quiet", "--workers", "2"}));
  MakeRun("whole", longer);
  EXPECT_EQ(Read("run/result.json"), Read("whole/result.json"));
}

TEST_F(RunFolderTest, NeedsNoStore) {
  MakeRun("run", {"--store", "none"});
  EXPECT_THAT(Files(), ElementsAre("run"));
  EXPECT_THAT(Files("run"), ElementsAre("cell.svg", "config.toml", "history.csv", "result.json"));
}

}  // namespace
}  // namespace mote
