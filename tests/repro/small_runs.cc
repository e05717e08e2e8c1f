#include "tests/repro/small_runs.h"

#include <ostream>
#include <set>

#include "mote/base/file.h"

namespace mote::testing {

ScoreSettings SmallScores(const std::string& backend, int workers,
                          const std::filesystem::path& store) {
  ScoreSettings settings;
  settings.data = "noise";
  settings.preset = "faster";
  settings.estimators = {"mote.landscape"};
  settings.set = {"faster.epochs=1", "faster.images=32", "reference.precision=float"};
  settings.backend = backend;
  settings.workers = workers;
  settings.store = store;
  return settings;
}

SearchSettings SmallSearch(const std::string& backend, int workers,
                           const std::filesystem::path& store) {
  SearchSettings settings;
  settings.score = SmallScores(backend, workers, store);
  for (const char* option :
       {"mote-nas.iterations=2", "val-accuracy.epochs=1", "val-accuracy.images=40",
        "val-accuracy.image_size=8", "val-accuracy.channels=4"}) {
    settings.score.set.push_back(option);
  }
  settings.judging = Judging::kTrain;
  settings.finals = {.finalists = 3, .replicates = 2, .judged = 2};
  return settings;
}

void WriteCalibration(const std::filesystem::path& path) {
  WriteFileAtomically(path, R"({
    "released": {"landscape": {"lambda": 1, "shift": 2, "weight": 0.5},
                 "speed": {"lambda": 0.5, "shift": 1, "weight": 0.25}, "source": "a test"}})");
}

Essence EssenceOf(const SearchResult& result) {
  Essence essence{result.finished, result.architectures, {}, {}};
  for (const Ranked& ranked : result.ranking) {
    essence.ranking.emplace_back(ranked.architecture.text(), ranked.utility, ranked.replicates,
                                 ranked.judged);
  }
  if (result.sureness) essence.sureness = result.sureness->first;
  return essence;
}

void PrintTo(const Essence& essence, std::ostream* out) {
  *out << (essence.finished ? "finished" : "stopped") << ", " << essence.architectures
       << " architectures, sureness " << essence.sureness.value_or(-1) << '\n';
  for (const auto& [architecture, utility, replicates, judged] : essence.ranking) {
    *out << fmt::format("  {} {} ({}) {}\n", architecture, utility, replicates,
                        judged.value_or(-1));
  }
}

std::vector<Architecture> DifferentCells(const SearchSpace& space, int count) {
  std::vector<Architecture> cells;
  std::set<Hash128> classes;
  for (std::int64_t index = 0; int(cells.size()) < count; index += 7) {
    Architecture cell = space.At(index % space.size());
    if (space.IsConnected(cell) && classes.insert(space.ClassId(cell)).second) {
      cells.push_back(std::move(cell));
    }
  }
  return cells;
}

}  // namespace mote::testing
