#include "mote/run/table_import_record.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "mote/base/error.h"

namespace mote {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kEdges = 6;
constexpr std::uint64_t kLargestIndex = 1'000'000'000;

template <typename... Args>
[[noreturn]] void Fail(const fs::path& file, fmt::format_string<Args...> format, Args&&... args) {
  Throw(ErrorCode::kCorrupt, "'{}': {}", file.string(),
        fmt::format(format, std::forward<Args>(args)...));
}

json ParseObject(const fs::path& file, std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) Fail(file, "the file is empty");
  std::set<std::string> keys;
  const auto check = [&](int depth, json::parse_event_t event, json& value) {
    const bool opens =
        event == json::parse_event_t::object_start || event == json::parse_event_t::array_start;
    if (opens && depth > 2) Fail(file, "more levels of brackets than a record has");
    if (event == json::parse_event_t::key && depth == 1 &&
        !keys.insert(value.get<std::string>()).second) {
      Fail(file, "'{}' stands there twice", value.get<std::string>());
    }
    return true;
  };
  try {
    json record = json::parse(text, check);
    if (!record.is_object()) Fail(file, "JSON, but no record of a cell");
    return record;
  } catch (const json::parse_error& error) {
    if (error.byte > text.size()) Fail(file, "the file is truncated");
    Fail(file, "no JSON at character {}", error.byte);
  } catch (const json::exception&) {
    Fail(file, "JSON with a number that is too large");
  }
}

class RecordReader {
 public:
  RecordReader(const fs::path& file, std::string_view text, const SearchSpace& space)
      : file_(file), json_(ParseObject(file, text)) {
    ReadIndex();
    ReadArchitecture(space);
    record_.scores = NumbersOf(kScoreFields);
    record_.landscape_losses = List("landscape_losses");
    record_.train_losses = List("proxy_losses");
    record_.sizes = NumbersOf(kSizeFields);
    record_.truths = NumbersOf(kTruthFields);
  }

  AuthorsRecord Take() { return std::move(record_); }

 private:
  const json& Value(const char* key) const {
    const auto found = json_.find(key);
    if (found == json_.end()) Fail(file_, "there is no '{}'", key);
    return *found;
  }

  double Number(const json& value, const char* key) const {
    if (!value.is_number() || !std::isfinite(value.get<double>())) {
      Fail(file_, "'{}' is no number", key);
    }
    return value.get<double>();
  }

  template <std::size_t count>
  std::vector<double> NumbersOf(const std::array<RecordField, count>& fields) const {
    std::vector<double> numbers;
    for (const RecordField& field : fields) numbers.push_back(Number(Value(field.key), field.key));
    return numbers;
  }

  std::vector<double> List(const char* key) const {
    const json& list = Value(key);
    if (!list.is_array() || list.empty()) Fail(file_, "'{}' is no list of numbers", key);
    std::vector<double> numbers;
    for (const json& value : list) numbers.push_back(Number(value, key));
    return numbers;
  }

  void ReadIndex() {
    const json& id = Value("id");
    if (!id.is_number_unsigned() || id.get<std::uint64_t>() > kLargestIndex) {
      Fail(file_, "'id' is no index of a cell");
    }
    record_.index = id.get<std::int64_t>();
    if (file_.filename() != fmt::format("{}.json", record_.index)) {
      Fail(file_, "the file holds cell {}, but is not called {}.json", record_.index,
           record_.index);
    }
  }

  void ReadArchitecture(const SearchSpace& space) {
    const json& operations = Value("operations");
    std::vector<std::string> names;
    for (const json& name : operations) {
      if (name.is_string()) names.push_back(name.get<std::string>());
    }
    if (!operations.is_array() || operations.size() != kEdges || names.size() != kEdges) {
      Fail(file_, "'operations' is no list of {} names", kEdges);
    }
    // By target, then source, as in the official string.
    if (Value("adj_matrix") != json({{0, 1, 1, 1}, {0, 0, 1, 1}, {0, 0, 0, 1}, {0, 0, 0, 0}})) {
      Fail(file_, "'adj_matrix' is not that of a cell of NAS-Bench-201");
    }
    for (const std::string& name : names) {
      if (name.find_first_of("|~+") != std::string::npos) {
        Fail(file_, "'{}' is no operation", name);
      }
    }
    try {
      record_.architecture =
          space
              .Parse(fmt::format("|{}~0|+|{}~0|{}~1|+|{}~0|{}~1|{}~2|", names[0], names[1],
                                 names[2], names[3], names[4], names[5]))
              .text();
    } catch (const Error& error) {
      Fail(file_, "{}", error.what());
    }
  }

  const fs::path& file_;
  json json_;
  AuthorsRecord record_;
};

}  // namespace

AuthorsRecord ParseAuthorsRecord(const fs::path& file, std::string_view text,
                                 const SearchSpace& space) {
  return RecordReader(file, text, space).Take();
}

}  // namespace mote
