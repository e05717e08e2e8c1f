#include "mote/cli/text_table.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <locale>
#include <nlohmann/json.hpp>
#include <sstream>

#include "mote/base/error.h"
#include "mote/report/utf8.h"

namespace mote {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::monostate kEmpty;

std::string Written(const ResultTable& table, Format format, const TextStyle& style = {}) {
  std::ostringstream out;
  table.Write(out, format, style);
  return out.str();
}

ResultTable Small() {
  ResultTable table({{.name = "arch"},
                     {.name = "tau", .header = "Kendall tau", .precision = 3},
                     {.name = "seconds", .header = "time", .unit = "s"},
                     {.name = "params"}});
  table.AddRow({"a", 0.5, 12.25, std::int64_t(73306)});
  table.AddRow({"long name", -1.0, 3.0, std::int64_t(8)});
  table.AddSeparator();
  table.AddRow({"b", kEmpty, 1e-7, kEmpty});
  return table;
}

TEST(ResultTable, AlignsNumbersOnTheirPoints) {
  EXPECT_EQ(Written(Small(), Format::kText, {.utf8 = false}),
            "arch       Kendall tau  time [s]  params\n"
            "----------------------------------------\n"
            "a                0.500    12.25    73306\n"
            "long name       -1.000     3           8\n"
            "----------------------------------------\n"
            "b                    -     1e-07       -\n");
}

TEST(ResultTable, WritesCsvWithExactNumbers) {
  EXPECT_EQ(Written(Small(), Format::kCsv),
            "arch,tau,seconds,params\n"
            "a,0.5,12.25,73306\n"
            "long name,-1,3,8\n"
            "b,,1e-07,\n");
}

TEST(ResultTable, WritesVersionedJson) {
  const std::string text = Written(Small(), Format::kJson);
  EXPECT_THAT(text, StartsWith("{\"mote\": {\"format\":1,\"version\":\""));
  EXPECT_THAT(text,
              HasSubstr("\n  {\"arch\":\"a\",\"tau\":0.5,\"seconds\":12.25,\"params\":73306},\n"));
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["mote"]["format"], 1);
  ASSERT_EQ(json["rows"].size(), 3u);
  EXPECT_EQ(json["rows"][1]["params"], 8);
  EXPECT_TRUE(json["rows"][2]["tau"].is_null());
}

TEST(ResultTable, WritesHeadersWithoutRows) {
  const ResultTable table({{.name = "a"}, {.name = "b"}});
  EXPECT_EQ(Written(table, Format::kText, {.utf8 = false}), "a  b\n----\n");
  EXPECT_EQ(Written(table, Format::kCsv), "a,b\n");
  EXPECT_TRUE(nlohmann::json::parse(Written(table, Format::kJson))["rows"].empty());
}

TEST(ResultTable, QuotesCsvOnlyWhereNeeded) {
  ResultTable table({{.name = "text"}, {.name = "n"}});
  const auto row = [&table](std::string text) { table.AddRow({std::move(text), kEmpty}); };
  row("|nor_conv_3x3~0|+|none~0|skip_connect~1|");
  row("a,b");
  row("say \"so\"");
  row("two\nlines");
  row(" outer");
  row("outer\t");  // readers drop blanks of both kinds
  row("");
  EXPECT_EQ(Written(table, Format::kCsv),
            "text,n\n|nor_conv_3x3~0|+|none~0|skip_connect~1|,\n\"a,b\",\n\"say \"\"so\"\"\",\n"
            "\"two\nlines\",\n\" outer\",\n\"outer\t\",\n\"\",\n");
}

TEST(ResultTable, DoublesRoundTripInCsvAndJson) {
  const std::vector<double> values = {0.1,   1.0 / 3,
                                      1e300, 5e-324,
                                      -0.0,  123456789.123456789,
                                      2e16,  std::numeric_limits<double>::max()};
  ResultTable table({{.name = "x", .precision = 1}});
  for (const double value : values) table.AddRow({value});
  std::istringstream csv(Written(table, Format::kCsv));
  const auto json = nlohmann::json::parse(Written(table, Format::kJson));
  std::string line;
  std::getline(csv, line);
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::getline(csv, line);
    double read = 0;
    std::from_chars(line.data(), line.data() + line.size(), read);
    EXPECT_EQ(read, values[i]) << line;
    EXPECT_EQ(std::signbit(read), std::signbit(values[i]));
    EXPECT_EQ(json["rows"][i]["x"].get<double>(), values[i]);
  }
}

TEST(ResultTable, WritesWhatIsNotFinite) {
  ResultTable table({{.name = "x", .precision = 2, .best = Best::kHighest}});
  table.AddRow({std::numeric_limits<double>::quiet_NaN()});
  table.AddRow({-std::numeric_limits<double>::infinity()});
  EXPECT_EQ(Written(table, Format::kCsv), "x\nnan\n-inf\n");
  EXPECT_TRUE(nlohmann::json::parse(Written(table, Format::kJson))["rows"][0]["x"].is_null());
  EXPECT_EQ(Written(table, Format::kText, {.colour = true, .utf8 = false}),
            "   \x1b[1mx\x1b[0m\n----\n nan\n\x1b[32m-inf\x1b[0m\n");
}

// Decimal commas and thousands separators, as a program that calls std::locale::global would have.
struct Comma : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

TEST(ResultTable, DoesNotAskTheLocale) {
  const std::string plain_json = Written(Small(), Format::kJson);
  const std::string plain_text = Written(Small(), Format::kText);
  const std::locale old = std::locale::global(std::locale(std::locale::classic(), new Comma));
  const std::string json = Written(Small(), Format::kJson);
  const std::string text = Written(Small(), Format::kText);
  std::locale::global(old);
  EXPECT_EQ(json, plain_json);
  EXPECT_EQ(text, plain_text);
}

TEST(ResultTable, CutsWordsButNeverNumbers) {
  ResultTable table({{.name = "word", .header = "a long header", .max_width = 6},
                     {.name = "number", .max_width = 3}});
  table.AddRow({"abcdefghij", std::int64_t(123456)});
  table.AddRow({"abcdef", std::int64_t(1)});
  EXPECT_EQ(Written(table, Format::kText),
            "a lon\u2026  number\n"
            "\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\n"
            "abcde\u2026  123456\n"
            "abcdef       1\n");
  EXPECT_THAT(Written(table, Format::kText, {.utf8 = false}), HasSubstr("\nabc...  123456\n"));
  EXPECT_THAT(Written(table, Format::kCsv), HasSubstr("abcdefghij,123456"));
}

TEST(ResultTable, MeasuresColumnsOfTheTerminalNotBytes) {
  ResultTable table({{.name = "name"}, {.name = "n"}});
  table.AddRow({"\u6771\u4eac", std::int64_t(1)});
  table.AddRow({"\u00e9t\u00e9", std::int64_t(2)});
  EXPECT_EQ(Written(table, Format::kText, {.utf8 = false}),
            "name  n\n-------\n\u6771\u4eac  1\n\u00e9t\u00e9   2\n");
}

TEST(ResultTable, LetsNoCellMoveTheCursorOrBreakJson) {
  ResultTable table({{.name = "name"}});
  table.AddRow({"a\x1b[2Jb\nc\xff"});
  EXPECT_THAT(Written(table, Format::kText), HasSubstr("\na [2Jb c\ufffd\n"));
  EXPECT_EQ(nlohmann::json::parse(Written(table, Format::kJson))["rows"][0]["name"],
            "a\x1b[2Jb\nc\ufffd");
}

TEST(ResultTable, LeavesNoTrailingSpace) {
  ResultTable table({{.name = "a"}, {.name = "x"}, {.name = "last column"}});
  table.AddRow({"w", 1.25, "short"});
  table.AddRow({"word", 1.0, ""});
  table.AddRow({"", 20.5, " "});
  for (const bool colour : {false, true}) {
    const std::string text = Written(table, Format::kText, {.colour = colour});
    EXPECT_THAT(text, Not(HasSubstr(" \n"))) << text;
    EXPECT_THAT(text, Not(HasSubstr(" \x1b[0m\n"))) << text;
  }
}

TEST(ResultTable, ShowsTheBestInGreenOnlyIfAsked) {
  ResultTable table(
      {{.name = "up", .best = Best::kHighest}, {.name = "down", .best = Best::kLowest}});
  table.AddRow({1.5, std::int64_t(7)});
  table.AddRow({2.0, std::int64_t(9)});
  table.AddRow({2.0, kEmpty});
  EXPECT_EQ(Written(table, Format::kText, {.colour = true, .utf8 = false}),
            " \x1b[1mup\x1b[0m  \x1b[1mdown\x1b[0m\n"
            "---------\n"
            "1.5     \x1b[32m7\x1b[0m\n"
            "\x1b[32m2\x1b[0m       9\n"
            "\x1b[32m2\x1b[0m       -\n");
  EXPECT_THAT(Written(table, Format::kText), Not(HasSubstr("\x1b")));
}

TEST(ResultTable, RefusesRowsAndNamesThatDoNotFit) {
  ResultTable table({{.name = "a"}, {.name = "b"}});
  EXPECT_DEATH(table.AddRow({1.0}), "1 cells for 2 columns");
  EXPECT_DEATH(ResultTable({{.name = "a"}, {.name = ""}}), "without a name");
}

TEST(ResultTable, TellsColumnsOfOneNameApart) {
  ResultTable table({{.name = "a"}, {.name = "a_2"}, {.name = "a"}, {.name = "a"}});
  table.AddRow({1.0, 2.0, 3.0, 4.0});
  EXPECT_EQ(Written(table, Format::kCsv), "a,a_2,a_3,a_4\n1,2,3,4\n");
}

TEST(ResultTable, SaysSoWhenTheOutputIsFull) {
  std::ofstream full("/dev/full");
  if (!full) GTEST_SKIP() << "no /dev/full here";
  try {
    Small().Write(full, Format::kCsv);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kIo);
  }
}

class Variable {
 public:
  explicit Variable(const char* name) : name_(name) {
    if (const char* value = getenv(name)) old_ = value;
  }
  ~Variable() { old_ ? setenv(name_, old_->c_str(), 1) : unsetenv(name_); }

 private:
  const char* name_;
  std::optional<std::string> old_;
};

TEST(UseColour, WantsATerminalThatCanAndAUserWhoAllows) {
  const Variable keep_no_color("NO_COLOR");
  const Variable keep_term("TERM");
  unsetenv("NO_COLOR");
  setenv("TERM", "xterm", 1);
  const int file = open("/dev/null", O_WRONLY);
  EXPECT_FALSE(UseColour(file));
  close(file);

  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) {
    GTEST_SKIP() << "no pseudo-terminal here";
  }
  const int terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
  if (terminal < 0) GTEST_SKIP() << "no pseudo-terminal here";
  EXPECT_TRUE(UseColour(terminal));
  setenv("NO_COLOR", "", 1);
  EXPECT_TRUE(UseColour(terminal)) << "empty means not set";
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(UseColour(terminal));
  unsetenv("NO_COLOR");
  setenv("TERM", "dumb", 1);
  EXPECT_FALSE(UseColour(terminal));
  close(terminal);
  close(master);
}

}  // namespace
}  // namespace mote
