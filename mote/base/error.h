// The one exception type of mote.
//
// Thrown when the user or the world is wrong: an option, a file, a name, a full disk. The message
// says what is wrong, where, and what to do, on one line, because `main` prints exactly that line.
// A candidate that fails is not an Error but an Outcome (outcome.h); a bug is a MOTE_CHECK.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mote {

enum class ErrorCode {
  kInvalidArgument,  // an option, name or architecture that cannot be meant
  kNotFound,         // a file, column, row or component that does not exist
  kUnsupported,      // a valid wish that this build, backend or preset cannot fulfil
  kIo,               // the operating system refused: permission, full disk, broken pipe
  kCorrupt,          // a file whose content contradicts its format
  kOutOfMemory,
  kInternal,  // a state that only a bug can reach, met where aborting would lose a user's work
};

std::string_view Name(ErrorCode code);

class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}

  ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

// Throws Error(code, fmt::format(format, args...)).
template <typename... Args>
[[noreturn]] void Throw(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) {
  throw Error(code, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace mote
