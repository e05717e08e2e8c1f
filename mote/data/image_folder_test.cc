#include <gmock/gmock.h>
#include <png.h>

#include "mote/data/dataset.h"
#include "mote/data/test_files.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A square PNG of one grey.
std::string Grey(int value, int side = 4) {
  return EncodePng({side, side, PNG_COLOR_TYPE_GRAY, 8, std::string(side * side, char(value))});
}

Dataset Load(const TempFolder& folder, int image_size = 4) {
  return LoadAs("image-folder", folder.path(), {.image_size = image_size});
}

TEST(ImageFolder, ReadsTrainValAndTest) {
  const TempFolder folder;
  folder.Write("train/b/1.png", Grey(1));
  folder.Write("train/a/2.PNG", Grey(2));
  folder.Write("train/a/10.png", Grey(10));
  folder.Write("val/a/x.png", Grey(3));
  folder.Write("val/b/x.png", Grey(4));
  folder.Write("test/b/x.JPEG", EncodeJpeg({4, 4, 1, std::string(16, char(5))}));
  folder.Write("test/a/x.jpg", EncodeJpeg({4, 4, 1, std::string(16, char(6))}));
  const Dataset dataset = Load(folder);
  EXPECT_THAT(dataset.class_names(), ElementsAre("a", "b"));
  EXPECT_THAT(dataset.split_names(), ElementsAre("train", "val", "test"));
  // By the bytes of the names: "10.png" before "2.PNG".
  EXPECT_THAT(dataset.split("train").labels, ElementsAre(0, 0, 1));
  EXPECT_THAT(PixelOf(dataset, "train", 0, 0, 0), Each(10));
  EXPECT_THAT(PixelOf(dataset, "train", 1, 0, 0), Each(2));
  EXPECT_THAT(PixelOf(dataset, "train", 2, 3, 3), Each(1));
  EXPECT_THAT(PixelOf(dataset, "val", 1, 0, 0), Each(4));
  EXPECT_THAT(PixelOf(dataset, "test", 0, 0, 0), Each(6));
  EXPECT_THAT(dataset.notes(), IsEmpty());
  EXPECT_EQ(LoadDataset(AllLoaders(), folder.path().string(), {})->kind(), "image-folder");
}

TEST(ImageFolder, TakesASingleTreeAsTrainingImages) {
  const TempFolder folder;
  folder.Write("cat/1.png", Grey(1));
  folder.Write("train/1.png", Grey(2));  // a class of vehicles, not a split
  const Dataset dataset = Load(folder);
  EXPECT_THAT(dataset.class_names(), ElementsAre("cat", "train"));
  EXPECT_THAT(dataset.split_names(), ElementsAre("train"));
  EXPECT_THAT(dataset.notes(), ElementsAre(HasSubstr("all images are training images")));
}

TEST(ImageFolder, ResizesByAreaAndRounds) {
  const TempFolder folder;
  // 2x2 halves of a 4x2 image: means (1+2+5+6)/4 = 3.5 and (3+4+7+9)/4 = 5.75.
  folder.Write("a/1.png", EncodePng({2, 4, PNG_COLOR_TYPE_GRAY, 8, "\1\2\3\4\5\6\7\11"}));
  folder.Write("b/1.png", Grey(77, 300));
  Dataset dataset = Load(folder, 1);
  EXPECT_THAT(PixelOf(dataset, "train", 0, 0, 0), Each(5));  // 37 / 8 = 4.6
  EXPECT_THAT(PixelOf(dataset, "train", 1, 0, 0), Each(77));
  dataset = Load(folder, 2);  // 2 rows kept, 4 columns to 2: 1.5, 3.5, 5.5, 8
  EXPECT_THAT(PixelOf(dataset, "train", 0, 0, 0), Each(2));
  EXPECT_THAT(PixelOf(dataset, "train", 0, 0, 1), Each(4));
  EXPECT_THAT(PixelOf(dataset, "train", 0, 1, 1), Each(8));
}

TEST(ImageFolder, SkipsBrokenImagesAndSaysSo) {
  const TempFolder folder;
  const std::string jpeg = EncodeJpeg({16, 16, 3, Scatter(16 * 16 * 3, 1)});
  folder.Write("a/1.png", Grey(1));
  folder.Write("a/2.jpg", jpeg.substr(0, jpeg.size() / 2));
  folder.Write("a/3.png", "");
  folder.Write("a/4.jpg", "GIF89a");
  folder.Write("b/1.png", Grey(2));
  std::filesystem::create_symlink("nowhere", folder.path() / "b/2.png");
  const Dataset dataset = Load(folder);
  EXPECT_THAT(dataset.split("train").labels, ElementsAre(0, 1));
  EXPECT_THAT(dataset.notes(),
              Contains(AllOf(HasSubstr("skipped 4 unreadable images"), HasSubstr("'a/2.jpg' ("),
                             HasSubstr("'a/3.png' (the file is empty)"),
                             HasSubstr("'a/4.jpg' (neither"), HasSubstr("and 1 more"))));
}

TEST(ImageFolder, SkipsTruncatedImagesOfEveryLength) {
  const TempFolder folder;
  folder.Write("a/good.png", Grey(1));
  folder.Write("b/good.png", Grey(2));
  const std::string pixels = Scatter(8 * 8 * 3, 1);
  int files = 0;
  for (const std::string& whole :
       {EncodeJpeg({8, 8, 3, pixels}), EncodePng({8, 8, PNG_COLOR_TYPE_RGB, 8, pixels})}) {
    for (std::size_t length = 0; length < whole.size(); length += 7) {
      folder.Write("a/cut" + std::to_string(files++) + ".jpg", whole.substr(0, length));
    }
  }
  const Dataset dataset = Load(folder);
  EXPECT_THAT(dataset.split("train").labels, ElementsAre(0, 1));
  EXPECT_THAT(dataset.notes(),
              Contains(HasSubstr("skipped " + std::to_string(files) + " unreadable images")));
}

TEST(ImageFolder, SkipsWhatIsNoImageAndSaysSo) {
  const TempFolder folder;
  folder.Write("train/a/1.png", Grey(1));
  folder.Write("train/a/notes.txt", "");
  folder.Write("train/a/more/1.png", Grey(1));
  folder.Write("train/b/1.png", Grey(2));
  folder.Write("train/.cache/1.png", Grey(2));
  folder.Write("README.md", "");
  folder.Write("extra/c/1.png", Grey(3));
  const Dataset dataset = Load(folder);
  EXPECT_THAT(dataset.class_names(), ElementsAre("a", "b"));
  EXPECT_EQ(dataset.split("train").images(), 2);
  EXPECT_THAT(dataset.notes(),
              Contains(AllOf(HasSubstr("skipped 2 files"), HasSubstr("'README.md'"),
                             HasSubstr("'train/a/notes.txt'"))));
  EXPECT_THAT(dataset.notes(),
              Contains(AllOf(HasSubstr("skipped 3 folders"), HasSubstr("'extra'"),
                             HasSubstr("'train/.cache'"), HasSubstr("'train/a/more'"))));
  EXPECT_THAT(dataset.notes(), Contains(HasSubstr("no folder val or test")));
}

TEST(ImageFolder, FailsIfAClassHasNothingLeft) {
  const TempFolder folder;
  folder.Write("a/1.png", Grey(1));
  folder.Write("b/1.png", "broken");
  folder.Write("b/2.png", "");
  EXPECT_ERROR(Load(folder), ErrorCode::kCorrupt,
               AllOf(HasSubstr("/b'"), HasSubstr("'b/1.png': neither a JPEG")));
  std::filesystem::remove(folder.path() / "b/1.png");
  std::filesystem::remove(folder.path() / "b/2.png");
  EXPECT_ERROR(Load(folder), ErrorCode::kInvalidArgument, HasSubstr("holds no .jpg"));
}

TEST(ImageFolder, NeedsTwoClasses) {
  const TempFolder folder;
  EXPECT_ERROR(Load(folder), ErrorCode::kInvalidArgument, HasSubstr("no class folder"));
  folder.Write("only/1.png", Grey(1));
  const auto loader = AllLoaders().Create("image-folder", {});
  EXPECT_TRUE(loader->Recognises(folder.path()));
  EXPECT_ERROR(Load(folder), ErrorCode::kInvalidArgument, HasSubstr("one class folder ('only')"));
  const TempFolder flat;
  flat.Write("1.png", Grey(1));
  EXPECT_TRUE(loader->Recognises(flat.path()));
  EXPECT_ERROR(Load(flat), ErrorCode::kInvalidArgument, HasSubstr("no class folder"));
}

TEST(ImageFolder, NeedsTheSameClassesInAllSplits) {
  const TempFolder folder;
  for (const char* name : {"train/a/1.png", "train/b/1.png", "test/a/1.png", "test/c/1.png"}) {
    folder.Write(name, Grey(1));
  }
  EXPECT_ERROR(Load(folder), ErrorCode::kInvalidArgument,
               HasSubstr("class 'b' is in train/ but not in test/"));
  folder.Write("test/b/1.png", Grey(1));
  EXPECT_ERROR(Load(folder), ErrorCode::kInvalidArgument,
               HasSubstr("class 'c' is in test/ but not in train/"));
}

TEST(ImageFolder, NeedsTrainingImages) {
  const TempFolder folder;
  folder.Write("test/a/1.png", Grey(1));
  folder.Write("test/b/1.png", Grey(1));
  EXPECT_ERROR(LoadDataset(AllLoaders(), folder.path().string(), {}), ErrorCode::kInvalidArgument,
               HasSubstr("none in train/"));
}

TEST(ImageFolder, TakesFolderNamesOfAnyBytes) {
  const TempFolder folder;
  folder.Write("a\xFF\n/1.png", Grey(1));
  folder.Write("b/1.png", Grey(2));
  EXPECT_THAT(Load(folder).class_names(), ElementsAre("a??", "b"));
}

}  // namespace
}  // namespace mote
