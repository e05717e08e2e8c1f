// A miniature search by the program, and the folder it leaves.
#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "tests/repro/equal_stores.h"
#include "tests/repro/process.h"

namespace mote::testing {

struct MiniSearch {
  std::string strategy = "mote-nas";
  std::string estimators = "mote.landscape";
  std::string by = "score";
  std::vector<std::string> set = {};
  int iterations = 2;  // of mote-nas
  int workers = 2;
  int judged = 2;
  int judge_epochs = 1;  // that each of them is trained
  std::string format = "table";
  bool quiet = false;
};

// In the names of tests.
void PrintTo(const MiniSearch& search, std::ostream* out);

// A folder with a run in it, or with none yet, and the logs of what ran there.
class SearchFolder {
 public:
  explicit SearchFolder(MiniSearch search = {}) : search_(std::move(search)) {}

  std::filesystem::path run() const { return folder_ / "run"; }
  std::filesystem::path config() const { return run() / "config.toml"; }
  std::filesystem::path result() const { return run() / "result.json"; }
  std::filesystem::path store() const { return run() / "store.sqlite"; }

  bool HasRun() const { return std::filesystem::exists(config()); }
  bool HasResult() const { return std::filesystem::exists(result()); }

  // Each start has a log of its own.
  std::unique_ptr<Process> Search();
  std::unique_ptr<Process> Resume(int workers);
  // `resume` if there is something to be resumed.
  std::unique_ptr<Process> GoOn(int workers);

 private:
  std::filesystem::path NextLog();

  MiniSearch search_;
  TempFolder folder_;
  int logs_ = 0;
};

// The same result byte by byte, the same store row by row, and no file more or less.
void ExpectEqualRuns(const SearchFolder& a, const SearchFolder& b);

}  // namespace mote::testing
