#include "tests/contract/source_tree.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "mote/base/file.h"

namespace mote {
namespace {

bool IsWordCharacter(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// Walks over C++ text and blanks what is no code.
class Blanker {
 public:
  explicit Blanker(std::string_view text) : text_(text), result_(text) {}

  std::string Run() {
    while (at_ < text_.size()) {
      const std::string_view rest = text_.substr(at_);
      if (rest.starts_with("//")) {
        BlankUntil(text_.find('\n', at_));
      } else if (rest.starts_with("/*")) {
        BlankUntil(EndOf("*/", at_ + 2));
      } else if (rest.starts_with("R\"") && !IsInWord()) {
        BlankRawString();
      } else if (text_[at_] == '"' && IsIncludeLine()) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (text_[at_] == '"' || (text_[at_] == '\'' && !IsDigitSeparator())) {
        BlankLiteral(text_[at_]);
      } else {
        ++at_;
      }
    }
    return result_;
  }

 private:
  bool IsInWord() const { return at_ > 0 && IsWordCharacter(text_[at_ - 1]); }
  // 1'000: a quote inside a number.
  bool IsDigitSeparator() const {
    return IsInWord() && at_ + 1 < text_.size() && IsWordCharacter(text_[at_ + 1]) &&
           std::isxdigit(static_cast<unsigned char>(text_[at_ - 1]));
  }
  bool IsIncludeLine() const {
    const std::size_t start = text_.rfind('\n', at_) + 1;  // 0 if there is none
    const std::size_t first = text_.find_first_not_of(" \t", start);
    if (text_[first] != '#') return false;
    const std::size_t word = text_.find_first_not_of(" \t", first + 1);
    return text_.substr(std::min(word, text_.size())).starts_with("include");
  }
  std::size_t EndOf(std::string_view end, std::size_t from) const {
    const std::size_t found = text_.find(end, from);
    return found == std::string_view::npos ? text_.size() : found + end.size();
  }
  void BlankUntil(std::size_t end) {
    for (end = std::min(end, text_.size()); at_ < end; ++at_) {
      if (text_[at_] != '\n') result_[at_] = ' ';
    }
  }
  void BlankRawString() {
    const std::size_t open = text_.find('(', at_);
    const std::string delimiter(text_.substr(at_ + 2, std::min(open, text_.size()) - at_ - 2));
    BlankUntil(EndOf(")" + delimiter + "\"", at_ + 2));
  }
  void BlankLiteral(char quote) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') {
      end += text_[end] == '\\' ? 2 : 1;
    }
    BlankUntil(end + 1);
  }

  std::string_view text_;
  std::string result_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<SourceFile> ReadSources(const std::vector<std::string>& folders,
                                    const std::function<bool(std::string_view)>& wanted) {
  namespace fs = std::filesystem;
  const fs::path root = MOTE_SOURCE_DIR;
  std::vector<SourceFile> files;
  for (const std::string& folder : folders) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string path = entry.path().lexically_relative(root).generic_string();
      if (entry.is_regular_file() && wanted(path)) files.push_back({path, ReadFile(entry.path())});
    }
  }
  std::sort(files.begin(), files.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

bool IsCpp(std::string_view path) {
  return path.ends_with(".h") || path.ends_with(".cc") || path.ends_with(".def") ||
         path.ends_with(".inc");
}

std::string CodeOnly(std::string_view cpp) { return Blanker(cpp).Run(); }

std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string ToText(const Violations& violations) {
  std::string text;
  for (const std::string& violation : violations) text += violation + "\n";
  return text;
}

}  // namespace mote
