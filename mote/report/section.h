// One part of a report as plain data: a search, a store, or a folder of figures. What page.h draws.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "mote/report/candidates.h"
#include "mote/report/history.h"

namespace mote {

// Names and values to read, in order.
using Facts = std::vector<std::pair<std::string, std::string>>;

struct ReportFailure {
  std::string arch;
  std::string what;  // "mote, replicate 3"
  std::string reason;
  bool operator==(const ReportFailure&) const = default;
};

// A picture, the numbers behind it, or one of both.
struct Figure {
  std::string name;
  std::string svg = {};                             // a document; empty: none
  std::string csv = {};                             // as the file is
  std::vector<std::string> header = {};             // of the numbers
  std::vector<std::vector<std::string>> rows = {};  // each as long as the header
};

struct FigureText {
  std::string name;
  std::string text;
};

struct ReportSection {
  std::string title;                 // what the user called it
  std::string state = {};            // "finished", "running", "stopped"; empty: it has none
  std::vector<std::string> summary;  // sentences
  Facts key_numbers = {};            // the few to be seen at once
  std::string space = {};            // of the candidates; empty: none or not known
  std::string winner = {};           // its text; empty: none
  std::string winner_cell = {};      // drawn, SVG; empty: cannot be
  CandidateTable candidates = {};    // the best first
  std::vector<BestSoFar> curves = {};
  std::vector<ReportFailure> failures = {};
  Facts configuration = {};
  std::vector<Facts> provenance = {};
  std::string repeat = {};  // the command that repeats it; empty: none
  std::vector<Figure> figures = {};
  std::vector<FigureText> texts = {};
};

// What sections are made with.
struct ReportContext {
  const SpaceRegistry& spaces;
  IsLowerBetter is_lower_better;
};

// The space of that name with its own options, or null.
std::unique_ptr<SearchSpace> SpaceOf(const ReportContext& context, const std::string& name);

// The winner drawn, or "" if it cannot be.
std::string DrawnCell(const SearchSpace* space, const std::string& arch);

// A row of facts per provenance of the store's probes.
std::vector<Facts> ProvenanceFacts(const StoreContent& content);
Facts FactsOf(const Provenance& provenance);

}  // namespace mote
