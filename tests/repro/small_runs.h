// Runs of a second, and what is compared about them.
#pragma once

#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

#include "mote/run/experiment.h"
#include "mote/run/session.h"
#include "tests/repro/equal_stores.h"

namespace mote::testing {

// Five cells of 8 channels on 32 images of noise, trained for an epoch. `backend` is one of the
// builtin ones; the reference backend computes in single precision.
ScoreSettings SmallScores(const std::string& backend, int workers,
                          const std::filesystem::path& store = {});

// A search of 15 such networks or so, by mote.landscape, the best two judged by training.
SearchSettings SmallSearch(const std::string& backend, int workers,
                           const std::filesystem::path& store = {});

// A file of constants for the estimator mote, which any preset takes.
void WriteCalibration(const std::filesystem::path& path);

// Everything about a result that must not depend on workers, store or luck: doubles bit by bit.
struct Essence {
  using Row = std::tuple<std::string, double, int, std::optional<double>>;

  bool finished;
  int architectures;
  std::vector<Row> ranking;
  std::optional<double> sureness;

  bool operator==(const Essence&) const = default;
};
Essence EssenceOf(const SearchResult& result);
void PrintTo(const Essence& essence, std::ostream* out);

// The first `count` architectures of the space that are connected and of different classes.
std::vector<Architecture> DifferentCells(const SearchSpace& space, int count);

}  // namespace mote::testing
