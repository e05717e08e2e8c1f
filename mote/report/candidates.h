// The architectures of a report: one row each, with columns of numbers.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mote/space/search_space.h"

namespace mote {

inline constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

enum class Preference { kNone, kHigher, kLower };

// As runs write it: "lower is better" or "higher is better".
constexpr std::string_view Words(Preference better) {
  return better == Preference::kLower ? "lower is better" : "higher is better";
}

struct ReportColumn {
  std::string name;       // unique in its table, without blanks: "mote", "params"
  std::string label;      // for people: "Parameters, M"
  std::string help = {};  // a sentence, or empty
  Preference better = Preference::kNone;
  double scale = 1;              // what is shown is the value times this
  int digits = 4;                // ... with so many behind the point,
  bool scientific = false;       // or before the exponent
  bool is_score = false;         // an estimate, which charts are drawn of
  bool is_whole = false;         // counts
  std::vector<double> values{};  // by row; kNoValue: none
};

struct CandidateTable {
  std::vector<std::string> archs;
  // By row, the option of each choice as a base-36 digit: what a cell is drawn from. Empty for a
  // text that is not of the space.
  std::vector<std::string> decisions;
  std::vector<ReportColumn> columns;

  int rows() const { return int(archs.size()); }
  const ReportColumn* Find(std::string_view name) const;
  // The first one that is an estimate, or null.
  const ReportColumn* Score() const;
};

// The name of an estimator as that of a column: "mote"; "params-score" where a column of another
// meaning has that name; blanks become '-'.
std::string ScoreColumnName(const std::string& estimator);

// Nothing if the text is none of the space's: files of others may hold anything.
std::optional<Architecture> TryParse(const SearchSpace& space, const std::string& text);

// Fills `decisions`; `space` may be null.
void AddDecisions(CandidateTable& table, const SearchSpace* space);

// Adds columns "params" and "macs": of the benchmark's network for the task, dead operations left
// out. Takes about a second for 15,000 cells.
void AddCosts(CandidateTable& table, const SearchSpace& space, const Task& task);

// Chooses digits so that the column's values differ: plain numbers where they have a usual size,
// powers of ten elsewhere.
void ChooseDigits(ReportColumn& column);

// The value as the page shows it; "" for none.
std::string ShownValue(const ReportColumn& column, double value);

// "0.858 M", "121.8 M".
std::string Millions(double value);

// The task that the data set described by Dataset::Describe() sets: "..., 10 classes, 32x32".
// Nothing if the text is of another form.
std::optional<Task> TaskOfDescription(std::string_view description);

}  // namespace mote
