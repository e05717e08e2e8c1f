#include "mote/report/svg_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mote {
namespace {

using ::testing::ElementsAre;

TEST(SvgText, EscapesWhatXmlReserves) {
  EXPECT_EQ(XmlEscaped("a<b> & \"c\""), "a&lt;b&gt; &amp; &quot;c&quot;");
  EXPECT_EQ(XmlEscaped("&amp;"), "&amp;amp;");
  EXPECT_EQ(XmlEscaped(std::string_view("a\0b\x0c\xff", 5)), "a b \ufffd");  // no XML characters
}

TEST(SvgText, EstimatesGrowWithTextAndFont) {
  EXPECT_EQ(EstimateTextWidth("", 13), 0);
  EXPECT_DOUBLE_EQ(EstimateTextWidth("MMM", 10), 30);
  EXPECT_LT(EstimateTextWidth("iii", 13), EstimateTextWidth("nnn", 13));
  EXPECT_DOUBLE_EQ(EstimateTextWidth("\u6771", 10), 20);
}

TEST(SvgText, BreaksWhereWordsEnd) {
  // 'M' is one unit wide, a space 0.4.
  EXPECT_THAT(WrapText("MM MM MM", 1, 5.5), ElementsAre("MM MM ", "MM"));
  EXPECT_THAT(WrapText("MM|MM|MM", 1, 5.5), ElementsAre("MM|MM|", "MM"));
  EXPECT_THAT(WrapText("MM MM", 1, 5.5), ElementsAre("MM MM"));
  EXPECT_THAT(WrapText("", 1, 5.5), ElementsAre(""));
}

TEST(SvgText, BreaksLongWordsAnywhere) {
  EXPECT_THAT(WrapText("MMMMMMM", 1, 3), ElementsAre("MMM", "MMM", "M"));
  EXPECT_THAT(WrapText("MM", 1, 0.5), ElementsAre("M", "M"));
}

TEST(SvgText, WrappedLinesFitAndLoseNothing) {
  const std::string text =
      "|nor_conv_3x3~0|+|nor_conv_3x3~0|skip_connect~1|+|none~0| caf\u00e9 \u6771\u4eac";
  for (double room = 2; room < 60; room += 1.5) {
    std::string joined;
    for (const std::string& line : WrapText(text, 1, room)) {
      EXPECT_LE(EstimateTextWidth(line, 1), room);
      joined += line;
    }
    EXPECT_EQ(joined, text);
  }
}

}  // namespace
}  // namespace mote
