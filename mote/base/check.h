// Assertions about our own code. Violated, they abort with file, line and values: user input must
// never reach one. MOTE_CHECK stays on in release builds; MOTE_DCHECK is for hot loops.
#pragma once

#include <fmt/format.h>

#include <string>

namespace mote::internal {

[[noreturn]] void CheckFailed(const char* file, int line, const char* condition,
                              const std::string& details);

inline std::string CheckDetails() { return {}; }
template <typename... Args>
std::string CheckDetails(fmt::format_string<Args...> format, Args&&... args) {
  return fmt::format(format, std::forward<Args>(args)...);
}

}  // namespace mote::internal

// MOTE_CHECK(condition) or MOTE_CHECK(condition, "format {}", values...)
#define MOTE_CHECK(condition, ...)                                                \
  do {                                                                            \
    if (!(condition)) [[unlikely]] {                                              \
      ::mote::internal::CheckFailed(__FILE__, __LINE__, #condition,               \
                                    ::mote::internal::CheckDetails(__VA_ARGS__)); \
    }                                                                             \
  } while (false)

#ifdef NDEBUG
#define MOTE_DCHECK(condition, ...) ((void)0)
#else
#define MOTE_DCHECK(condition, ...) MOTE_CHECK(condition __VA_OPT__(, ) __VA_ARGS__)
#endif
