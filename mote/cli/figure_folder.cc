#include "mote/cli/figure_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "mote/base/error.h"
#include "mote/base/file.h"
#include "mote/run/csv.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr const char* kAboutFile = "about.json";
constexpr int kFormat = 1;

ordered_json JsonOf(const Facts& facts) {
  ordered_json json = ordered_json::object();
  for (const auto& [name, value] : facts) json[name] = value;
  return json;
}

Facts FactsOfJson(const ordered_json& json) {
  Facts facts;
  for (const auto& [name, value] : json.items()) {
    facts.emplace_back(name, value.get<std::string>());
  }
  return facts;
}

// Into the section, as WriteAbout wrote it; all of it or nothing.
void TakeAbout(const fs::path& file, ReportSection& section) {
  try {
    const ordered_json about = ordered_json::parse(ReadFile(file));
    if (about.at("mote").at("format") != kFormat) {
      section.texts.push_back({fmt::format("{} is not shown", kAboutFile),
                               "It was written by another version of mote."});
      return;
    }
    const auto summary = about.at("summary").get<std::vector<std::string>>();
    Facts configuration = FactsOfJson(about.at("configuration"));
    std::vector<Facts> provenance;
    for (const ordered_json& one : about.at("provenance")) provenance.push_back(FactsOfJson(one));
    section.repeat = about.at("repeat").get<std::string>();
    section.summary = summary;
    section.configuration = std::move(configuration);
    section.provenance = std::move(provenance);
  } catch (const ordered_json::exception&) {
    section.texts.push_back(
        {fmt::format("{} is not shown", kAboutFile), "It is damaged, or not mote's."});
  }
}

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
    if (ending == ".txt" || ending == ".md") found.texts.push_back({name, ReadFile(file)});
  }
  for (auto& [name, figure] : found.figures) figure.name = name;
  return found;
}

}  // namespace

void AddSource(const Provenance& source, std::vector<Provenance>& sources) {
  const auto is_same = [&](const Provenance& other) {
    return other.fingerprint == source.fingerprint;
  };
  if (std::none_of(sources.begin(), sources.end(), is_same)) sources.push_back(source);
}

void WriteAbout(const fs::path& folder, const std::vector<std::string>& summary,
                const CommandLine& command, const std::vector<Provenance>& provenance) {
  ordered_json about;
  about["mote"] = {{"format", kFormat}, {"version", BuildProvenance().version}};
  about["summary"] = summary;
  about["configuration"] = JsonOf(command.options);
  about["provenance"] = ordered_json::array();
  for (const Provenance& one : provenance) about["provenance"].push_back(JsonOf(FactsOf(one)));
  about["repeat"] = command.repeat;
  // Names of files and folders may be anything.
  WriteFileAtomically(folder / kAboutFile,
                      about.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

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
  const std::size_t count = found.figures.size();
  for (auto& [name, figure] : found.figures) section.figures.push_back(std::move(figure));
  std::stable_partition(section.figures.begin(), section.figures.end(),
                        [](const Figure& figure) { return !figure.svg.empty(); });
  section.texts = std::move(found.texts);
  if (fs::is_regular_file(folder / kAboutFile)) TakeAbout(folder / kAboutFile, section);
  if (section.summary.empty()) {
    section.summary.push_back(
        fmt::format("A folder with {} figure{}.", count, count == 1 ? "" : "s"));
  }
  return section;
}

}  // namespace mote::cli
