#include "tests/contract/source_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mote {
namespace {

using ::testing::ElementsAre;

TEST(CodeOnly, BlanksCommentsAndLiterals) {
  EXPECT_EQ(CodeOnly("a // b\nc"), "a     \nc");
  EXPECT_EQ(CodeOnly("a /* b\nc */ d"), "a     \n     d");
  EXPECT_EQ(CodeOnly("f(\"x\\\"y\", 'z', '\\'')"), "f(      ,    ,     )");
  EXPECT_EQ(CodeOnly("g(\"// no comment\"); h"), "g(               ); h");
}

TEST(CodeOnly, KnowsRawStringsAndDigitSeparators) {
  EXPECT_EQ(CodeOnly("f(R\"(a \" b)\") + c"), "f(          ) + c");
  EXPECT_EQ(CodeOnly("f(R\"x(a )\" b)x\") + c"), "f(             ) + c");
  EXPECT_EQ(CodeOnly("1'000 + rand() + 2'000"), "1'000 + rand() + 2'000");
}

TEST(CodeOnly, KeepsTheNamesOfIncludes) {
  EXPECT_EQ(CodeOnly("#include \"mote/base/rng.h\"\nf(\"a\")"),
            "#include \"mote/base/rng.h\"\nf(   )");
}

TEST(CodeOnly, EndsWithTheTextEvenIfNothingIsClosed) {
  EXPECT_EQ(CodeOnly("a \"b"), "a   ");
  EXPECT_EQ(CodeOnly("a /* b"), "a     ");
  EXPECT_EQ(CodeOnly("a R\"(b"), "a     ");
  EXPECT_EQ(CodeOnly("a '\\"), "a   ");
  EXPECT_EQ(CodeOnly(""), "");
}

TEST(Lines, CountAsEditorsDo) {
  EXPECT_THAT(Lines("a\n\nb"), ElementsAre("a", "", "b"));
  EXPECT_THAT(Lines("a\n"), ElementsAre("a"));
  EXPECT_THAT(Lines(""), ElementsAre());
}

TEST(ReadSources, FindsThisTree) {
  const auto files = ReadSources({"mote", "tests", "no_such_folder"}, IsCpp);
  EXPECT_GT(files.size(), 50u);
  EXPECT_TRUE(std::any_of(files.begin(), files.end(), [](const SourceFile& file) {
    return file.path == "tests/contract/source_tree_test.cc" && !file.text.empty();
  }));
}

}  // namespace
}  // namespace mote
