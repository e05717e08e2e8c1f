// The networks against what the benchmark and the MOTE authors' code count.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "mote/base/file.h"
#include "mote/base/options.h"
#include "mote/graph/cost.h"
#include "mote/space/test_spaces.h"

namespace mote {
namespace {

constexpr Task kCifar10 = {.height = 32, .width = 32, .channels = 3, .classes = 10};
constexpr Task kCifar100 = {.height = 32, .width = 32, .channels = 3, .classes = 100};
constexpr Task kImageNet16 = {.height = 16, .width = 16, .channels = 3, .classes = 120};

class NasBench201Cost : public ::testing::Test {
 protected:
  Cost Count(const Architecture& architecture, const Skeleton& skeleton, const Task& task) {
    return CountCost(space_->Build(architecture, skeleton, task, BuildForm::kFull));
  }

  const std::unique_ptr<SearchSpace> space_ = MakeNasBench201();
};

// As published by Dong & Yang 2020.
TEST_F(NasBench201Cost, EqualsTheBenchmarksOwn) {
  struct Row {
    const char* cell;
    std::int64_t params, macs, params_100, params_16, macs_16;
  };
  const Row rows[] = {
      {"000000", 73306, 7783050, 79156, 80456, 1953400},
      {"111111", 73306, 7783050, 79156, 80456, 1953400},
      {"444444", 73306, 7783050, 79156, 80456, 1953400},
      {"222222", 241306, 31376010, 247156, 248456, 7851640},
      {"333333", 1531546, 220119690, 1537396, 1538696, 55037560},
      {"333123", 1073466, 153272970, 1079316, 1080616, 38325880},
      {"333133", 1288506, 184730250, 1294356, 1295656, 46190200},
      {"223133", 858426, 121815690, 864276, 865576, 30461560},
      {"333132", 1073466, 153272970, 1079316, 1080616, 38325880},
  };
  const Skeleton skeleton = BenchmarkSkeleton();
  for (const Row& row : rows) {
    const Architecture cell = space_->Parse(row.cell);
    EXPECT_EQ(Count(cell, skeleton, kCifar10).params, row.params) << row.cell;
    EXPECT_EQ(Count(cell, skeleton, kCifar10).macs, row.macs) << row.cell;
    EXPECT_EQ(Count(cell, skeleton, kCifar100).params, row.params_100) << row.cell;
    EXPECT_EQ(Count(cell, skeleton, kImageNet16).params, row.params_16) << row.cell;
    EXPECT_EQ(Count(cell, skeleton, kImageNet16).macs, row.macs_16) << row.cell;
  }
  EXPECT_EQ(Count(space_->Parse("000000"), skeleton, kCifar100).macs, 7788900);
}

TEST_F(NasBench201Cost, IsLinearInTheConvolutionsDeadOrAlive) {
  const Skeleton skeleton = BenchmarkSkeleton();
  for (std::int64_t i = 0; i < space_->size(); i += 41) {
    const Architecture cell = space_->At(i);
    int ones = 0;
    int threes = 0;
    for (int decision : cell.decisions()) {
      ones += int(decision == 2);
      threes += int(decision == 3);
    }
    const Cost cost = Count(cell, skeleton, kCifar10);
    EXPECT_EQ(cost.params, 73306 + 28000 * ones + 243040 * threes) << cell.text();
    EXPECT_EQ(cost.macs, 7783050 + 3932160LL * ones + 35389440LL * threes) << cell.text();
    const Cost small = Count(cell, skeleton, kImageNet16);
    EXPECT_EQ(small.macs, 1953400 + 983040LL * ones + 8847360LL * threes) << cell.text();
  }
}

// The network of published estimates without training: a bias of C scalars instead of scale and
// shift, 2 C, so that each convolution of the 15 cells has C scalars less; multiply-adds as ever.
// By hand, of an edge of 3x3: 5 (9 (16^2 + 32^2 + 64^2) + 16 + 32 + 64) = 242,480.
TEST_F(NasBench201Cost, OfTheZeroCostNetworkHasABiasForScaleAndShift) {
  const Skeleton skeleton = ZeroCostSkeleton();
  EXPECT_EQ(Count(space_->Parse("000000"), skeleton, kCifar10).params, 73306);
  EXPECT_EQ(Count(space_->Parse("111111"), skeleton, kCifar10).params, 73306);
  EXPECT_EQ(Count(space_->Parse("300000"), skeleton, kCifar10).params, 73306 + 242480);
  EXPECT_EQ(Count(space_->Parse("333333"), skeleton, kCifar10).params, 73306 + 6 * 242480);
  EXPECT_EQ(Count(space_->Parse("222222"), skeleton, kCifar10).params, 73306 + 6 * 27440);
  for (const char* text : {"222222", "333333", "333123"}) {
    const Cost ours = Count(space_->Parse(text), skeleton, kCifar10);
    const Cost usual = Count(space_->Parse(text), BenchmarkSkeleton(), kCifar10);
    EXPECT_EQ(ours.macs, usual.macs) << text;
    EXPECT_EQ(ours.conv_weights, usual.conv_weights) << text;
  }
}

TEST_F(NasBench201Cost, EqualsEveryRowOfTheAccuracyTable) {
  const char* folder = std::getenv("MOTE_DATA");
  const std::filesystem::path path =
      std::filesystem::path(folder != nullptr ? folder : MOTE_SOURCE_DIR "/../shared/data") /
      "nasbench201" / "accuracy.csv.gz";
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << path << " is missing: set MOTE_DATA to the folder that holds nasbench201/";
  }
  const std::string content = ReadMaybeGzip(path);
  const std::string_view text = content;
  std::size_t at = text.find('\n') + 1;
  ASSERT_EQ(text.substr(0, 22), "arch,params_m,macs_m,c");
  const Skeleton skeleton = BenchmarkSkeleton();
  int rows = 0;
  while (at < text.size()) {
    const auto field = [&] {
      const std::size_t end = text.find_first_of(",\n", at);
      const std::string_view value = text.substr(at, end - at);
      at = end + 1;
      return value;
    };
    const Architecture cell = space_->Parse(field());
    const double params = ParseReal(field(), "params_m") * 1e6;
    const double macs = ParseReal(field(), "macs_m") * 1e6;
    at = text.find('\n', at) + 1;
    ++rows;
    const Cost cost = Count(cell, skeleton, kCifar10);
    ASSERT_EQ(cost.params, std::llround(params)) << cell.text();
    ASSERT_EQ(cost.macs, std::llround(macs)) << cell.text();
  }
  EXPECT_EQ(rows, 10000);
}

// The reduced network of MOTE: counts of the authors' code at ten classes.
TEST_F(NasBench201Cost, EqualsThatOfTheReducedNetwork) {
  const Skeleton skeleton = PaperSkeleton();
  const Cost base = Count(space_->Parse("000000"), skeleton, kCifar10);
  EXPECT_EQ(base.params, 1258);
  EXPECT_EQ(base.macs, 885066);
  for (int edge = 0; edge < 6; ++edge) {
    std::vector<int> decisions(6, 0);
    decisions[edge] = 2;
    const Cost one = Count(space_->Make(decisions), skeleton, kCifar10);
    EXPECT_EQ(one.params - base.params, 2 * (1024 + 64));
    EXPECT_EQ(one.macs - base.macs, 1114112);
    EXPECT_EQ(one.conv_weights - base.conv_weights, 2 * 1024);
    decisions[edge] = 3;
    const Cost three = Count(space_->Make(decisions), skeleton, kCifar10);
    EXPECT_EQ(three.params - base.params, 2 * (9216 + 64));
    EXPECT_EQ(three.macs - base.macs, 10027008);
  }
  EXPECT_EQ(Count(space_->Parse("333333"), skeleton, kCifar10).params, 112618);
  EXPECT_EQ(Count(space_->Parse("333333"), skeleton, kCifar10).macs, 61047114);
}

}  // namespace
}  // namespace mote
