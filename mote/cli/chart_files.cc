#include "mote/cli/chart_files.h"

namespace mote::cli {

void WriteChart(const Chart& chart, std::filesystem::path stem, const OutputOptions& output) {
  for (const char* ending : {".csv", ".svg", ".png"}) {
    if (stem.extension() == ending) stem.replace_extension();
  }
  const ChartFiles files = mote::WriteChart(chart, stem);
  std::string names;
  for (const auto& file : files.written) names += (names.empty() ? "" : ", ") + file.string();
  Note(output, "wrote " + names);
  if (!files.without_pictures.empty()) Note(output, files.without_pictures);
}

}  // namespace mote::cli
