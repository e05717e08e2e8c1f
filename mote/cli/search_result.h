// What a search has found, as rows, as a file for programs, as a story for people.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "mote/cli/text_table.h"
#include "mote/run/experiment.h"

namespace mote::cli {

// In the direction of what the search went by: strategies are told utilities, of which higher is
// better.
double ScoreOf(const Ranked& ranked, Direction direction);

// The best `rows`, one row each: finalists first. `targets` are columns of the experiment's table
// that stand beside.
ResultTable Finalists(const SearchResult& result, Experiment& experiment,
                      const std::vector<std::string>& targets, int rows);

// The whole of result.json: nothing in it depends on workers, stops or the clock.
std::string ResultJson(const SearchResult& result, Experiment& experiment);

// Every evaluation in the order asked, as CSV: step, arch, purpose (score or judge), estimator,
// replicate, value, failure, core_seconds. Of equal networks the first bears the cost.
std::string HistoryCsv(const SearchResult& result, const Experiment& experiment);

// What a person sees at the end. The ranking is not empty.
std::string Story(const SearchResult& result, Experiment& experiment,
                  const std::vector<std::string>& targets, const std::filesystem::path& folder);

}  // namespace mote::cli
