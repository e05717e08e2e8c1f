#include "mote/data/cifar_binary.h"

#include <cstdint>
#include <string_view>

#include "mote/base/error.h"
#include "mote/base/file.h"

namespace mote {

bool IsFile(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error);
}

void AppendCifarFile(const std::filesystem::path& file, const CifarLayout& layout, Split& split) {
  constexpr std::size_t kPlane = kCifarSide * kCifarSide;
  const std::size_t labels = layout.label_values.size();
  const std::size_t record_size = labels + 3 * kPlane;
  const std::string content = ReadFile(file);
  if (content.empty() || content.size() % record_size != 0) {
    Throw(ErrorCode::kCorrupt,
          "'{}' has {} bytes, which is no whole number of records of {} bytes; fetch it again",
          file.string(), content.size(), record_size);
  }
  const std::size_t records = content.size() / record_size;
  split.pixels.reserve(split.pixels.size() + records * 3 * kPlane);
  split.labels.reserve(split.labels.size() + records);
  for (std::size_t r = 0; r < records; ++r) {
    const char* record = content.data() + r * record_size;
    for (std::size_t i = 0; i < labels; ++i) {
      const int label = std::uint8_t(record[i]);
      if (label >= layout.label_values[i]) {
        Throw(ErrorCode::kCorrupt,
              "'{}': record {} of {} (counted from 0) has label {}, but labels are 0 to {}",
              file.string(), r, records, label, layout.label_values[i] - 1);
      }
    }
    split.labels.push_back(std::uint8_t(record[labels - 1]));
    const char* planes = record + labels;
    for (std::size_t pixel = 0; pixel < kPlane; ++pixel) {
      for (std::size_t c = 0; c < 3; ++c) {
        split.pixels.push_back(std::uint8_t(planes[c * kPlane + pixel]));
      }
    }
  }
}

std::vector<std::string> ReadCifarNames(const std::filesystem::path& file, int classes,
                                        std::vector<std::string>& notes) {
  std::vector<std::string> names;
  const bool exists = IsFile(file);
  if (exists) {
    const std::string content = ReadFile(file);
    for (std::string_view rest = content; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
      if (!line.empty()) names.emplace_back(line);
    }
  }
  if (names.size() == std::size_t(classes)) return names;
  notes.push_back(exists ? fmt::format("'{}' holds {} names instead of {}: classes are numbered",
                                       file.filename().string(), names.size(), classes)
                         : fmt::format("no '{}': classes are numbered", file.filename().string()));
  names.clear();
  for (int c = 0; c < classes; ++c) names.push_back(fmt::format("class {}", c));
  return names;
}

}  // namespace mote
