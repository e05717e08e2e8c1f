#include <gmock/gmock.h>

#include "mote/data/dataset.h"
#include "mote/data/test_files.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Cifar100, TakesFineLabels) {
  const TempFolder folder;
  folder.Write("train.bin", CifarRecord({19, 99}, 1, 2, 3) + CifarRecord({0, 5}, 4, 5, 6));
  folder.Write("test.bin", CifarRecord({7, 8}, 9, 10, 11));
  const Dataset dataset = LoadAs("cifar100", folder.path());
  EXPECT_EQ(dataset.classes(), 100);
  EXPECT_EQ(dataset.class_names()[42], "class 42");
  EXPECT_THAT(dataset.split("train").labels, ElementsAre(99, 5));
  EXPECT_THAT(PixelOf(dataset, "train", 1, 31, 31), ElementsAre(4, 5, 6));
  EXPECT_THAT(PixelOf(dataset, "test", 0, 0, 0), ElementsAre(9, 10, 11));
  EXPECT_THAT(dataset.notes(), Contains("found 2 of 50000 training images"));
}

TEST(Cifar100, RefusesBadFiles) {
  const TempFolder folder;
  folder.Write("train.bin", CifarRecord({19, 99}, 1, 2, 3) + "x");
  EXPECT_ERROR(LoadAs("cifar100", folder.path()), ErrorCode::kCorrupt,
               AllOf(HasSubstr("train.bin"), HasSubstr("3075"), HasSubstr("3074")));
  folder.Write("train.bin", CifarRecord({19, 100}, 1, 2, 3));
  EXPECT_ERROR(LoadAs("cifar100", folder.path()), ErrorCode::kCorrupt,
               AllOf(HasSubstr("record 0 of 1"), HasSubstr("label 100")));
  folder.Write("train.bin", CifarRecord({20, 0}, 1, 2, 3));
  EXPECT_ERROR(LoadAs("cifar100", folder.path()), ErrorCode::kCorrupt, HasSubstr("label 20"));
  std::filesystem::remove(folder.path() / "train.bin");
  EXPECT_ERROR(LoadAs("cifar100", folder.path()), ErrorCode::kNotFound, HasSubstr("train.bin"));
}

TEST(Cifar100, ExplainsThePythonVersion) {
  const TempFolder folder;
  for (const char* name : {"train", "test", "meta"}) folder.Write(name, "a pickle");
  EXPECT_ERROR(LoadDataset(AllLoaders(), folder.path().string(), {}), ErrorCode::kInvalidArgument,
               HasSubstr("Python version"));
}

}  // namespace
}  // namespace mote
