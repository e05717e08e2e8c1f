// Every header says first what it is for, and is included once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/contract/source_tree.h"

namespace mote {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Violations CheckHeader(const SourceFile& file) {
  Violations violations;
  if (!file.text.starts_with("// ") && !file.text.starts_with("/*")) {
    violations.push_back(file.path + ":1: does not start with a comment that says what it is for");
  }
  const std::vector<std::string> code = Lines(CodeOnly(file.text));
  const auto first = std::find_if(code.begin(), code.end(), [](const std::string& line) {
    return line.find_first_not_of(' ') != std::string::npos;
  });
  // What Highway includes once per instruction set has guards that toggle.
  const bool is_per_target =
      file.path.ends_with("-inl.h") && file.text.find("HWY_TARGET_TOGGLE") != std::string::npos;
  if (!is_per_target && (first == code.end() || *first != "#pragma once")) {
    violations.push_back(file.path + ": its code does not start with #pragma once");
  }
  return violations;
}

TEST(HeaderForm, EveryHeaderExplainsItselfAndIsIncludedOnce) {
  const auto files = ReadSources({"mote", "tests", "examples", "bench"},
                                 [](std::string_view path) { return path.ends_with(".h"); });
  ASSERT_GT(files.size(), 20u);
  Violations violations;
  for (const SourceFile& file : files) {
    for (std::string& violation : CheckHeader(file)) violations.push_back(std::move(violation));
  }
  EXPECT_THAT(violations, IsEmpty()) << ToText(violations);
}

TEST(HeaderForm, FindsPlantedViolations) {
  EXPECT_THAT(CheckHeader({"a.h", "#pragma once\nint f();\n"}), ElementsAre(HasSubstr("comment")));
  EXPECT_THAT(CheckHeader({"a.h", "// What it is.\nint f();\n"}), ElementsAre(HasSubstr("pragma")));
  EXPECT_THAT(CheckHeader({"a.h", "// What it is.\n// #pragma once\nint f();\n"}),
              ElementsAre(HasSubstr("pragma")));
  EXPECT_THAT(CheckHeader({"a.h", "// What it is.\n#include <vector>\n#pragma once\n"}),
              ElementsAre(HasSubstr("pragma")));
  EXPECT_THAT(CheckHeader({"a.h", "// What it is.\n#pragma once\n"}), IsEmpty());
  EXPECT_EQ(CheckHeader({"a.h", ""}).size(), 2u);
}

}  // namespace
}  // namespace mote
