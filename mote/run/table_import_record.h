// One record of MOTE's authors: a JSON file that says of one cell on one data set what they
// measured.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "mote/space/search_space.h"

namespace mote {

// What a number is called there, and in our tables.
struct RecordField {
  const char* key;
  const char* column;
};
inline constexpr std::array<RecordField, 4> kScoreFields = {{{"proxy_train_time", "train_seconds"},
                                                             {"landscape_term", "landscape_term"},
                                                             {"speed_term", "speed_term"},
                                                             {"mote", "mote"}}};
inline constexpr std::array<RecordField, 2> kSizeFields = {
    {{"params", "params_m"}, {"flops", "macs_m"}}};
inline constexpr std::array<RecordField, 6> kTruthFields = {
    {{"train_accuracy_200", "train_acc_200"},
     {"test_accuracy_200", "test_acc_200"},
     {"train_accuracy_12", "train_acc_12"},
     {"test_accuracy_12", "test_acc_12"},
     {"train_time_200", "train_seconds_200"},
     {"train_time_12", "train_seconds_12"}}};

struct AuthorsRecord {
  std::int64_t index = 0;  // of NAS-Bench-201
  std::string architecture;
  std::vector<double> scores;            // by kScoreFields
  std::vector<double> landscape_losses;  // from initial to trained weights
  std::vector<double> train_losses;      // by epoch
  std::vector<double> sizes;             // by kSizeFields
  std::vector<double> truths;            // by kTruthFields

  // What does not depend on the data set.
  bool SameMote(const AuthorsRecord& other) const {
    return scores == other.scores && landscape_losses == other.landscape_losses &&
           train_losses == other.train_losses;
  }
};

// Reads the content of `file`, which is named after the index. Throws Error(kCorrupt) with the
// file's name for all that is no such record: no complete JSON, a value that is missing, doubled or
// of another kind, a cell that the space does not have, another index than the file's name.
AuthorsRecord ParseAuthorsRecord(const std::filesystem::path& file, std::string_view text,
                                 const SearchSpace& space);

}  // namespace mote
