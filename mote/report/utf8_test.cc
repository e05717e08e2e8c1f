#include "mote/report/utf8.h"

#include <gtest/gtest.h>
#include <stdlib.h>

namespace mote {
namespace {

TEST(Utf8, TakesCodePointsOfOneToFourBytes) {
  std::string_view text = "a\u00e9\u20ac\U0001F600";
  EXPECT_EQ(TakeCodePoint(text), U'a');
  EXPECT_EQ(TakeCodePoint(text), U'\u00e9');
  EXPECT_EQ(TakeCodePoint(text), U'\u20ac');
  EXPECT_EQ(TakeCodePoint(text), U'\U0001F600');
  EXPECT_TRUE(text.empty());
}

TEST(Utf8, WritesWhatItReads) {
  for (const char32_t code_point : {0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0x10000, 0x10FFFF}) {
    std::string text;
    AppendUtf8(text, code_point);
    std::string_view rest = text;
    EXPECT_EQ(TakeCodePoint(rest), code_point);
    EXPECT_TRUE(rest.empty());
  }
}

TEST(Utf8, ReplacesEachMalformedByte) {
  EXPECT_EQ(Printable("a\xff z"), "a\ufffd z");
  EXPECT_EQ(Printable("\xc3"), "\ufffd");                                // cut off
  EXPECT_EQ(Printable("\xc0\xaf"), "\ufffd\ufffd");                      // an overlong '/'
  EXPECT_EQ(Printable("\xed\xa0\x80"), "\ufffd\ufffd\ufffd");            // a surrogate
  EXPECT_EQ(Printable("\xf5\x80\x80\x80"), "\ufffd\ufffd\ufffd\ufffd");  // beyond U+10FFFF
}

TEST(Utf8, MakesControlsSpaces) {
  EXPECT_EQ(Printable("a\nb\x1b[31mc\x7f"), "a b [31mc ");
  EXPECT_EQ(Printable("a\xc2\x9b"
                      "b"),
            "a b");  // CSI as one C1 control
}

TEST(Utf8, CountsColumns) {
  EXPECT_EQ(DisplayWidth("abc"), 3);
  EXPECT_EQ(DisplayWidth("\u00e9\u03c4"), 2);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1);
  EXPECT_EQ(DisplayWidth("\u6771\u4eac"), 4);
  EXPECT_EQ(DisplayWidth("\U0001F600"), 2);
  EXPECT_EQ(DisplayWidth(""), 0);
}

TEST(Utf8, TruncatesByColumnsNotBytes) {
  EXPECT_EQ(Truncate("abcdef", 6, "\u2026"), "abcdef");
  EXPECT_EQ(Truncate("abcdef", 5, "\u2026"), "abcd\u2026");
  EXPECT_EQ(Truncate("\u6771\u4eac\u90fd", 4, "\u2026"), "\u6771\u2026");  // no half characters
  EXPECT_EQ(Truncate("abcdef", 2, "..."), "ab");
  EXPECT_EQ(Truncate("abcdef", 0, "\u2026"), "");
}

TEST(Utf8, AsksTheLocaleOfTheUser) {
  const char* const old = getenv("LC_ALL");
  const std::string kept = old ? old : "";
  setenv("LC_ALL", "C", 1);
  EXPECT_FALSE(LocaleIsUtf8());
  setenv("LC_ALL", "C.UTF-8", 1);
  EXPECT_TRUE(LocaleIsUtf8());
  setenv("LC_ALL", "no_such_locale", 1);
  EXPECT_FALSE(LocaleIsUtf8());
  old ? setenv("LC_ALL", kept.c_str(), 1) : unsetenv("LC_ALL");
}

}  // namespace
}  // namespace mote
