// The loaders on real files, where they are at hand.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "mote/data/dataset.h"
#include "mote/data/prepared_data.h"
#include "mote/data/test_files.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::filesystem::path DataFolder() {
  const char* folder = std::getenv("MOTE_DATA");
  return folder ? folder : std::filesystem::path(MOTE_SOURCE_DIR) / "../shared/data";
}

#define SKIP_WITHOUT(path)                                                                     \
  if (!std::filesystem::exists(path)) {                                                        \
    GTEST_SKIP() << "no '" << (path).string() << "': set MOTE_DATA to a folder that holds it"; \
  }

std::vector<int> CountLabels(const Dataset& dataset, std::string_view split) {
  std::vector<int> counts(dataset.classes());
  for (const int label : dataset.split(split).labels) ++counts[label];
  return counts;
}

TEST(RealData, Cifar10) {
  const auto path = DataFolder() / "cifar-10-batches-bin";
  SKIP_WITHOUT(path);
  const auto dataset = LoadDataset(AllLoaders(), path.string(), {});
  EXPECT_EQ(dataset->kind(), "cifar10");
  EXPECT_EQ(dataset->split("test").images(), 10000);
  EXPECT_EQ(dataset->split("train").images() % 10000, 0);
  EXPECT_THAT(CountLabels(*dataset, "test"), Each(1000));
  EXPECT_EQ(dataset->class_names()[0], "airplane");
  EXPECT_EQ(dataset->class_names()[9], "truck");
  if (dataset->split("train").images() == 10000) {
    EXPECT_THAT(dataset->notes(), ElementsAre("found 1 of 5 training batches, 10000 images"));
  }
  // The first image of data_batch_1 is a frog whose first pixel is (59, 62, 63).
  EXPECT_EQ(dataset->class_names()[dataset->split("train").labels[0]], "frog");
  EXPECT_THAT(PixelOf(*dataset, "train", 0, 0, 0), ElementsAre(59, 62, 63));
}

TEST(RealData, Cifar100) {
  const auto path = DataFolder() / "cifar-100-binary";
  SKIP_WITHOUT(path);
  const auto dataset = LoadDataset(AllLoaders(), path.string(), {});
  EXPECT_EQ(dataset->kind(), "cifar100");
  if (dataset->split("train").images() == 50000) {
    EXPECT_EQ(dataset->split("test").images(), 10000);
    EXPECT_THAT(dataset->notes(), IsEmpty());
  } else {  // the subset of 15000 that the project was developed with
    EXPECT_EQ(dataset->split("train").images(), 15000);
    EXPECT_EQ(dataset->split("test").images(), 5000);
    EXPECT_THAT(dataset->notes(), ElementsAre("found 15000 of 50000 training images"));
  }
  EXPECT_EQ(dataset->class_names()[0], "apple");
  EXPECT_EQ(dataset->class_names()[99], "worm");
}

TEST(RealData, ReducedCifar100AsImageFolder) {
  const auto path = DataFolder() / "reduced-cifar100-10";
  SKIP_WITHOUT(path);
  const auto dataset = LoadDataset(AllLoaders(), path.string(), {});
  EXPECT_EQ(dataset->kind(), "image-folder");
  EXPECT_THAT(CountLabels(*dataset, "train"), AllOf(SizeIs(10), Each(500)));
  EXPECT_THAT(CountLabels(*dataset, "test"), AllOf(SizeIs(10), Each(100)));
  EXPECT_EQ(dataset->class_names()[0], "beaver");
  EXPECT_THAT(dataset->notes(), IsEmpty());
}

TEST(RealData, FashionMnist) {
  const std::filesystem::path path = "/usr/share/datasets/fashion-mnist";
  SKIP_WITHOUT(path);
  const auto dataset = LoadDataset(AllLoaders(), "fashion-mnist", {});
  EXPECT_EQ(dataset->Describe(),
            "fashion-mnist: idx, 60000 train + 10000 test images, 10 classes, 32x32");
  EXPECT_THAT(CountLabels(*dataset, "train"), Each(6000));
  EXPECT_THAT(CountLabels(*dataset, "test"), Each(1000));
  EXPECT_THAT(dataset->notes(), ElementsAre(HasSubstr("padded")));
  EXPECT_EQ(dataset->class_names()[dataset->split("train").labels[0]], "ankle boot");

  const PreparedData data(*dataset, "train", {.image_size = 4, .images = 512}, Key(0, "test"));
  std::vector<int> counts(10);
  for (const int label : data.labels()) ++counts[label];
  EXPECT_THAT(counts, Each(AnyOf(51, 52)));
}

}  // namespace
}  // namespace mote
