// A fuzz target: one parser of untrusted input, in the portable form that libFuzzer and others
// call.
//
// Whatever the input, the parser returns or throws Error, and what it accepts it accepts again as
// it prints it. Everything else is a finding: another exception, a failed MOTE_CHECK, a sanitizer's
// report, an Error that names a bug, a hang, a huge allocation.
//
// A file <parser>_fuzz.cc defines the three functions below. With an ordinary compiler it becomes a
// program that replays inputs (replay_main.cc), with clang and MOTE_FUZZ one that looks for new
// ones (engine_main.cc).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "mote/base/check.h"
#include "mote/base/error.h"

// Always returns 0.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace mote::fuzz {

// Inputs to begin with, made by code. The parser accepts every one.
std::vector<std::string> Seeds();
// What the format has for words, which chance would take long to find.
std::vector<std::string> Words();

// How often the parser said yes and no since the start of the program.
struct Tally {
  int accepted = 0;
  int refused = 0;
};
Tally& Counts();

// Aborts if the Error is none that bad input deserves.
void CheckRefusal(const Error& error);

// What the parser makes of the input, or nothing if it throws an Error that it may throw.
template <typename Parse>
auto Try(Parse&& parse) -> std::optional<std::invoke_result_t<Parse>> {
  try {
    std::optional<std::invoke_result_t<Parse>> parsed(parse());
    ++Counts().accepted;
    return parsed;
  } catch (const Error& error) {
    CheckRefusal(error);
    ++Counts().refused;
    return std::nullopt;
  }
}

// As Try, for a question that an accepted input may leave without an answer: not counted.
template <typename Question>
auto Ask(Question&& question) -> std::optional<std::invoke_result_t<Question>> {
  const Tally before = Counts();
  auto answer = Try(question);
  Counts() = before;
  return answer;
}

inline std::string_view TextOf(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Several files or texts in one input: all but the last one are preceded by their size (16 bits,
// little-endian). Any input has parts; those that it lacks are empty.
std::string JoinParts(const std::vector<std::string>& parts);
std::vector<std::string> SplitParts(std::string_view input, std::size_t count);

std::vector<std::string> SplitLines(std::string_view text);

// For parsers that want files. Kept in memory where $TMPDIR is; removed when the program ends.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // Writes a file over what was there, and returns its path.
  std::filesystem::path Put(const std::string& name, std::string_view content) const;
  // As Put; no content, no file.
  void PutUnlessEmpty(const std::string& name, std::string_view content) const;
  void RemoveAllFiles() const;

 private:
  std::filesystem::path path_;
};

}  // namespace mote::fuzz
