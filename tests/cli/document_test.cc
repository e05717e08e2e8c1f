// Pages of docs/ that are made from the program are as it makes them.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>

#include "mote/base/file.h"

namespace mote {
namespace {

TEST(Documents, NameTheEstimatorsThatThereAre) {
  const std::string source = MOTE_SOURCE_DIR;
  const std::string command =
      "bash '" + source + "/bench/estimators_doc.sh' '" + std::string(MOTE_PROGRAM) + "'";
  FILE* pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string made;
  std::array<char, 4096> part;
  while (const std::size_t size = std::fread(part.data(), 1, part.size(), pipe)) {
    made.append(part.data(), size);
  }
  ASSERT_EQ(pclose(pipe), 0);
  EXPECT_EQ(ReadFile(source + "/docs/estimators.md"), made)
      << "make it anew: bench/estimators_doc.sh MOTE > docs/estimators.md";
}

}  // namespace
}  // namespace mote
