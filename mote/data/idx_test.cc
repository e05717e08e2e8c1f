#include <gmock/gmock.h>

#include "mote/base/rng.h"
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

const std::string kImages = Idx({2, 2, 3}, std::string("\1\2\3\4\5\6\7\10\11\12\13\377", 12));
const std::string kLabels = Idx({2}, std::string("\0\1", 2));

void WriteTraining(const TempFolder& folder) {
  folder.Write("train-images-idx3-ubyte", kImages);
  folder.Write("train-labels-idx1-ubyte", kLabels);
}

TEST(Idx, MakesGreyIntoThreeChannels) {
  const TempFolder folder;
  WriteTraining(folder);
  folder.Write("t10k-images-idx3-ubyte", Idx({1, 2, 3}, "abcdef"));
  folder.Write("t10k-labels-idx1-ubyte", Idx({1}, "\1"));
  const Dataset dataset = LoadAs("idx", folder.path());
  EXPECT_EQ(dataset.kind(), "idx");
  EXPECT_EQ(dataset.height(), 2);
  EXPECT_EQ(dataset.width(), 3);
  EXPECT_THAT(dataset.class_names(), ElementsAre("class 0", "class 1"));
  EXPECT_THAT(dataset.split("train").labels, ElementsAre(0, 1));
  EXPECT_THAT(PixelOf(dataset, "train", 0, 0, 0), ElementsAre(1, 1, 1));
  EXPECT_THAT(PixelOf(dataset, "train", 0, 1, 2), ElementsAre(6, 6, 6));
  EXPECT_THAT(PixelOf(dataset, "train", 1, 1, 2), ElementsAre(255, 255, 255));
  EXPECT_THAT(PixelOf(dataset, "test", 0, 0, 2), ElementsAre('c', 'c', 'c'));
  EXPECT_THAT(dataset.notes(), IsEmpty());
}

TEST(Idx, ReadsEverySpellingAlike) {
  const TempFolder plain, dotted, packed;
  WriteTraining(plain);
  dotted.Write("train-images.idx3-ubyte", kImages);
  dotted.Write("train-labels.idx1-ubyte.gz", Gzip(kLabels));
  packed.Write("train-images-idx3-ubyte.gz", Gzip(kImages));
  packed.Write("train-labels-idx1-ubyte.gz", Gzip(kLabels));
  const Hash128 fingerprint = LoadAs("idx", plain.path()).fingerprint();
  for (const TempFolder* folder : {&plain, &dotted, &packed}) {
    const auto dataset = LoadDataset(AllLoaders(), folder->path().string(), {});
    EXPECT_EQ(dataset->kind(), "idx");
    EXPECT_EQ(dataset->fingerprint(), fingerprint);
    EXPECT_THAT(dataset->notes(), ElementsAre(HasSubstr("no test images")));
  }
}

TEST(Idx, PadsTwentyEightToThirtyTwo) {
  const TempFolder folder;
  std::string pixels(2 * 28 * 28, '\1');
  pixels[0] = 100;            // first image, top left
  pixels[28 * 28 - 1] = 101;  // its bottom right
  folder.Write("train-images-idx3-ubyte", Idx({2, 28, 28}, pixels));
  folder.Write("train-labels-idx1-ubyte", kLabels);
  const Dataset dataset = LoadAs("idx", folder.path());
  EXPECT_EQ(dataset.height(), 32);
  EXPECT_EQ(dataset.width(), 32);
  EXPECT_THAT(dataset.notes(), Contains(HasSubstr("padded with zeros to 32x32")));
  EXPECT_THAT(PixelOf(dataset, "train", 0, 2, 2), Each(100));
  EXPECT_THAT(PixelOf(dataset, "train", 0, 29, 29), Each(101));
  int sum = 0;
  for (const int pixel : dataset.split("train").pixels) sum += pixel;
  EXPECT_EQ(sum, 3 * (2 * 28 * 28 + 99 + 100));
  for (int i = 0; i < 32; ++i) {
    for (const int edge : {0, 1, 30, 31}) {
      EXPECT_THAT(PixelOf(dataset, "train", 1, edge, i), Each(0));
      EXPECT_THAT(PixelOf(dataset, "train", 1, i, edge), Each(0));
    }
  }
}

TEST(Idx, NumbersTheLabelsThatOccur) {
  const TempFolder folder;
  folder.Write("train-images-idx3-ubyte", kImages);
  folder.Write("train-labels-idx1-ubyte", Idx({2}, "\11\3"));
  Dataset dataset = LoadAs("idx", folder.path());
  EXPECT_THAT(dataset.class_names(), ElementsAre("class 3", "class 9"));
  EXPECT_THAT(dataset.split("train").labels, ElementsAre(1, 0));
  folder.Write("t10k-images-idx3-ubyte", kImages);
  folder.Write("t10k-labels-idx1-ubyte", Idx({2}, "\3\4"));
  EXPECT_ERROR(LoadAs("idx", folder.path()), ErrorCode::kCorrupt,
               AllOf(HasSubstr("t10k-labels"), HasSubstr("record 1"), HasSubstr("label 4")));
  folder.Write("train-labels-idx1-ubyte", Idx({2}, "\3\3"));
  folder.Write("t10k-labels-idx1-ubyte", Idx({2}, "\3\3"));
  EXPECT_ERROR(LoadAs("idx", folder.path()), ErrorCode::kInvalidArgument, HasSubstr("1 class,"));
}

TEST(Idx, RefusesFilesThatContradictThemselves) {
  const std::string zeros(12, '\0');
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"", "0 bytes"},
      {std::string("\0\0\10", 3), "3 bytes"},
      {Idx({2, 2, 3}, zeros.substr(1)), "announces 2x2x3 bytes but holds 11"},
      {Idx({2, 2, 3}, zeros + "x"), "announces 2x2x3 bytes but holds 13"},
      {Idx({0, 2, 3}, ""), "announces 0x2x3"},
      {Idx({2, 0, 3}, ""), "announces 2x0x3"},
      {Idx({0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF}, zeros), "4294967295x4294967295x4294967295"},
      {Idx({0x80000000, 0x80000000, 4}, ""),
       "2147483648x2147483648x4"},  // 2^64 bytes: 0 if wrapped
      {Idx({12}, zeros + "more"), "begins with 0x00000801"},
      {"\x89PNG" + zeros + zeros, "begins with 0x89504e47"},
      {Gzip(kImages).substr(0, 30), "not a complete gzip file"},
  };
  for (const auto& [content, message] : bad) {
    const TempFolder folder;
    WriteTraining(folder);
    folder.Write("train-images-idx3-ubyte", content);
    EXPECT_ERROR(LoadAs("idx", folder.path()), ErrorCode::kCorrupt,
                 AllOf(HasSubstr("train-images-idx3-ubyte"), HasSubstr(message)));
  }
}

TEST(Idx, RefusesFilesThatContradictEachOther) {
  const TempFolder folder;
  WriteTraining(folder);
  folder.Write("train-labels-idx1-ubyte", Idx({3}, "\1\2\3"));
  EXPECT_ERROR(LoadAs("idx", folder.path()), ErrorCode::kCorrupt,
               AllOf(HasSubstr("2 images"), HasSubstr("3 labels")));
  WriteTraining(folder);
  folder.Write("t10k-images-idx3-ubyte", Idx({1, 3, 2}, "abcdef"));
  EXPECT_ERROR(LoadAs("idx", folder.path()), ErrorCode::kNotFound, HasSubstr("t10k-labels"));
  folder.Write("t10k-labels-idx1-ubyte", Idx({1}, "\1"));
  EXPECT_ERROR(LoadAs("idx", folder.path()), ErrorCode::kCorrupt,
               AllOf(HasSubstr("2x3"), HasSubstr("3x2")));
  std::filesystem::remove(folder.path() / "train-labels-idx1-ubyte");
  EXPECT_ERROR(LoadAs("idx", folder.path()), ErrorCode::kNotFound, HasSubstr("train-labels"));
}

TEST(Idx, SurvivesDamage) {
  const TempFolder folder;
  WriteTraining(folder);
  Rng rng(Key(1, "damage"));
  int loaded = 0;
  for (int round = 0; round < 150; ++round) {
    std::string images = round % 2 ? kImages : Gzip(kImages), labels = kLabels;
    for (std::string* file : {&images, &labels}) {
      if (rng.Below(2)) (*file)[rng.Below(file->size())] = char(rng.Bits32());
      if (rng.Below(8) == 0) file->resize(rng.Below(2 * file->size()));
    }
    folder.Write("train-images-idx3-ubyte", images);
    folder.Write("train-labels-idx1-ubyte", labels);
    try {
      loaded += LoadAs("idx", folder.path()).split("train").images() > 0;
    } catch (const Error& error) {
      // One class left is a valid file that cannot be trained on.
      EXPECT_THAT(error.code(), ::testing::AnyOf(ErrorCode::kCorrupt, ErrorCode::kInvalidArgument))
          << error.what();
    }
  }
  EXPECT_GT(loaded, 15);
  EXPECT_LT(loaded, 135);
}

}  // namespace
}  // namespace mote
