#include <gmock/gmock.h>

#include "mote/data/dataset.h"
#include "mote/data/test_files.h"

namespace mote {
namespace {

TEST(Noise, IsTwoThousandImagesInTenClasses) {
  const Dataset dataset = LoadAs("noise", {}, {.image_size = 8, .seed = 3});
  EXPECT_EQ(dataset.Describe(), "noise: noise, 2000 train images, 10 classes, 8x8");
  std::vector<int> classes(10);
  for (const int label : dataset.split("train").labels) ++classes[label];
  for (const int count : classes) EXPECT_NEAR(count, 200, 5 * 14);
  std::vector<int> values(256);
  for (const int pixel : dataset.split("train").pixels) ++values[pixel];
  const double expected = 2000 * 8 * 8 * 3 / 256.0;
  double chi2 = 0;
  for (const int count : values) chi2 += (count - expected) * (count - expected) / expected;
  EXPECT_LT(chi2, 255 + 5 * 22.6);  // 255 degrees of freedom
}

TEST(Noise, DependsOnTheSeedAlone) {
  const auto fingerprint = [](std::uint64_t seed) {
    return LoadAs("noise", {}, {.image_size = 4, .seed = seed}).fingerprint();
  };
  EXPECT_EQ(fingerprint(1), fingerprint(1));
  EXPECT_NE(fingerprint(1), fingerprint(2));
}

TEST(Noise, RefusesAbsurdSizes) {
  EXPECT_ERROR(LoadAs("noise", {}, {.image_size = 0}), ErrorCode::kInvalidArgument,
               ::testing::HasSubstr("image size is 0"));
}

}  // namespace
}  // namespace mote
