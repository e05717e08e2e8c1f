#include "tests/fuzz/target.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>

namespace mote::fuzz {

namespace fs = std::filesystem;

Tally& Counts() {
  static Tally counts;
  return counts;
}

void CheckRefusal(const Error& error) {
  MOTE_CHECK(error.code() != ErrorCode::kInternal, "input led to a bug: {}", error.what());
  MOTE_CHECK(error.code() != ErrorCode::kOutOfMemory, "input ate the memory: {}", error.what());
  MOTE_CHECK(!std::string_view(error.what()).empty(), "an error of {} without words",
             Name(error.code()));
}

std::string JoinParts(const std::vector<std::string>& parts) {
  std::string joined;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i + 1 < parts.size()) {
      MOTE_CHECK(parts[i].size() <= 0xffff, "a part of {} bytes", parts[i].size());
      joined += char(parts[i].size() & 0xff);
      joined += char(parts[i].size() >> 8);
    }
    joined += parts[i];
  }
  return joined;
}

std::vector<std::string> SplitParts(std::string_view input, std::size_t count) {
  std::vector<std::string> parts;
  while (parts.size() + 1 < count && input.size() >= 2) {
    const std::size_t size = std::size_t(std::uint8_t(input[0])) | std::uint8_t(input[1]) << 8;
    input.remove_prefix(2);
    parts.emplace_back(input.substr(0, size));
    input.remove_prefix(parts.back().size());
  }
  parts.emplace_back(input);
  parts.resize(count);
  return parts;
}

std::vector<std::string> SplitLines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

Folder::Folder() {
  std::string name = (fs::temp_directory_path() / "mote-fuzz-XXXXXX").string();
  MOTE_CHECK(::mkdtemp(name.data()), "cannot make {}", name);
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path Folder::Put(const std::string& name, std::string_view content) const {
  const fs::path path = path_ / name;
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  MOTE_CHECK(file >= 0, "cannot write {}", path.string());
  MOTE_CHECK(::write(file, content.data(), content.size()) == ssize_t(content.size()));
  ::close(file);
  return path;
}

void Folder::PutUnlessEmpty(const std::string& name, std::string_view content) const {
  if (content.empty()) {
    ::unlink((path_ / name).c_str());
  } else {
    Put(name, content);
  }
}

void Folder::RemoveAllFiles() const {
  for (const fs::directory_entry& entry : fs::directory_iterator(path_)) fs::remove(entry.path());
}

}  // namespace mote::fuzz
