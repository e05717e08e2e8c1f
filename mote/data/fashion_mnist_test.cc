#include <gmock/gmock.h>

#include "mote/data/dataset.h"
#include "mote/data/test_files.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(FashionMnist, SaysWhatToInstall) {
  const TempFolder folder;
  EXPECT_ERROR(
      LoadAs("fashion-mnist", folder.path()), ErrorCode::kNotFound,
      AllOf(HasSubstr(folder.path().string()), HasSubstr("apt install dataset-fashion-mnist")));
}

TEST(FashionMnist, NamesItsClasses) {
  const TempFolder folder;
  folder.Write("train-images-idx3-ubyte.gz", Gzip(Idx({2, 1, 1}, "ab")));
  folder.Write("train-labels-idx1-ubyte.gz", Gzip(Idx({2}, "\11\1")));
  const Dataset dataset = LoadAs("fashion-mnist", folder.path());
  EXPECT_EQ(dataset.name(), "fashion-mnist");
  EXPECT_EQ(dataset.kind(), "idx");
  EXPECT_THAT(dataset.class_names(), ElementsAre("trouser", "ankle boot"));
}

TEST(FashionMnist, IsAskedForByName) {
  const auto loader = AllLoaders().Create("fashion-mnist", {});
  EXPECT_TRUE(loader->is_named());
  EXPECT_FALSE(loader->Recognises("/usr/share/datasets/fashion-mnist"));
}

}  // namespace
}  // namespace mote
