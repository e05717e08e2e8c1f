// The sources as text, for tests of rules that no compiler knows.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mote {

struct SourceFile {
  std::string path;  // from the root of the sources, with '/': "mote/base/rng.h"
  std::string text;
};

// What broke a rule, where: "mote/base/rng.h:12: ...".
using Violations = std::vector<std::string>;

// All files below `folders` (those that exist) of the sources for which `wanted(path)` is true, by
// path.
std::vector<SourceFile> ReadSources(const std::vector<std::string>& folders,
                                    const std::function<bool(std::string_view path)>& wanted);

// C++ by its ending: .h, .cc, .def, .inc.
bool IsCpp(std::string_view path);

// The text with comments and the insides of string and character literals replaced by spaces; line
// breaks stay, so line numbers do. `#include "..."` keeps its name.
std::string CodeOnly(std::string_view cpp);

std::vector<std::string> Lines(std::string_view text);

// One violation per line.
std::string ToText(const Violations& violations);

}  // namespace mote
