#include "mote/report/html_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace mote {
namespace {

TEST(Html, LeavesNoMarkup) {
  EXPECT_EQ(Html("<script>'a' & \"b\"</script>"),
            "&lt;script&gt;&#39;a&#39; &amp; &quot;b&quot;&lt;/script&gt;");
  EXPECT_EQ(Html("a\nb"), "a b");
  EXPECT_EQ(HtmlLines("a<\n\nb"), "a&lt;\n\nb");
}

TEST(ScriptJson, CannotEndItsBlockAndReadsBack) {
  const nlohmann::ordered_json json = {{"<!--", "</script><script>"}, {"x", 0.1 + 0.2}};
  const std::string text = ScriptJson(json);
  EXPECT_EQ(text.find('<'), std::string::npos);
  EXPECT_EQ(nlohmann::ordered_json::parse(text), json);
}

TEST(ScriptJson, ReplacesWhatIsNoUtf8) {
  const std::string text = ScriptJson({{"a", "\xff"}});
  EXPECT_EQ(nlohmann::json::parse(text)["a"], "\uFFFD");
}

// RFC 4648, section 10.
TEST(DataUrl, IsBase64) {
  EXPECT_EQ(DataUrl("text/csv", ""), "data:text/csv;base64,");
  EXPECT_EQ(DataUrl("a", "f"), "data:a;base64,Zg==");
  EXPECT_EQ(DataUrl("a", "fo"), "data:a;base64,Zm8=");
  EXPECT_EQ(DataUrl("a", "foobar"), "data:a;base64,Zm9vYmFy");
  EXPECT_EQ(DataUrl("a", "\xff\xfe\xfd"), "data:a;base64,//79");
}

}  // namespace
}  // namespace mote
