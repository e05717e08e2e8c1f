#include "mote/data/dataset.h"

#include <gmock/gmock.h>

#include "mote/data/test_files.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Two training images and one test image of 1x2 in two classes.
Dataset::Content Tiny() {
  Dataset::Content content{"idx", "tiny", 1, 2, {"a", "b"}, {}, {"a note"}};
  content.splits["train"] = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, {0, 1}};
  content.splits["test"] = {{1, 2, 3, 4, 5, 6}, {1}};
  return content;
}

TEST(Dataset, ShowsWhatItHolds) {
  const Dataset dataset(Tiny());
  EXPECT_EQ(dataset.Describe(), "tiny: idx, 2 train + 1 test images, 2 classes, 1x2");
  EXPECT_THAT(dataset.split_names(), ElementsAre("train", "test"));
  EXPECT_THAT(dataset.notes(), ElementsAre("a note"));
  EXPECT_EQ(dataset.split("test").labels, std::vector<int>{1});
  EXPECT_FALSE(dataset.HasSplit("val"));
}

TEST(Dataset, NamesTheSplitsThereAre) {
  EXPECT_ERROR(Dataset(Tiny()).split("val"), ErrorCode::kNotFound,
               AllOf(HasSubstr("'val'"), HasSubstr("train or test")));
}

TEST(Dataset, RefusesWhatCannotBeTrainedOn) {
  const auto code = ErrorCode::kInvalidArgument;
  Dataset::Content content = Tiny();
  content.splits.erase("train");
  EXPECT_ERROR(Dataset{content}, code, HasSubstr("no training images"));
  content = Tiny();
  content.splits["train"] = {};
  EXPECT_ERROR(Dataset{content}, code, HasSubstr("no training images"));
  content = Tiny();
  content.class_names = {"a"};
  EXPECT_ERROR(Dataset{content}, code, HasSubstr("1 class,"));
  content = Tiny();
  content.splits["test"].labels = {2};
  EXPECT_ERROR(Dataset{content}, code, HasSubstr("label 2"));
  content.splits["test"].labels = {-1};
  EXPECT_ERROR(Dataset{content}, code, HasSubstr("label -1"));
  content = Tiny();
  content.splits["train"].pixels.pop_back();
  EXPECT_ERROR(Dataset{content}, code, HasSubstr("11 bytes"));
  content = Tiny();
  content.height = 0;
  EXPECT_ERROR(Dataset{content}, code, HasSubstr("no pixels"));
}

TEST(Dataset, FingerprintTellsContentApartButNotNames) {
  const Hash128 fingerprint = Dataset(Tiny()).fingerprint();
  Dataset::Content content = Tiny();
  content.name = "other";
  content.kind = "cifar10";
  content.class_names = {"x", "y"};
  content.notes = {};
  EXPECT_EQ(Dataset(content).fingerprint(), fingerprint);

  std::vector<Dataset::Content> changed(6, Tiny());
  changed[0].splits["train"].pixels[0] ^= 1;
  changed[1].splits["test"].labels[0] = 0;
  changed[2].class_names.push_back("c");
  std::swap(changed[3].height, changed[3].width);
  changed[4].splits.erase("test");
  changed[5].splits["val"] = changed[5].splits["test"];
  changed[5].splits.erase("test");
  std::vector<Hash128> seen = {fingerprint};
  for (const Dataset::Content& other : changed) {
    const Hash128 hash = Dataset(other).fingerprint();
    EXPECT_EQ(std::count(seen.begin(), seen.end(), hash), 0);
    seen.push_back(hash);
  }
}

TEST(Dataset, MakesNamesPrintable) {
  Dataset::Content content = Tiny();
  content.name = "two\nlines";
  content.class_names = {"caf\xC3\xA9 \xE4\xB8\xAD", "bad\xFF\xC0\xAF\xED\xA0\x80"};
  const Dataset dataset(content);
  EXPECT_EQ(dataset.name(), "two?lines");
  EXPECT_THAT(dataset.class_names(), ElementsAre("caf\xC3\xA9 \xE4\xB8\xAD", "bad??????"));
}

// A folder with one CIFAR-10 training batch of two images.
void WriteCifar(const TempFolder& folder, const std::string& below) {
  folder.Write(below + "/data_batch_1.bin", CifarRecord({0}, 1, 2, 3) + CifarRecord({9}, 4, 5, 6));
}

TEST(LoadDataset, TakesAPathOrAName) {
  const TempFolder folder;
  WriteCifar(folder, "cifar");
  const DatasetRegistry registry = AllLoaders();
  EXPECT_EQ(LoadDataset(registry, (folder.path() / "cifar").string(), {})->kind(), "cifar10");
  EXPECT_EQ(LoadDataset(registry, "noise", {.image_size = 4})->kind(), "noise");
}

TEST(LoadDataset, SaysWhatItDoesNotFind) {
  EXPECT_ERROR(LoadDataset(AllLoaders(), "/nowhere/at/all", {}), ErrorCode::kNotFound,
               AllOf(HasSubstr("/nowhere/at/all"), HasSubstr("fashion-mnist or noise")));
  EXPECT_ERROR(LoadDataset(AllLoaders(), "", {}), ErrorCode::kNotFound, HasSubstr("''"));
  EXPECT_ERROR(LoadDataset(AllLoaders(), "cifar10", {}), ErrorCode::kNotFound,
               HasSubstr("folder's path"));
}

TEST(LoadDataset, ListsTheKindsIfNobodyRecognisesAPath) {
  const TempFolder folder;
  folder.Write("stuff/readme.txt", "hello");
  EXPECT_ERROR(LoadDataset(AllLoaders(), (folder.path() / "stuff").string(), {}),
               ErrorCode::kInvalidArgument,
               HasSubstr("it reads cifar10, cifar100, idx or image-folder"));
  std::filesystem::create_directory(folder.path() / "empty");
  EXPECT_ERROR(LoadDataset(AllLoaders(), (folder.path() / "empty").string(), {}),
               ErrorCode::kInvalidArgument, HasSubstr("empty folder"));
}

TEST(LoadDataset, AdvisesWhoGivesAFileOrTheFolderAbove) {
  const TempFolder folder;
  WriteCifar(folder, "all/cifar");
  EXPECT_ERROR(
      LoadDataset(AllLoaders(), (folder.path() / "all/cifar/data_batch_1.bin").string(), {}),
      ErrorCode::kInvalidArgument, HasSubstr("give its folder"));
  EXPECT_ERROR(LoadDataset(AllLoaders(), (folder.path() / "all").string(), {}),
               ErrorCode::kInvalidArgument, HasSubstr("all/cifar' (cifar10)?"));
}

TEST(LoadDataset, ChecksTheImageSize) {
  for (const int size : {0, -1, 1025}) {
    EXPECT_ERROR(LoadDataset(AllLoaders(), "noise", {.image_size = size}),
                 ErrorCode::kInvalidArgument, StartsWith("image size is"));
  }
}

TEST(LoadDataset, NoLoaderChokesOnForeignPaths) {
  const TempFolder folder;
  folder.Write("file.bin", Scatter(100, 0));
  std::filesystem::create_directory_symlink(folder.path(), folder.path() / "loop");
  const DatasetRegistry registry = AllLoaders();
  for (const std::string& name : registry.Names()) {
    const auto loader = registry.Create(name, {});
    for (const std::filesystem::path& path :
         {folder.path(), folder.path() / "file.bin", folder.path() / "none",
          folder.path() / "file.bin/below", std::filesystem::path()}) {
      EXPECT_FALSE(loader->Recognises(path)) << name << " " << path;
    }
  }
}

}  // namespace
}  // namespace mote
