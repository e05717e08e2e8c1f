#include "mote/report/page.h"

#include <gmock/gmock.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "mote/report/report_testing.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

int Count(const std::string& text, const std::string& what) {
  int count = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size()) {
    ++count;
  }
  return count;
}

// A section of `rows` cells of the space, or of one text.
ReportSection Some(const std::string& title, int rows, const std::string& arch = "") {
  ReportSection section;
  section.title = title;
  section.space = "nasbench201";
  ReportColumn score{.name = "mote", .label = "mote", .is_score = true};
  const auto space = MakeNasBench201();
  for (int i = 0; i < rows; ++i) {
    section.candidates.archs.push_back(arch.empty() ? space->At(i).text() : arch);
    score.values.push_back(0.1 * i);
  }
  section.candidates.columns = {score};
  AddDecisions(section.candidates, space.get());
  section.curves = {
      {.name = "mote", .archs = {"a", "b"}, .x = {1, 2}, .value = {3, 2}, .best = {3, 3}}};
  return section;
}

nlohmann::json DataOf(const std::string& page, int run) {
  const std::string begin = "id=\"run" + std::to_string(run) + "-data\">";
  const std::size_t at = page.find(begin) + begin.size();
  return nlohmann::json::parse(page.substr(at, page.find("</script>", at) - at));
}

class ReportPageTest : public ::testing::Test {
 protected:
  std::string Page(const std::vector<ReportSection>& sections, PageOptions options = {}) const {
    return ReportPage(sections, world_.context(), options);
  }

 private:
  testing::ReportWorld world_;
};

TEST_F(ReportPageTest, NeedsNothingFromElsewhere) {
  const std::string page = Page({Some("a run", 3)});
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, Not(HasSubstr("src=\"http")));
  EXPECT_THAT(page, Not(HasSubstr("href=\"http")));
  EXPECT_THAT(page, AllOf(HasSubstr("Chart.js"), HasSubstr("MIT licence"),
                          HasSubstr("without restriction"), HasSubstr("Chart.js v3")));
  EXPECT_LT(page.size(), 400'000u);
  EXPECT_TRUE(IsReportPage(page));
  EXPECT_FALSE(IsReportPage("<html>"));
  EXPECT_EQ(page, Page({Some("a run", 3)}));
}

TEST_F(ReportPageTest, StandsWithoutScripts) {
  const std::string page = Page({Some("a run", 130)});
  const std::string body = page.substr(0, page.find("<script type=\"application/json\""));
  EXPECT_EQ(Count(body, "<tr><td><code class=\"arch\">"), 100);
  EXPECT_THAT(body, HasSubstr("The first 100 of 130 rows."));
  EXPECT_EQ(Count(body, "<svg class=\"chart\""), 2) << "curve and histogram";
}

TEST_F(ReportPageTest, HoldsTheDataToTheLastBit) {
  ReportSection section = Some("a run", 4);
  section.candidates.columns[0].values = {0.1 + 0.2, -0.0, std::numeric_limits<double>::infinity(),
                                          std::numeric_limits<double>::quiet_NaN()};
  const nlohmann::json data = DataOf(Page({section}), 1);
  const auto& values = data["columns"][0]["values"];
  EXPECT_EQ(values[0].get<double>(), 0.1 + 0.2);
  EXPECT_TRUE(std::signbit(values[1].get<double>()));
  EXPECT_EQ(values[2], "inf");
  EXPECT_TRUE(values[3].is_null());
  EXPECT_EQ(data["archs"][3], section.candidates.archs[3]);
  EXPECT_EQ(data["decisions"][3], "000003");
  EXPECT_EQ(data["space"]["choices"][0][0], "edge 1<-0");
}

TEST_F(ReportPageTest, LetsNoTextBecomeMarkup) {
  const std::string evil = "</script><script>alert(1)</script>";
  ReportSection section = Some(evil, 2, evil);
  section.failures = {{evil, evil, evil}};
  section.configuration = {{evil, evil}};
  section.provenance = {{{evil, evil}}};
  section.repeat = section.winner = section.state = evil;
  section.summary = {evil};
  section.key_numbers = {{evil, evil}};
  section.figures = {
      {.name = evil, .svg = "<svg>" + evil, .csv = evil, .header = {evil}, .rows = {{evil}}}};
  section.texts = {{evil, evil}};
  section.curves[0].name = section.candidates.columns[0].label = evil;
  const std::string page = Page({section, section});
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_EQ(Count(page, "</script>"), 4) << "two blocks of data, two of scripts";
}

TEST_F(ReportPageTest, ComparesRuns) {
  const std::string page = Page({Some("first", 1), Some("second", 1)});
  EXPECT_THAT(page, AllOf(HasSubstr("Side by side"), HasSubstr("data-plot=\"overlay\""),
                          HasSubstr("href=\"#run2\"")));
  EXPECT_EQ(DataOf(page, 2)["title"], "second");
  EXPECT_THAT(Page({Some("first", 1)}), Not(HasSubstr("data-plot=\"overlay\"")));
}

TEST_F(ReportPageTest, LoadsItselfAgainOnlyWhenAsked) {
  const std::string meta = "<meta name=\"mote-reload\" content=\"7\">";
  EXPECT_THAT(Page({Some("a", 1)}, {.reload_seconds = 7}), HasSubstr(meta));
  EXPECT_THAT(Page({Some("a", 1)}), Not(HasSubstr("<meta name=\"mote-reload\"")));
}

TEST_F(ReportPageTest, ShowsAnEmptyRun) {
  ReportSection section;
  section.title = "empty";
  section.summary = {"Nothing has a score yet."};
  EXPECT_THAT(Page({section}), AllOf(HasSubstr("Nothing has a score yet."),
                                     Not(HasSubstr("<table class=\"rows\">"))));
}

}  // namespace
}  // namespace mote
