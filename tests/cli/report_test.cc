// What is said of runs: report, runs, status, verify.
#include <signal.h>
#include <sqlite3.h>
#include <unistd.h>

#include "tests/cli/program.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// A search of moments.
Words Search(const Words& more = {}) {
  return Words{"search",      "--estimator", "mote.landscape", "--set", "mote-nas.iterations=3",
               "--finalists", "2",           "--replicates",   "2",     "--quiet"} +
         CheapOn("noise") + more;
}

class ReportTest : public ProgramTest {
 protected:
  void MakeRun(const std::string& folder, const Words& more = {}) const {
    ExpectDone(Mote(Search({"--out", folder}) + more));
  }
  // As a run that was killed before its end.
  void Unfinish(const std::string& folder) const {
    std::filesystem::remove(Path(folder) / "result.json");
  }
  nlohmann::json DataOf(const std::string& page) const {
    const std::string begin = "id=\"run1-data\">";
    const std::size_t at = page.find(begin) + begin.size();
    return nlohmann::json::parse(page.substr(at, page.find("</script>", at) - at));
  }
  void Execute(const std::string& store, const char* sql) const {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(Path(store).c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }
};

TEST_F(ReportTest, HoldsTheRankingOfTheRun) {
  MakeRun("runs/a b", {"--max-params", "900000"});
  const Finished finished = Mote({"report", "runs/a b"});
  ExpectDone(finished);
  EXPECT_EQ(finished.out, "wrote runs/a b/report.html\n");
  const std::string page = Read("runs/a b/report.html");
  const auto data = DataOf(page);
  const auto ranking = ParseJson(Read("runs/a b/result.json"))["ranking"];
  ASSERT_EQ(data["archs"].size(), ranking.size());
  for (std::size_t i = 0; i < ranking.size(); ++i) {
    EXPECT_EQ(data["archs"][i], ranking[i]["arch"]);
    EXPECT_EQ(data["columns"][0]["values"][i], ranking[i]["score"]);
  }
  EXPECT_THAT(page, AllOf(HasSubstr("finished"), HasSubstr("--max-params 900000"),
                          HasSubstr("Provenance"), HasSubstr("core seconds")));

  // A run with a name that a shell would take apart repeats by the command that the page says.
  const std::size_t at = page.find("mote search ");
  const std::string command = page.substr(at, page.find("</code>", at) - at);
  EXPECT_THAT(command, AllOf(HasSubstr("--estimator mote.landscape"), HasSubstr("--data noise"),
                             Not(HasSubstr("--seed"))));
}

// The default estimator is written down as a list, which must not show.
TEST_F(ReportTest, NamesTheDefaultEstimator) {
  ExpectDone(Mote(Words{"search", "--set", "mote-nas.iterations=1", "--finalists", "1",
                        "--replicates", "1", "--quiet", "--out", "run"} +
                  CheapOn("noise")));
  Unfinish("run");
  const auto status = ParseJson(Mote({"status", "run", "--format", "json"}).out)["rows"][0];
  EXPECT_EQ(status["estimator"], "mote");
  EXPECT_GE(status["scored"], 10);
  ExpectDone(Mote({"report", "run"}));
  EXPECT_THAT(Read("run/report.html"), AllOf(HasSubstr("by mote ("), Not(HasSubstr("[mote]")),
                                             Not(HasSubstr("--estimator"))));
}

TEST_F(ReportTest, ComparesRunsInTheCurrentFolder) {
  MakeRun("one");
  MakeRun("two", {"--seed", "1"});
  const Finished finished = Mote({"report", "one", "two", "--format", "csv"});
  ExpectDone(finished);
  EXPECT_EQ(Lines(finished.out)[0], "report,run,state,architectures");
  EXPECT_THAT(Read("report.html"), AllOf(HasSubstr("Side by side"), HasSubstr("id=\"run2\"")));
  ExpectDone(Mote({"report", "one", "two"}));  // its own page is replaced
  Write("report.html", "<html>mine</html>");
  ExpectRefusal(Mote({"report", "one", "two"}), 2, {"report.html", "--out"});
  EXPECT_EQ(Read("report.html"), "<html>mine</html>");
}

TEST_F(ReportTest, TakesStoresAndFigures) {
  ExpectDone(Mote(Words{"score", "--sample", "5", "--estimator", "params,macs", "--quiet",
                        "--store", "a.sqlite"} +
                  CheapOn("noise")));
  ExpectDone(Mote({"report", "a.sqlite", "--out", "store.html"}));
  EXPECT_EQ(DataOf(Read("store.html"))["archs"].size(), 5u);

  Write("figures/a.csv", "name,value\n<b>,1\n\"x,y\",2\n");
  Write("figures/a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
  Write("figures/findings.txt", "what <was> found\n");
  Write("figures/long.csv", "value\n0.1234567890123\n");
  ExpectDone(Mote({"report", "figures"}));
  const std::string page = Read("figures/report.html");
  EXPECT_THAT(page, AllOf(HasSubstr("<td>0.123457</td>"), HasSubstr("\"0.1234567890123\"")));
  EXPECT_THAT(page, AllOf(HasSubstr("data:image/svg+xml;base64,"), HasSubstr("<td>&lt;b&gt;</td>"),
                          HasSubstr("what &lt;was&gt; found"), HasSubstr("download=\"a.csv\"")));
  EXPECT_EQ(DataOf(page)["figures"][0]["rows"][1][0], "x,y");
}

TEST_F(ReportTest, RefusesWhatItDoesNotKnowInOneLine) {
  Write("empty/notes.doc", "");
  ExpectRefusal(Mote({"report", "empty"}), 2, {"'empty'", "config.toml", "store", "figures"});
  ExpectRefusal(Mote({"report", "empty/notes.doc"}), 2, {"'empty/notes.doc'"});
  ExpectRefusal(Mote({"report", "nowhere"}), 1, {"there is no 'nowhere'"});
}

TEST_F(ReportTest, FollowsARunUntilCtrlC) {
  MakeRun("run");
  Unfinish("run");
  Running running(Path(""), {"report", "run", "--live", "--every", "1"}, {});
  while (!std::filesystem::exists(Path("run/report.html"))) ::usleep(1000);
  const std::string live = "<meta name=\"mote-reload\" content=\"1\">";
  EXPECT_THAT(Read("run/report.html"), HasSubstr(live));
  running.Signal(SIGINT);
  const Finished finished = running.Wait();
  EXPECT_EQ(finished.exit_code, 130) << finished.err;
  EXPECT_THAT(Read("run/report.html"), AllOf(Not(HasSubstr(live)), HasSubstr("mote resume run")));
  // A run that has ended is not waited for.
  ExpectDone(Mote({"resume", "run", "--quiet"}));
  ExpectDone(Mote({"report", "run", "--live"}));
}

TEST_F(ReportTest, ListsRunsAndTheirStates) {
  MakeRun("runs/done");
  MakeRun("runs/half");
  Unfinish("runs/half");
  Write("runs/torn/config.toml", "[search]\n");
  Write("runs/other/file", "");
  const Finished finished = Mote({"runs", "--format", "json"});
  ExpectDone(finished);
  const auto rows = ParseJson(finished.out)["rows"];
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0]["run"], "done");
  EXPECT_EQ(rows[0]["state"], "finished");
  EXPECT_EQ(rows[0]["arch"], ParseJson(Read("runs/done/result.json"))["ranking"][0]["arch"]);
  EXPECT_EQ(rows[1]["state"], "stopped");
  EXPECT_EQ(rows[1]["scored"], rows[0]["scored"]);
  EXPECT_EQ(rows[2]["state"], "damaged");
  ExpectRefusal(Mote({"runs", "nowhere"}), 1, {"no folder 'nowhere'"});

  const Finished half = Mote({"status", "runs/half"});
  ExpectDone(half);
  EXPECT_THAT(half.out, AllOf(HasSubstr("stopped, replicating"), HasSubstr("best so far"),
                              HasSubstr("mote resume runs/half")));
  const auto done = ParseJson(Mote({"status", "runs/done", "--format", "json"}).out)["rows"][0];
  EXPECT_EQ(done["stage"], "done");
  EXPECT_EQ(done["next"], "mote report runs/done");
  ExpectRefusal(Mote({"status", "runs/other"}), 1, {"holds no run"});
}

TEST_F(ReportTest, VerifiesBits) {
  MakeRun("run", {"--score-seed", "3"});
  const Finished equal = Mote({"verify", "run", "-n", "4", "--format", "json"});
  ExpectDone(equal);
  const auto rows = ParseJson(equal.out)["rows"];
  ASSERT_EQ(rows.size(), 4u);
  for (const auto& row : rows) EXPECT_EQ(row["stored"], row["recomputed"]);
  EXPECT_THAT(equal.err, Not(HasSubstr("note:")));
  EXPECT_EQ(Mote({"verify", "run", "-n", "4", "--format", "json", "--workers", "1"}).out,
            equal.out);

  // One bit of one score, and another instruction set in the records.
  Execute("run/store.sqlite",
          "UPDATE estimate SET value = value * (1 + 3e-16); UPDATE provenance SET isa = 'other'");
  const Finished unequal = Mote({"verify", "run", "-n", "100"});
  EXPECT_EQ(unequal.exit_code, 1);
  EXPECT_THAT(unequal.out, HasSubstr("unequal"));
  EXPECT_THAT(unequal.err, AllOf(HasSubstr("instruction set: recorded other"),
                                 HasSubstr("cannot be expected"), HasSubstr("unequal")));
}

TEST_F(ReportTest, CannotVerifyWithoutAStore) {
  MakeRun("run", {"--store", "none"});
  ExpectRefusal(Mote({"verify", "run"}), 1, {"keeps no store"});
  ExpectDone(Mote({"report", "run"}));
}

}  // namespace
}  // namespace mote
