// Report pages as a reader meets them: nothing is wrong on the console, nothing is fetched, tables
// sort and filter, charts and cells show what the store holds.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "mote/base/file.h"
#include "mote/report/cell_svg.h"
#include "mote/report/page.h"
#include "mote/report/store_section.h"
#include "mote/space/test_spaces.h"
#include "mote/store/store_testing.h"
#include "tests/report/browser.h"

namespace mote {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::TempFolder;

// Every `stride`-th cell of the space with a score that is a function of its place.
struct Scored {
  std::vector<std::string> archs;
  std::vector<double> scores;
};

class PageBrowserTest : public ::testing::Test {
 protected:
  PageBrowserTest() : folder_(TempFolder::Where::kDisk) {
    RegisterSpace_nasbench201(spaces_);
    space_ = MakeNasBench201();
  }

  void SetUp() override {
    const auto program = FindChromium();
    if (!program) GTEST_SKIP() << "chromium is not on PATH (packages.txt, group extra)";
    browser_ = std::make_unique<Browser>(*program, folder_ / "profile");
  }

  Scored ScoreEvery(int stride) const {
    Scored scored;
    for (std::int64_t index = 0; index < space_->size(); index += stride) {
      scored.archs.push_back(space_->At(index).text());
      scored.scores.push_back(Rng(Key(1, "score", int(index))).Normal());
    }
    return scored;
  }

  // The page of a store with these scores, one of which has a foreign space's text.
  std::filesystem::path PageOf(const Scored& scored) const {
    const std::filesystem::path store = folder_ / "a.sqlite";
    {
      const auto open = Store::Open(store);
      std::vector<EstimateRecord> records;
      for (std::size_t i = 0; i < scored.archs.size(); ++i) {
        EstimateRecord record;
        record.key = testing::NumberedKey("estimate", int(i));
        record.space = "nasbench201";
        record.architecture = scored.archs[i];
        record.estimator = "mote@1";
        record.options = "{}";
        record.value = scored.scores[i];
        records.push_back(record);
      }
      open->PutEstimates(records);
    }
    const ReportContext context{spaces_, [](const std::string&) { return false; }};
    const std::filesystem::path page = folder_ / "page.html";
    WriteFileAtomically(
        page, ReportPage({SectionOf(ReadStoreContent(store), "a <b>store</b>", context)}, context));
    return page;
  }

  Browser& browser() { return *browser_; }
  const SearchSpace& space() const { return *space_; }

  std::vector<std::string> ShownArchs() {
    return browser().Evaluate(
        "[...document.querySelectorAll('.rows tbody tr')].map(r => r.cells[0].textContent)");
  }
  std::string Status() {
    return browser().Evaluate("document.querySelector('.status').textContent");
  }
  void ExpectNothingWrong() {
    EXPECT_THAT(browser().complaints(), IsEmpty());
    EXPECT_THAT(browser().requests(), IsEmpty());
  }

 private:
  TempFolder folder_;
  SpaceRegistry spaces_{"space"};
  std::unique_ptr<SearchSpace> space_;
  std::unique_ptr<Browser> browser_;
};

// The `d` of all paths of a picture, sorted.
std::vector<std::string> Paths(const std::string& svg) {
  static const std::regex path(" d=\"([^\"]*)\"");
  std::vector<std::string> found;
  for (std::sregex_iterator at(svg.begin(), svg.end(), path), end; at != end; ++at) {
    found.push_back((*at)[1]);
  }
  std::sort(found.begin(), found.end());
  return found;
}

TEST_F(PageBrowserTest, ChartsAndCellsShowWhatTheStoreHolds) {
  const Scored scored = ScoreEvery(131);
  browser().Open(PageOf(scored));
  const std::string chart = "Chart.getChart(document.querySelector('[data-cost=params] canvas'))";
  const std::vector<double> drawn =
      browser().Evaluate(chart + ".data.datasets.find(d => d.label === 'others').data.map(p=>p.y)");
  std::vector<double> expected = scored.scores;
  std::sort(expected.rbegin(), expected.rend());  // the best first
  EXPECT_EQ(drawn, expected);
  const std::vector<int> bins = browser().Evaluate(
      "Chart.getChart(document.querySelector('[data-plot=histogram] canvas')).data.datasets[0]"
      ".data");
  int counted = 0;
  for (const int count : bins) counted += count;
  EXPECT_EQ(counted, int(scored.archs.size()));

  // The page draws a cell where `mote show` does. Its legend lines come on top.
  for (const int row : {0, 7, 31, 64}) {
    browser().Evaluate("document.querySelectorAll('.rows tbody tr')[0].click()");
    const std::string arch = scored.archs[std::size_t(row)];
    browser().Evaluate(
        "(() => { const input = document.querySelector('.candidates input'); input.value = " +
        nlohmann::json(arch).dump() +
        "; input.dispatchEvent(new Event('input'));"
        "document.querySelector('.rows tbody tr').click(); })()");
    const std::string svg = browser().Evaluate("document.querySelector('.cell svg').outerHTML");
    std::vector<std::string> own = Paths(svg);
    const std::vector<std::string> shown = Paths(CellSvg(space(), space().Parse(arch), {}));
    EXPECT_TRUE(std::includes(shown.begin(), shown.end(), own.begin(), own.end())) << arch;
    EXPECT_GE(own.size(), 4u);
  }

  // A page is as wide as its screen, and keeps its charts when the colours change.
  for (const bool dark : {true, false}) {
    browser().PreferDark(dark);
    browser().Resize(360, 740);
    EXPECT_LE(browser().Evaluate("document.documentElement.scrollWidth").get<int>(), 360);
    EXPECT_EQ(browser().Evaluate(chart + ".data.datasets.length"), 3);
  }
  // So it is while the charts still have the size that an earlier screen gave them.
  const int wide = browser().Evaluate(
      "(() => { for (const c of document.querySelectorAll('canvas')) c.style.width = '700px';"
      "return document.documentElement.scrollWidth; })()");
  EXPECT_LE(wide, 360);
  ExpectNothingWrong();
}

TEST_F(PageBrowserTest, FifteenThousandRowsSortAndFilterByAddressMouseAndKeys) {
  const Scored scored = ScoreEvery(1);
  ASSERT_EQ(scored.archs.size(), 15625u);
  const std::filesystem::path page = PageOf(scored);
  browser().Open(page, "#filter=nor_conv_3x3~0%20-none&sort=mote");
  std::vector<std::pair<double, std::string>> expected;
  for (std::size_t i = 0; i < scored.archs.size(); ++i) {
    const std::string& arch = scored.archs[i];
    if (arch.find("nor_conv_3x3~0") != std::string::npos &&
        arch.find("none") == std::string::npos) {
      expected.emplace_back(scored.scores[i], arch);
    }
  }
  std::sort(expected.begin(), expected.end());
  const std::vector<std::string> shown = ShownArchs();
  ASSERT_EQ(shown.size(), 50u) << "one page of them stands in the document";
  for (std::size_t i = 0; i < shown.size(); ++i) EXPECT_EQ(shown[i], expected[i].second);
  EXPECT_EQ(Status(), std::to_string(expected.size() / 1000) + " " +
                          std::to_string(expected.size()).substr(1) + " of 15 625 rows");

  // The other way by the mouse, the next page, a row by the keys; the address follows.
  browser().Evaluate("document.querySelectorAll('.rows thead button')[1].click()");
  EXPECT_EQ(browser().Evaluate("document.querySelectorAll('.rows th')[1].ariaSort"), "descending");
  EXPECT_EQ(ShownArchs().front(), expected.back().second);
  browser().Evaluate(
      "[...document.querySelectorAll('.pager button')].find(b => b.textContent === 'Next').click();"
      "document.querySelector('.rows tr[tabindex=\"0\"]').focus()");
  browser().Press("ArrowDown");
  const std::string second = expected[expected.size() - 52].second;
  EXPECT_EQ(browser().Evaluate("document.querySelector('tr[aria-selected=true] code').textContent"),
            second);
  EXPECT_EQ(browser().Evaluate("document.querySelector('.cell .arch').textContent"), second);
  const std::string hash = browser().Evaluate(
      "new Promise(done => setTimeout(() => done(decodeURIComponent(location.hash)), 400))");
  EXPECT_THAT(hash,
              ::testing::AllOf(::testing::HasSubstr("sort=-mote"), ::testing::HasSubstr("page=2"),
                               ::testing::HasSubstr("arch=" + second)));

  // A number in words that people use, and a word that is no column.
  browser().Evaluate("document.querySelector('.candidates input').value = ''");
  browser().Evaluate("document.querySelector('.candidates input').focus()");
  browser().Type("mote>=3");
  int above = 0;
  for (const double score : scored.scores) above += score >= 3 ? 1 : 0;
  EXPECT_THAT(Status(), ::testing::StartsWith(std::to_string(above) + " of"));
  browser().Type(" colour=3");
  EXPECT_THAT(Status(), ::testing::HasSubstr("there is no column colour"));
  ExpectNothingWrong();
}

TEST_F(PageBrowserTest, TextsOfAnyKindAreTexts) {
  Scored scored = ScoreEvery(4000);
  const std::string evil = "</script><script>window.bad = 1</script><img src=x onerror=bad=1>";
  scored.archs.push_back(evil);
  scored.scores.push_back(9);
  browser().Open(PageOf(scored), "#sort=-mote");
  EXPECT_EQ(ShownArchs().front(), evil);
  browser().Evaluate("document.querySelector('.rows tbody tr').click()");
  EXPECT_EQ(browser().Evaluate("document.querySelector('.cell .arch').textContent"), evil);
  EXPECT_EQ(browser().Evaluate("typeof window.bad"), "undefined");
  EXPECT_EQ(browser().Evaluate("document.querySelector('h1').textContent"), "a <b>store</b>");
  ExpectNothingWrong();
}

}  // namespace
}  // namespace mote
