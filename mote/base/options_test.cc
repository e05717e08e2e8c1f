#include "mote/base/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "mote/base/error.h"

namespace mote {
namespace {

using ::testing::HasSubstr;

const std::vector<OptionSpec> kSpecs = {
    {.name = "epochs", .default_value = std::int64_t(50), .help = "", .minimum = 1, .maximum = 100},
    {.name = "rate", .default_value = 0.1, .help = "", .minimum = 0},
    {.name = "form", .default_value = std::string("a"), .help = "", .choices = {"a", "b", "c"}},
    {.name = "note", .default_value = std::string(), .help = ""},
    {.name = "smooth", .default_value = true, .help = ""},
};

std::string MessageFor(const std::string& name, const std::string& text) {
  try {
    Options("trainer", kSpecs, {{name, text}});
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    return error.what();
  }
  return "no error";
}

TEST(Options, HoldDefaultsOverlaidByAssignments) {
  const Options options("trainer", kSpecs, {{"epochs", "7"}, {"note", "x, y"}});
  EXPECT_EQ(options.Int("epochs"), 7);
  EXPECT_EQ(options.Real("rate"), 0.1);
  EXPECT_EQ(options.Text("form"), "a");
  EXPECT_EQ(options.Text("note"), "x, y");
  EXPECT_TRUE(options.Flag("smooth"));
  EXPECT_EQ(options.values().size(), kSpecs.size());
}

TEST(Options, ReadFlagsInTheUsualSpellings) {
  for (const char* text : {"false", "0", "off", "no"}) {
    EXPECT_FALSE(Options("trainer", kSpecs, {{"smooth", text}}).Flag("smooth")) << text;
  }
  for (const char* text : {"true", "1", "on", "yes"}) {
    EXPECT_TRUE(Options("trainer", kSpecs, {{"smooth", text}}).Flag("smooth")) << text;
  }
  EXPECT_THAT(MessageFor("smooth", "maybe"), HasSubstr("true or false"));
}

TEST(Options, ListTheKnownNamesForAnUnknownOne) {
  EXPECT_EQ(MessageFor("epoch", "7"),
            "trainer has no option 'epoch'; it has epochs, rate, form, note or smooth");
}

TEST(Options, RefuseEveryNameWhenThereAreNone) {
  try {
    Options("macs", {}, {{"epochs", "7"}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "macs has no option 'epochs'; it has none at all");
  }
}

TEST(Options, RefuseValuesOfTheWrongType) {
  for (const char* text : {"", "seven", "7.5", "7 ", " 7", "+7", "0x7", "99999999999999999999"}) {
    EXPECT_THAT(MessageFor("epochs", text), HasSubstr("option trainer.epochs is")) << text;
  }
  for (const char* text : {"", "1,5", "nan", "inf", "1e999", "0.5x"}) {
    EXPECT_THAT(MessageFor("rate", text), HasSubstr("must be a finite number")) << text;
  }
}

TEST(Options, TakeBoundsAsInclusive) {
  EXPECT_EQ(Options("trainer", kSpecs, {{"epochs", "1"}}).Int("epochs"), 1);
  EXPECT_EQ(Options("trainer", kSpecs, {{"epochs", "100"}}).Int("epochs"), 100);
  EXPECT_THAT(MessageFor("epochs", "0"), HasSubstr("at least 1"));
  EXPECT_THAT(MessageFor("epochs", "101"), HasSubstr("at most 100"));
  EXPECT_THAT(MessageFor("rate", "-0.001"), HasSubstr("at least 0"));
}

TEST(Options, TakeOnlyTheChoicesOfAText) {
  EXPECT_EQ(Options("trainer", kSpecs, {{"form", "c"}}).Text("form"), "c");
  EXPECT_EQ(MessageFor("form", "d"), "option trainer.form is 'd', but must be a, b or c");
}

TEST(OptionsDeathTest, AbortWhenCodeReadsWhatItDidNotDeclare) {
  const Options options("trainer", kSpecs, {});
  EXPECT_DEATH(options.Int("depth"), "undeclared option depth");
  EXPECT_DEATH(options.Real("epochs"), "read as another type");
}

TEST(ToText, RoundTripsEveryValue) {
  EXPECT_EQ(ToText(true), "true");
  EXPECT_EQ(ToText(false), "false");
  EXPECT_EQ(ToText(std::int64_t(-3)), "-3");
  EXPECT_EQ(ToText(std::string("a b")), "a b");
  EXPECT_EQ(ToText(0.1), "0.1");
  for (const double value : {1.0 / 3, 1e-300, 6.02214076e23, -0.0}) {
    EXPECT_EQ(ParseReal(ToText(value), "value"), value);
  }
}

TEST(ListOr, JoinsNames) {
  EXPECT_EQ(ListOr({}), "");
  const std::vector<std::string> names{"a", "b", "c"};
  EXPECT_EQ(ListOr(std::span(names).first(1)), "a");
  EXPECT_EQ(ListOr(std::span(names).first(2)), "a or b");
  EXPECT_EQ(ListOr(names), "a, b or c");
}

TEST(ParseInt, ReadsTheWholeRange) {
  EXPECT_EQ(ParseInt("-9223372036854775808", "x"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(ParseInt("9223372036854775807", "x"), std::numeric_limits<std::int64_t>::max());
  EXPECT_THROW(ParseInt("9223372036854775808", "x"), Error);
}

}  // namespace
}  // namespace mote
