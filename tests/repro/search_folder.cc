#include "tests/repro/search_folder.h"

#include <gmock/gmock.h>

#include <set>

#include "mote/base/file.h"

namespace mote::testing {
namespace {

using ::testing::ElementsAre;

// Without drafts of files that a kill left, and without what SQLite puts beside a store that is
// read: no parts of a run.
std::set<std::string> Files(const std::filesystem::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".tmp") && !name.ends_with("-wal") && !name.ends_with("-shm")) {
      names.insert(name);
    }
  }
  return names;
}

}  // namespace

void PrintTo(const MiniSearch& search, std::ostream* out) {
  *out << search.strategy << " by " << search.by;
}

std::filesystem::path SearchFolder::NextLog() { return folder_ / fmt::format("log-{}", ++logs_); }

std::unique_ptr<Process> SearchFolder::Search() {
  std::vector<std::string> arguments = {"search",
                                        "--out",
                                        run().string(),
                                        "--data",
                                        "noise",
                                        "--preset",
                                        "faster",
                                        "--estimator",
                                        search_.estimators,
                                        "--strategy",
                                        search_.strategy,
                                        "--by",
                                        search_.by,
                                        "--finalists",
                                        "3",
                                        "--replicates",
                                        "2",
                                        "--evaluate",
                                        "train",
                                        "--format",
                                        search_.format};
  for (const auto& [option, count] :
       {std::pair("--judged", search_.judged), {"--workers", search_.workers}}) {
    arguments.insert(arguments.end(), {option, fmt::format("{}", count)});
  }
  for (const std::string& option :
       {std::string("faster.epochs=1"), std::string("faster.images=32"),
        fmt::format("mote-nas.iterations={}", search_.iterations),
        fmt::format("val-accuracy.epochs={}", search_.judge_epochs),
        std::string("val-accuracy.images=40"), std::string("val-accuracy.image_size=8"),
        std::string("val-accuracy.channels=4"), std::string("reference.precision=float")}) {
    arguments.insert(arguments.end(), {"--set", option});
  }
  for (const std::string& option : search_.set) {
    arguments.insert(arguments.end(), {"--set", option});
  }
  if (search_.quiet) arguments.push_back("--quiet");
  return std::make_unique<Process>(arguments, NextLog());
}

std::unique_ptr<Process> SearchFolder::Resume(int workers) {
  std::vector<std::string> arguments = {"resume",    run().string(),
                                        "--workers", fmt::format("{}", workers),
                                        "--format",  search_.format};
  if (search_.quiet) arguments.push_back("--quiet");
  return std::make_unique<Process>(arguments, NextLog());
}

std::unique_ptr<Process> SearchFolder::GoOn(int workers) {
  return HasRun() ? Resume(workers) : Search();
}

void ExpectEqualRuns(const SearchFolder& a, const SearchFolder& b) {
  EXPECT_EQ(ReadFile(a.result()), ReadFile(b.result()));
  EXPECT_EQ(ReadFile(a.run() / "cell.svg"), ReadFile(b.run() / "cell.svg"));
  for (const SearchFolder* folder : {&a, &b}) {
    EXPECT_THAT(Files(folder->run()), ElementsAre("cell.svg", "config.toml", "history.csv",
                                                  "result.json", "store.sqlite"));
  }
  const auto store = Store::OpenReadOnly(a.store()), other = Store::OpenReadOnly(b.store());
  ExpectEqualStores(*store, *other);
}

}  // namespace mote::testing
