#include "mote/cli/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <thread>
#include <vector>

#include "mote/report/utf8.h"

namespace mote {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

// A bar with a clock and a terminal of its own. The screen is one line, read as a terminal would.
struct Bench {
  double now = 100;
  int width = 80;
  std::ostringstream out;

  ProgressOptions Options(bool utf8 = false) {
    return {.label = "scoring",
            .utf8 = utf8,
            .clock = [this] { return now; },
            .columns = [this] { return width; }};
  }
  int drawings() const {
    const std::string text = out.str();
    return static_cast<int>(std::count(text.begin(), text.end(), '\r'));
  }
  // The line as it stands after all carriage returns; ASCII only.
  std::string Screen() const {
    std::string line;
    std::size_t column = 0;
    for (const char c : out.str()) {
      if (c == '\r') {
        column = 0;
        continue;
      }
      if (column >= line.size()) line.resize(column + 1, ' ');
      line[column++] = c;
    }
    return line.erase(line.find_last_not_of(' ') + 1);
  }
};

TEST(Progress, ShowsDoneRateAndTimeLeft) {
  Bench bench;
  Progress bar(bench.out, bench.Options());
  bar.SetTotal(200);
  bench.now += 10;
  bar.Advance(50);
  EXPECT_EQ(bench.Screen(),
            "scoring |#######                       |   50/200   25%  5.0/s  0:30 left");
  bench.now += 1;
  bar.SetNote("best 0.93");
  EXPECT_EQ(bench.Screen(),
            "scoring |######                   |   50/200   25%  4.5/s  0:33 left  best 0.93");
}

TEST(Progress, DrawsAtMostTenTimesASecond) {
  Bench bench;
  Progress bar(bench.out, bench.Options());
  bar.SetTotal(100000);
  for (int i = 0; i < 1000; ++i) {
    bench.now += 0.002;
    bar.Advance();
  }
  EXPECT_GE(bench.drawings(), 18);
  EXPECT_LE(bench.drawings(), 21);
}

TEST(Progress, WipesItselfAtTheEndAndStaysAway) {
  Bench bench;
  {
    Progress bar(bench.out, bench.Options());
    bar.SetTotal(10);
    EXPECT_NE(bench.Screen(), "");
    bar.Finish();
    EXPECT_EQ(bench.Screen(), "");
    EXPECT_THAT(bench.out.str(), EndsWith("\r"));
    bench.now += 1;
    bar.Advance();
  }
  EXPECT_EQ(bench.Screen(), "");
  EXPECT_EQ(bench.drawings(), 3);  // one drawing, one wiping: back, spaces, back
}

TEST(Progress, WipesItselfWhenAnExceptionPasses) {
  Bench bench;
  try {
    Progress bar(bench.out, bench.Options());
    bar.SetTotal(10);
    throw 1;
  } catch (int) {
  }
  EXPECT_EQ(bench.Screen(), "");
}

TEST(Progress, ComesBackAfterClear) {
  Bench bench;
  Progress bar(bench.out, bench.Options());
  bar.SetTotal(10);
  bar.Clear();
  EXPECT_EQ(bench.Screen(), "");
  bench.now += 1;
  bar.Advance();
  EXPECT_THAT(bench.Screen(), HasSubstr(" 1/10"));
}

TEST(Progress, WritesNothingAtAllWhenDisabled) {
  Bench bench;
  ProgressOptions options = bench.Options();
  options.enabled = false;
  {
    Progress bar(bench.out, options);
    bar.SetTotal(10);
    bench.now += 60;
    bar.Advance();
    bar.SetNote("best");
    bar.Clear();
  }
  EXPECT_EQ(bench.out.str(), "");
}

TEST(Progress, ShorterLineLeavesNoRestOfALongerOne) {
  Bench bench;
  Progress bar(bench.out, bench.Options());
  bar.SetNote("a long note");
  bench.now += 1;
  bar.SetNote("short");
  EXPECT_EQ(bench.Screen(), "scoring 0  0:01  short");
}

TEST(Progress, FitsTheTerminal) {
  for (const bool utf8 : {false, true}) {
    for (int width = 1; width <= 100; ++width) {
      Bench bench;
      bench.width = width;
      Progress bar(bench.out, bench.Options(utf8));
      bar.SetNote("best \u6771\u4eac 0.93");
      bench.now += 5;
      bar.AddTotal(15625);
      bench.now += 5;
      bar.Advance(777);
      std::istringstream lines(bench.out.str());
      for (std::string line; std::getline(lines, line, '\r');) {
        EXPECT_LT(DisplayWidth(line), width) << line;
      }
    }
  }
}

TEST(Progress, DropsTheBarBeforeTheNumbers) {
  Bench bench;
  bench.width = 46;
  Progress bar(bench.out, bench.Options());
  bench.now += 10;
  bar.SetTotal(200);
  bench.now += 10;
  bar.Advance(50);
  EXPECT_EQ(bench.Screen(), "scoring  50/200   25%  2.5/s  1:00 left");
}

TEST(Progress, AsksTheWidthAgainAndKnowsWhenThereIsNone) {
  Bench bench;
  bench.width = 0;
  Progress bar(bench.out, bench.Options());
  bar.SetTotal(10);
  EXPECT_THAT(bench.Screen(), HasSubstr("|                              |"));
  bench.width = 12;
  bench.now += 1;
  bar.Advance();
  EXPECT_EQ(bench.Screen(), "scoring ...");
}

TEST(Progress, DrawsEighthsOfBlocks) {
  Bench bench;
  Progress bar(bench.out, bench.Options(true));
  bench.now += 1;
  bar.SetTotal(240);  // 30 cells of 8 parts
  bench.now += 1;
  bar.Advance(3 * 8 + 5);
  std::string cells = "\u2595\u2588\u2588\u2588\u258b";
  cells += std::string(26, ' ') + "\u258f";
  EXPECT_THAT(bench.out.str(), HasSubstr(cells));
  bench.now += 1;
  bar.Advance(240 - 29);
  std::string full = "\u2595";
  for (int i = 0; i < 30; ++i) full += "\u2588";
  EXPECT_THAT(bench.out.str(), HasSubstr(full + "\u258f  240/240  100%"));
}

TEST(Progress, SaysHundredPercentOnlyWhenAllIsDone) {
  Bench bench;
  Progress bar(bench.out, bench.Options());
  bar.SetTotal(15625);
  bench.now += 1;
  bar.Advance(15624);
  EXPECT_THAT(bench.Screen(), HasSubstr(" 99%"));
  bench.now += 1;
  bar.Advance();
  EXPECT_THAT(bench.Screen(), HasSubstr("100%"));
  EXPECT_THAT(bench.Screen(), Not(HasSubstr("left")));
}

TEST(Progress, GrowsWithItsTotal) {
  Bench bench;
  Progress bar(bench.out, bench.Options());
  bar.Advance(3);
  EXPECT_EQ(bench.Screen(), "scoring 3  0:00");
  bench.now += 2;
  bar.AddTotal(6);
  EXPECT_THAT(bench.Screen(), HasSubstr(" 3/6   50%  1.5/s  0:02 left"));
  bench.now += 1;
  bar.AddTotal(6);
  EXPECT_THAT(bench.Screen(), HasSubstr(" 3/12   25%  1.0/s  0:09 left"));
}

TEST(Progress, CountsSkippedOnesAsDoneButNotAsSpeed) {
  Bench bench;
  Progress bar(bench.out, bench.Options());
  bar.SetTotal(1000);
  bar.Skip(900);
  bench.now += 10;
  bar.Advance(10);
  EXPECT_THAT(bench.Screen(), HasSubstr(" 910/1000   91%  1.0/s  1:30 left"));
}

TEST(Progress, ForgetsAFormerPace) {
  Bench bench;
  Progress bar(bench.out, bench.Options());
  bar.SetTotal(100000);
  for (int i = 0; i < 60; ++i) {
    bench.now += 1;
    bar.Advance(100);
  }
  EXPECT_THAT(bench.Screen(), HasSubstr(" 100/s"));
  for (int i = 0; i < 60; ++i) {
    bench.now += 1;
    bar.Advance(2);
  }
  EXPECT_THAT(bench.Screen(), HasSubstr(" 2.0/s"));
}

TEST(Progress, KeepsCountingWhenResultsAreRarerThanTheWindow) {
  Bench bench;
  Progress bar(bench.out, bench.Options());
  bar.SetTotal(100);
  for (int i = 0; i < 30; ++i) {
    bench.now += 60;
    bar.Advance();
  }
  EXPECT_THAT(bench.Screen(), HasSubstr(" 1.0/min  1:10:00 left"));
}

TEST(Progress, LetsNoNoteMoveTheCursor) {
  Bench bench;
  Progress bar(bench.out, bench.Options());
  bar.SetNote("a\x1b[2J\nb");
  EXPECT_THAT(bench.out.str(), HasSubstr("a [2J b"));
}

TEST(Progress, LosesNothingBetweenThreads) {
  Bench bench;
  Progress bar(bench.out, bench.Options());
  bar.SetTotal(4000);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&bar] {
      for (int i = 0; i < 1000; ++i) bar.Advance();
    });
  }
  for (std::thread& thread : threads) thread.join();
  bench.now += 1;
  bar.SetNote("");
  EXPECT_THAT(bench.Screen(), HasSubstr("4000/4000  100%"));
}

TEST(FormatDuration, ReadsAsPeopleDo) {
  EXPECT_EQ(FormatDuration(-1), "0:00");
  EXPECT_EQ(FormatDuration(6.6), "0:07");
  EXPECT_EQ(FormatDuration(59.7), "1:00");
  EXPECT_EQ(FormatDuration(725), "12:05");
  EXPECT_EQ(FormatDuration(3 * 3600 + 7 * 60 + 9), "3:07:09");
  EXPECT_EQ(FormatDuration(2 * 86400 + 3 * 3600 + 59), "2 d 03 h");
  EXPECT_EQ(FormatDuration(1e300), "ages");
}

TEST(FormatRate, PicksTheUnitThatHasADigit) {
  EXPECT_EQ(FormatRate(1234), "1234/s");
  EXPECT_EQ(FormatRate(45.23), "45.2/s");
  EXPECT_EQ(FormatRate(0.2), "12.0/min");
  EXPECT_EQ(FormatRate(0.01), "36.0/h");
  EXPECT_EQ(FormatRate(1e-4), "8.6/d");
  EXPECT_EQ(FormatRate(1e-9), "0.0/d");
}

TEST(ProgressOptions, QuietMeansDisabled) {
  const ProgressOptions options = ProgressOptions::ForStderr("scoring", true);
  EXPECT_FALSE(options.enabled);
  const double now = options.clock();
  EXPECT_GE(options.clock(), now);
}

}  // namespace
}  // namespace mote
