// Images that cannot be read: one line names the file and what is wrong with it.
#include "tests/cli/program.h"

namespace mote {
namespace {

using ::testing::HasSubstr;

class DatasetTest : public ProgramTest {
 protected:
  Finished ScoreOn(const std::string& data) const {
    return Mote(Words{"score", "--arch", "333333", "--estimator", "tse", "--store", "none"} +
                CheapOn(data));
  }

  // `images` images of two classes, told apart by their brightness.
  static std::string CifarBatch(int images) {
    std::string batch;
    for (int i = 0; i < images; ++i) batch += CifarRecord({i % 10}, 20 * (i % 10), 5 * i, 90);
    return batch;
  }
  static std::string Png(int grey) {
    const std::string row = std::string(1, 0) + std::string(8 * 3, char(grey));
    std::string rows;
    for (int y = 0; y < 8; ++y) rows += row.substr(1);
    return EncodePng({.height = 8, .width = 8, .rows = rows});
  }
  static std::string Jpeg(int grey) {
    return EncodeJpeg({.height = 8, .width = 8, .pixels = std::string(8 * 8 * 3, char(grey))});
  }
};

TEST_F(DatasetTest, CifarTakesTheBatchesItFinds) {
  Write("cifar/data_batch_1.bin", CifarBatch(70));
  Write("cifar/test_batch.bin", CifarBatch(10));
  const Finished finished = ScoreOn("cifar");
  ExpectDone(finished);
  EXPECT_THAT(finished.err, HasSubstr("cifar10, 70 train + 10 test images, 10 classes, 32x32"));
  EXPECT_THAT(finished.err, HasSubstr("split train"));
}

TEST_F(DatasetTest, CifarIsRefusedIfCutShort) {
  Write("cifar/data_batch_1.bin", CifarBatch(20).substr(0, 3073 * 19 + 100));
  ExpectRefusal(ScoreOn("cifar"), 1, {"'cifar/data_batch_1.bin'", "3073"});
}

TEST_F(DatasetTest, CifarIsRefusedWithLabelsOutOfRange) {
  Write("cifar/data_batch_1.bin", CifarBatch(20) + CifarRecord({10}, 0, 0, 0));
  ExpectRefusal(ScoreOn("cifar"), 1, {"'cifar/data_batch_1.bin'", "record 20", "label 10"});
  Write("cifar100/train.bin", CifarRecord({0, 5}, 0, 0, 0) + CifarRecord({0, 100}, 0, 0, 0));
  Write("cifar100/test.bin", CifarRecord({0, 5}, 0, 0, 0));
  ExpectRefusal(ScoreOn("cifar100"), 1, {"'cifar100/train.bin'", "record 1", "label 100"});
}

TEST_F(DatasetTest, IdxIsRefusedIfCutShort) {
  const std::string images = Idx({20, 8, 8}, Scatter(20 * 64, 1));
  std::string classes;
  for (int i = 0; i < 20; ++i) classes += char(i % 4);
  const std::string labels = Idx({20}, classes);
  Write("idx/train-labels-idx1-ubyte", labels);
  Write("idx/train-images-idx3-ubyte", images.substr(0, images.size() - 5));
  ExpectRefusal(ScoreOn("idx"), 1, {"idx/train-images-idx3-ubyte'"});

  const std::string packed = Gzip(images);
  Write("gzip/train-labels-idx1-ubyte.gz", Gzip(labels));
  Write("gzip/train-images-idx3-ubyte.gz", packed.substr(0, packed.size() / 2));
  ExpectRefusal(ScoreOn("gzip"), 1, {"gzip/train-images-idx3-ubyte.gz'", "gzip"});
}

TEST_F(DatasetTest, ImageFolderSkipsWhatItCannotReadAndSaysSo) {
  for (int i = 0; i < 8; ++i) {
    Write("photos/dark/" + std::to_string(i) + ".png", Png(i));
    Write("photos/light/" + std::to_string(i) + ".jpg", Jpeg(200 + i));
  }
  Write("photos/dark/cut.png", Png(0).substr(0, 60));
  Write("photos/light/cut.jpg", Jpeg(200).substr(0, 100));
  const Finished finished = ScoreOn("photos");
  ExpectDone(finished);
  EXPECT_THAT(finished.err, HasSubstr("image-folder, 16 train images, 2 classes, 32x32"));
  EXPECT_THAT(finished.err, HasSubstr("skipped 2 unreadable images"));
  EXPECT_THAT(finished.err, HasSubstr("dark/cut.png"));
  EXPECT_THAT(finished.err, HasSubstr("light/cut.jpg"));
}

TEST_F(DatasetTest, ImageFolderIsRefusedIfAClassHasNothingToRead) {
  Write("photos/dark/cut.png", Png(0).substr(0, 60));
  Write("photos/light/whole.jpg", Jpeg(200));
  ExpectRefusal(ScoreOn("photos"), 1, {"'photos/dark'", "cut.png"});
}

TEST_F(DatasetTest, FoldersAreRefusedIfEmptyOrOfOneClass) {
  std::filesystem::create_directory(Path("empty"));
  ExpectRefusal(ScoreOn("empty"), 2, {"'empty'", "empty folder", "image-folder"});
  Write("single/cats/a.png", Png(3));
  ExpectRefusal(ScoreOn("single"), 2, {"'single'", "one class", "cats"});
}

TEST_F(DatasetTest, ForeignFilesAreRefusedWithTheKindsThereAre) {
  Write("text.csv", "a,b\n1,2\n");
  ExpectRefusal(ScoreOn("text.csv"), 2, {"'text.csv'", "cifar10", "idx", "image-folder"});
  Write("photos/dark/a.png", Png(3));
  ExpectRefusal(ScoreOn("photos/dark/a.png"), 2, {"photos/dark"});
}

TEST_F(DatasetTest, IsLookedAtBeforeASearchMakesItsFolder) {
  Write("cifar/data_batch_1.bin", CifarBatch(20).substr(0, 1000));
  ExpectRefusal(Mote(Words{"search", "--estimator", "tse", "--out", "run"} + CheapOn("cifar")), 1,
                {"'cifar/data_batch_1.bin'"});
  EXPECT_FALSE(std::filesystem::exists(Path("run")));
}

}  // namespace
}  // namespace mote
