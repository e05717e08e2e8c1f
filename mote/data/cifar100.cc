// CIFAR-100, "binary version", by fine labels: https://www.cs.toronto.edu/~kriz/cifar.html
#include "mote/base/error.h"
#include "mote/data/cifar_binary.h"
#include "mote/data/dataset.h"

namespace mote {
namespace {

namespace fs = std::filesystem;

constexpr int kCoarseClasses = 20;
constexpr int kFineClasses = 100;
constexpr int kTrainingImages = 50000;

class Cifar100Loader : public DatasetLoader {
 public:
  bool Recognises(const fs::path& path) const override {
    return IsFile(path / "train.bin") || IsPythonVersion(path);
  }

  Dataset Load(const fs::path& path, const LoadOptions&) const override {
    const CifarLayout layout{{kCoarseClasses, kFineClasses}};
    Dataset::Content content{"cifar100", path.string(), kCifarSide, kCifarSide, {}, {}, {}};
    if (!IsFile(path / "train.bin") && IsPythonVersion(path)) {
      Throw(ErrorCode::kInvalidArgument,
            "'{}' is the Python version of CIFAR-100; fetch the binary version, whose files are "
            "train.bin and test.bin",
            path.string());
    }
    Split& train = content.splits[std::string(Dataset::kTrain)];
    AppendCifarFile(path / "train.bin", layout, train);
    if (train.images() != kTrainingImages) {
      content.notes.push_back(
          fmt::format("found {} of {} training images", train.images(), kTrainingImages));
    }
    if (IsFile(path / "test.bin")) {
      AppendCifarFile(path / "test.bin", layout, content.splits[std::string(Dataset::kTest)]);
    } else {
      content.notes.push_back("no 'test.bin': there are no test images");
    }
    content.class_names =
        ReadCifarNames(path / "fine_label_names.txt", kFineClasses, content.notes);
    return Dataset(std::move(content));
  }

 private:
  static bool IsPythonVersion(const fs::path& folder) {
    return IsFile(folder / "train") && IsFile(folder / "test") && IsFile(folder / "meta");
  }
};

}  // namespace

MOTE_DATASET(cifar100) {
  registry.Add("cifar100", "CIFAR-100, fine labels: a folder of train.bin and test.bin", {},
               [](const Options&) { return std::make_unique<Cifar100Loader>(); });
}

}  // namespace mote
