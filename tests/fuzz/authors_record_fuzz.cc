// Records of MOTE's authors, as JSON.
#include <nlohmann/json.hpp>

#include "mote/run/table_import_record.h"
#include "mote/space/test_spaces.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {
namespace {

constexpr const char* kFile = "7.json";

std::string Print(const AuthorsRecord& record, const SearchSpace& space) {
  const Architecture architecture = space.Parse(record.architecture);
  nlohmann::json json = {{"id", record.index},
                         {"adj_matrix", {{0, 1, 1, 1}, {0, 0, 1, 1}, {0, 0, 0, 1}, {0, 0, 0, 0}}},
                         {"landscape_losses", record.landscape_losses},
                         {"proxy_losses", record.train_losses}};
  for (std::size_t edge = 0; edge < space.choices().size(); ++edge) {
    json["operations"].push_back(
        space.choices()[edge].options[std::size_t(architecture.decisions()[edge])]);
  }
  const auto put = [&json](const auto& fields, const std::vector<double>& values) {
    for (std::size_t i = 0; i < fields.size(); ++i) json[fields[i].key] = values[i];
  };
  put(kScoreFields, record.scores);
  put(kSizeFields, record.sizes);
  put(kTruthFields, record.truths);
  return json.dump();
}

}  // namespace

std::vector<std::string> Seeds() {
  return {R"({"id": 7, "adj_matrix": [[0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1], [0, 0, 0, 0]],
    "operations": ["zeros", "none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3",
    "avg_pool_3x3"], "params": 0.56, "flops": 78.5, "train_time_200": 3453.25,
    "train_accuracy_200": 0.77, "test_accuracy_200": 0.61, "train_time_12": 207,
    "train_accuracy_12": 0.36, "test_accuracy_12": 0.35, "proxy_losses": [3.5, 2.25],
    "landscape_losses": [3.75, 1e-3], "proxy_train_time": 7.1, "landscape_term": 8.5,
    "speed_term": 6, "mote": 6.75})"};
}

std::vector<std::string> Words() {
  return {"\"id\"",
          "\"operations\"",
          "\"adj_matrix\"",
          "[",
          "]",
          "{",
          "}",
          "1e999",
          "-0",
          "null",
          "NaN",
          "true",
          "\"\"",
          "\\u0000",
          "|~+",
          "18446744073709551616"};
}

}  // namespace mote::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mote;
  static const std::unique_ptr<SearchSpace> space = MakeNasBench201();
  const auto record =
      fuzz::Try([&] { return ParseAuthorsRecord(fuzz::kFile, fuzz::TextOf(data, size), *space); });
  if (!record) return 0;
  MOTE_CHECK(record->index == 7 &&
             space->Parse(record->architecture).text() == record->architecture);
  const AuthorsRecord again = ParseAuthorsRecord(fuzz::kFile, fuzz::Print(*record, *space), *space);
  MOTE_CHECK(again.architecture == record->architecture && again.SameMote(*record) &&
             again.sizes == record->sizes && again.truths == record->truths);
  return 0;
}
