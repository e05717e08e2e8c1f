#include "mote/cli/figure_folder.h"

#include <fmt/format.h>

#include <map>

#include "mote/base/error.h"
#include "mote/base/file.h"
#include "mote/run/csv.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;

struct Found {
  std::map<std::string, Figure> figures;  // by name
  std::vector<FigureText> texts;
};

void TakeNumbers(const fs::path& file, Figure& figure, std::vector<FigureText>& texts) {
  figure.csv = ReadFile(file);
  try {
    for (CsvRow& row : ParseCsv(figure.csv, file.string())) {
      if (figure.header.empty()) {
        figure.header = std::move(row.cells);
      } else {
        figure.rows.push_back(std::move(row.cells));
      }
    }
  } catch (const Error& error) {
    figure.header.clear();
    figure.rows.clear();
    texts.push_back({file.filename().string() + " is not shown", error.what()});
  }
}

Found Find(const fs::path& folder) {
  std::map<std::string, fs::path> files;  // by name: the order of folders is anyone's
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file()) files.emplace(entry.path().filename().string(), entry.path());
  }
  Found found;
  for (const auto& [name, file] : files) {
    const std::string stem = file.stem().string(), ending = file.extension().string();
    if (ending == ".svg") found.figures[stem].svg = ReadFile(file);
    if (ending == ".csv") TakeNumbers(file, found.figures[stem], found.texts);
    if (ending == ".txt" || ending == ".md" || name == "compare.json") {
      found.texts.push_back({name, ReadFile(file)});
    }
  }
  for (auto& [name, figure] : found.figures) figure.name = name;
  return found;
}

}  // namespace

bool HasFigures(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string ending = entry.path().extension().string();
    if (entry.is_regular_file() && (ending == ".svg" || ending == ".csv")) return true;
  }
  return false;
}

ReportSection FigureSection(const fs::path& folder, const std::string& title) {
  Found found = Find(folder);
  ReportSection section;
  section.title = title;
  section.summary.push_back(fmt::format("A folder with {} figure{}.", found.figures.size(),
                                        found.figures.size() == 1 ? "" : "s"));
  for (auto& [name, figure] : found.figures) section.figures.push_back(std::move(figure));
  section.texts = std::move(found.texts);
  return section;
}

}  // namespace mote::cli
