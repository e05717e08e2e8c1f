#include "mote/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace mote::internal {

void CheckFailed(const char* file, int line, const char* condition, const std::string& details) {
  std::fprintf(stderr, "mote: bug at %s:%d: %s%s%s\n", file, line, condition,
               details.empty() ? "" : ": ", details.c_str());
  std::abort();
}

}  // namespace mote::internal
