#include "mote/run/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mote/base/error.h"

namespace mote {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::vector<std::string>> Cells(std::string_view text) {
  std::vector<std::vector<std::string>> cells;
  for (const CsvRow& row : ParseCsv(text, "t.csv")) cells.push_back(row.cells);
  return cells;
}

std::string MessageFor(std::string_view text) {
  try {
    ParseCsv(text, "t.csv");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCorrupt);
    return error.what();
  }
  return "no error";
}

TEST(ParseCsv, SplitsRowsAndCells) {
  EXPECT_THAT(Cells("a,b\n1,2\n"), ElementsAre(ElementsAre("a", "b"), ElementsAre("1", "2")));
  EXPECT_THAT(Cells("a,,\n,b,"), ElementsAre(ElementsAre("a", "", ""), ElementsAre("", "b", "")));
  EXPECT_THAT(Cells(""), IsEmpty());
}

TEST(ParseCsv, TakesEveryLineEnd) {
  for (const char* text : {"a,b\n1,2", "a,b\r\n1,2\r\n", "a,b\r1,2\r", "a,b\n\n1,2\n\n\n",
                           "\r\n a , b\t\r\n1, 2\r\n  \r\n",
                           "\xEF\xBB\xBF"
                           "a,b\n1,2\n"}) {
    EXPECT_THAT(Cells(text), ElementsAre(ElementsAre("a", "b"), ElementsAre("1", "2"))) << text;
  }
}

TEST(ParseCsv, ReadsQuotedCells) {
  EXPECT_THAT(Cells("\"a,b\",\"say \"\"hi\"\"\",\"\"\n"),
              ElementsAre(ElementsAre("a,b", "say \"hi\"", "")));
  EXPECT_THAT(Cells(" \" a \" ,b"), ElementsAre(ElementsAre(" a ", "b")));
  EXPECT_THAT(Cells("\"\xEF\xBB\xBF\""), ElementsAre(ElementsAre("\xEF\xBB\xBF")));
  EXPECT_THAT(Cells("\xEF\xBB\xBF\"a\",b"), ElementsAre(ElementsAre("a", "b")));
}

TEST(ParseCsv, CountsLinesInsideQuotes) {
  const std::vector<CsvRow> rows = ParseCsv("a,b\n\n\"x\ny\r\nz\",1\nc,2\n", "t.csv");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].line, 1);
  EXPECT_EQ(rows[1].line, 3);
  EXPECT_EQ(rows[1].cells[0], "x\ny\r\nz");
  EXPECT_EQ(rows[2].line, 6);
}

TEST(ParseCsv, KeepsZeroBytes) {
  EXPECT_THAT(Cells(std::string_view("a\0b,c\0", 6)),
              ElementsAre(ElementsAre(std::string("a\0b", 3), std::string("c\0", 2))));
}

TEST(ParseCsv, PointsAtTheFault) {
  EXPECT_EQ(MessageFor("a,b\n1,2\n3\n"),
            "'t.csv', line 3, column 2: the row has 1 cells, but the first has 2");
  EXPECT_EQ(MessageFor("a,b\n1,2,3\n"),
            "'t.csv', line 2, column 3: the row has 3 cells, but the first has 2");
  EXPECT_EQ(MessageFor("a,b\n1,2\"3\"\n"),
            "'t.csv', line 2, column 2: a quote inside a cell that does not begin with one");
  EXPECT_EQ(MessageFor("a,b\n\"1\"x,2\n"), "'t.csv', line 2, column 1: text after a closing quote");
  EXPECT_EQ(MessageFor("a,b\n1,\"2\n3,4\n"),
            "'t.csv', line 2, column 2: a quote that is never closed");
  EXPECT_EQ(MessageFor("\""), "'t.csv', line 1, column 1: a quote that is never closed");
}

}  // namespace
}  // namespace mote
