#include <gmock/gmock.h>

#include "mote/base/rng.h"
#include "mote/data/dataset.h"
#include "mote/data/test_files.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// A record whose red, green and blue planes count up from 0, 1 and 2.
std::string Ramp(int label) {
  std::string record(1, char(label));
  for (int c = 0; c < 3; ++c) {
    for (int i = 0; i < 1024; ++i) record += char(i + c);
  }
  return record;
}

TEST(Cifar10, TurnsPlanesIntoPixels) {
  const TempFolder folder;
  folder.Write("data_batch_1.bin", Ramp(3) + CifarRecord({9}, 10, 20, 30));
  folder.Write("test_batch.bin", CifarRecord({0}, 1, 2, 3));
  const Dataset dataset = LoadAs("cifar10", folder.path());
  EXPECT_EQ(dataset.kind(), "cifar10");
  EXPECT_EQ(dataset.height(), 32);
  EXPECT_EQ(dataset.classes(), 10);
  EXPECT_THAT(dataset.split("train").labels, ElementsAre(3, 9));
  EXPECT_THAT(PixelOf(dataset, "train", 0, 0, 5), ElementsAre(5, 6, 7));
  EXPECT_THAT(PixelOf(dataset, "train", 0, 2, 1), ElementsAre(65, 66, 67));
  EXPECT_THAT(PixelOf(dataset, "train", 0, 31, 31), ElementsAre(255, 0, 1));
  EXPECT_THAT(PixelOf(dataset, "train", 1, 17, 4), ElementsAre(10, 20, 30));
  EXPECT_THAT(PixelOf(dataset, "test", 0, 0, 0), ElementsAre(1, 2, 3));
}

TEST(Cifar10, SaysHowManyBatchesItFound) {
  const TempFolder folder;
  folder.Write("data_batch_2.bin", CifarRecord({2}, 0, 0, 0));
  folder.Write("data_batch_1.bin", CifarRecord({1}, 0, 0, 0) + CifarRecord({4}, 0, 0, 0));
  Dataset dataset = LoadAs("cifar10", folder.path());
  EXPECT_THAT(dataset.split("train").labels, ElementsAre(1, 4, 2));
  EXPECT_THAT(dataset.notes(), Contains("found 2 of 5 training batches, 3 images"));
  EXPECT_THAT(dataset.notes(), Contains(HasSubstr("no test images")));
  for (int batch = 3; batch <= 5; ++batch) {
    folder.Write("data_batch_" + std::to_string(batch) + ".bin", CifarRecord({0}, 0, 0, 0));
  }
  dataset = LoadAs("cifar10", folder.path());
  EXPECT_THAT(dataset.notes(), Not(Contains(HasSubstr("training batches"))));
}

TEST(Cifar10, TakesClassNamesFromTheirFile) {
  const TempFolder folder;
  folder.Write("data_batch_1.bin", CifarRecord({2}, 0, 0, 0));
  Dataset dataset = LoadAs("cifar10", folder.path());
  EXPECT_EQ(dataset.class_names()[9], "class 9");
  EXPECT_THAT(dataset.notes(), Contains(HasSubstr("no 'batches.meta.txt'")));
  folder.Write("batches.meta.txt", "a\r\nb\nc\nd\ne\nf\ng\nh\ni\nlast one\n\n");
  dataset = LoadAs("cifar10", folder.path());
  EXPECT_EQ(dataset.class_names()[0], "a");
  EXPECT_EQ(dataset.class_names()[9], "last one");
  folder.Write("batches.meta.txt", "a\nb\n");
  dataset = LoadAs("cifar10", folder.path());
  EXPECT_EQ(dataset.class_names()[0], "class 0");
  EXPECT_THAT(dataset.notes(), Contains(HasSubstr("2 names instead of 10")));
}

TEST(Cifar10, RefusesTruncatedFiles) {
  const TempFolder folder;
  const std::string whole = CifarRecord({2}, 0, 0, 0) + CifarRecord({3}, 0, 0, 0);
  folder.Write("data_batch_1.bin", whole.substr(0, whole.size() - 1));
  EXPECT_ERROR(LoadAs("cifar10", folder.path()), ErrorCode::kCorrupt,
               AllOf(HasSubstr("data_batch_1.bin"), HasSubstr("6145"), HasSubstr("3073")));
  folder.Write("data_batch_1.bin", "");
  EXPECT_ERROR(LoadAs("cifar10", folder.path()), ErrorCode::kCorrupt, HasSubstr("0 bytes"));
}

TEST(Cifar10, RefusesLabelsOutOfRange) {
  const TempFolder folder;
  folder.Write("data_batch_1.bin", CifarRecord({9}, 0, 0, 0) + CifarRecord({10}, 0, 0, 0));
  EXPECT_ERROR(
      LoadAs("cifar10", folder.path()), ErrorCode::kCorrupt,
      AllOf(HasSubstr("data_batch_1.bin"), HasSubstr("record 1 of 2"), HasSubstr("label 10")));
}

TEST(Cifar10, RecognisesAndExplainsOtherVersions) {
  const TempFolder folder;
  const auto loader = AllLoaders().Create("cifar10", {});
  EXPECT_FALSE(loader->Recognises(folder.path()));
  folder.Write("data_batch_1", "a pickle");
  EXPECT_TRUE(loader->Recognises(folder.path()));
  EXPECT_ERROR(loader->Load(folder.path(), {}), ErrorCode::kInvalidArgument,
               HasSubstr("Python version"));
  const TempFolder only_test;
  only_test.Write("test_batch.bin", CifarRecord({0}, 0, 0, 0));
  EXPECT_TRUE(loader->Recognises(only_test.path()));
  EXPECT_ERROR(loader->Load(only_test.path(), {}), ErrorCode::kNotFound,
               HasSubstr("no training batch"));
}

// Whatever is flipped, cut or added: a dataset or an Error.
TEST(Cifar10, SurvivesDamage) {
  const TempFolder folder;
  const std::string whole = CifarRecord({2}, 7, 8, 9) + CifarRecord({3}, 0, 0, 0);
  Rng rng(Key(1, "damage"));
  int loaded = 0;
  for (int round = 0; round < 200; ++round) {
    std::string damaged = whole;
    for (int flips = int(rng.Below(3)); flips >= 0; --flips) {
      const std::size_t at = rng.Below(2) ? rng.Below(damaged.size()) : rng.Below(2) * 3073;
      damaged[at] = char(rng.Bits32());
    }
    if (rng.Below(3) == 0) damaged.resize(rng.Below(2 * whole.size()));
    folder.Write("data_batch_1.bin", damaged);
    try {
      loaded += LoadAs("cifar10", folder.path()).split("train").images() > 0;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kCorrupt);
      EXPECT_THAT(error.what(), HasSubstr("data_batch_1.bin"));
    }
  }
  EXPECT_GT(loaded, 20);
  EXPECT_LT(loaded, 180);
}

}  // namespace
}  // namespace mote
