// The spellings of a cell and what is wrong with those that are none.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "mote/base/error.h"
#include "mote/base/options.h"
#include "mote/space/nasbench201_sets.h"

namespace mote::nasbench201 {
namespace {

constexpr std::string_view kExample =
    "|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|none~2|";
constexpr std::string_view kExampleOfSets =
    "|nor_conv_3x3~0|+|skip_connect,nor_conv_3x3~0|none~1|+|none~0|nor_conv_3x3~1|avg_pool_3x3~2|";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// One line of printable ASCII, whatever the text holds.
std::string Quote(std::string_view text) {
  constexpr std::size_t kMost = 120;
  std::string quoted = "'";
  for (char c : text.substr(0, kMost)) {
    if (c >= ' ' && c <= '~') {
      quoted += c;
    } else {
      quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  quoted += text.size() > kMost ? "...'" : "'";
  return quoted;
}

class Parser {
 public:
  Parser(std::string_view text, std::string_view example) : text_(text), example_(example) {
    while (!text_.empty() && IsSpace(text_.front())) text_.remove_prefix(1);
    while (!text_.empty() && IsSpace(text_.back())) text_.remove_suffix(1);
    if (text_.empty()) {
      Throw(ErrorCode::kInvalidArgument, "the architecture is empty; write one like {}", example_);
    }
  }

  Cell OneCell() {
    if (text_.front() == '|') return Official();
    if (text_.find_first_not_of("0123456789") == std::string_view::npos) return BareDigits();
    if (IsDigit(text_.front()) || text_.front() == '(' || text_.front() == '[') return List();
    Fail("a cell of NAS-Bench-201 starts with '|', or is six digits");
  }

  OperationSets Sets() {
    if (text_.front() != '|') Fail("a supernet of NAS-Bench-201 starts with '|'");
    OperationSets sets;
    ForEachEdge([&](int e) { sets[e] = OneSet(); });
    return sets;
  }

 private:
  template <typename... Args>
  [[noreturn]] void Fail(fmt::format_string<Args...> format, Args&&... args) const {
    Throw(ErrorCode::kInvalidArgument, "architecture {}, character {}: {}; an example: {}",
          Quote(text_), at_ + 1, fmt::format(format, std::forward<Args>(args)...), example_);
  }

  bool AtEnd() const { return at_ == text_.size(); }
  bool Next(char c) const { return !AtEnd() && text_[at_] == c; }

  // What stands here, for messages.
  std::string Here() const { return AtEnd() ? "the end" : Quote(text_.substr(at_, 1)); }

  void Expect(char c, std::string_view why) {
    if (!Next(c)) Fail("expected '{}' {}, found {}", c, why, Here());
    ++at_;
  }

  // Everything up to one of the marks, or the end.
  std::string_view Take(std::string_view marks) {
    const std::size_t end = std::min(text_.find_first_of(marks, at_), text_.size());
    const std::string_view token = text_.substr(at_, end - at_);
    at_ = end;
    return token;
  }

  void SkipSpaces() {
    while (!AtEnd() && IsSpace(text_[at_])) ++at_;
  }

  Cell Official() {
    Cell cell;
    ForEachEdge([&](int e) { cell[e] = OperationName("~|+"); });
    return cell;
  }

  // Calls read(e) where the operation of each edge stands, in the order of the benchmark's text.
  template <typename Read>
  void ForEachEdge(const Read& read) {
    for (int e = 0; e < kEdges; ++e) {
      const auto [target, source] = kEdgeList[e];
      if (source == 0) {
        if (target > 1) Expect('+', fmt::format("before the edges of node {}", target));
        Expect('|', fmt::format("before the edges of node {}", target));
      }
      read(e);
      SourceNode(target, source);
      Expect('|', fmt::format("after edge {}<-{}", target, source));
    }
    if (!AtEnd()) Fail("the cell ends here, but {} follows", Quote(text_.substr(at_)));
  }

  OperationSet OneSet() {
    OperationSet set;
    for (bool is_first = true;; is_first = false) {
      const std::size_t start = at_;
      const Operation operation = OperationName("~|+,");
      const bool goes_on = Next(',');
      const std::string name = Quote(text_.substr(start, at_ - start));
      if (set.Has(operation)) {
        at_ = start;
        Fail("{} twice on one edge", name);
      }
      if (operation == Operation::kNone && (goes_on || !is_first)) {
        at_ = start;
        Fail("{} stands alone on its edge or not at all", name);
      }
      set.Add(operation);
      if (!goes_on) return set;
      ++at_;
    }
  }

  // Everything up to one of the marks.
  Operation OperationName(std::string_view marks) {
    const std::size_t start = at_;
    const std::string_view name = Take(marks);
    if (name == "zeros") return Operation::kNone;  // as the MOTE authors' records spell it
    const auto found = std::find(kOperationNames.begin(), kOperationNames.end(), name);
    if (found == kOperationNames.end()) {
      at_ = start;
      Fail("there is no operation {}; there is {}", Quote(name),
           ListOr(std::vector<std::string>(kOperationNames.begin(), kOperationNames.end())));
    }
    return Operation(found - kOperationNames.begin());
  }

  void SourceNode(int target, int source) {
    Expect('~', "and the edge's source node after the operation");
    const std::size_t start = at_;
    const std::string_view node = Take("~|+");
    if (node != std::to_string(source)) {
      at_ = start;
      Fail("this edge of node {} must come from node {}, not {}", target, source, Quote(node));
    }
  }

  Cell BareDigits() {
    if (text_.size() != kEdges) {
      Throw(ErrorCode::kInvalidArgument,
            "architecture {} is a bare number: an index of NAS-Bench-201 needs a benchmark table "
            "that holds it, since the benchmark's numbering follows no rule; give six digits of 0 "
            "to 4 or the cell itself; an example: {}",
            Quote(text_), example_);
    }
    Cell cell;
    for (Operation& operation : cell) operation = OperationNumber(1);
    return cell;
  }

  // Reads at most so many digits.
  Operation OperationNumber(std::size_t most) {
    const std::size_t start = at_;
    while (!AtEnd() && IsDigit(text_[at_]) && at_ - start < most) ++at_;
    const std::string_view digits = text_.substr(start, at_ - start);
    if (digits.size() != 1 || digits[0] - '0' >= kOperations) {
      at_ = start;
      Fail("expected the number of an operation, found {}; the numbers are {}",
           digits.empty() ? Here() : Quote(digits), Numbering());
    }
    return Operation(digits[0] - '0');
  }

  static std::string Numbering() {
    std::string text;
    for (int i = 0; i < kOperations; ++i) {
      text += fmt::format("{}{} {}", i == 0 ? "" : ", ", i, kOperationNames[i]);
    }
    return text;
  }

  Cell List() {
    const char close = Next('(') ? ')' : Next('[') ? ']' : '\0';
    if (close != '\0') ++at_;
    Cell cell;
    for (int e = 0; e < kEdges; ++e) {
      SkipSpaces();
      if (e > 0) {
        Expect(',', fmt::format("between the {} decisions", kEdges));
        SkipSpaces();
      }
      cell[e] = OperationNumber(text_.size());
    }
    SkipSpaces();
    if (close != '\0') Expect(close, fmt::format("after {} decisions", kEdges));
    if (!AtEnd()) {
      Fail("the {} decisions end here, but {} follows", kEdges, Quote(text_.substr(at_)));
    }
    return cell;
  }

  std::string_view text_;
  std::string_view example_;
  std::size_t at_ = 0;
};

}  // namespace

Cell Parse(std::string_view text) { return Parser(text, kExample).OneCell(); }

OperationSets ParseSets(std::string_view text) { return Parser(text, kExampleOfSets).Sets(); }

}  // namespace mote::nasbench201
