// CIFAR-10, "binary version": https://www.cs.toronto.edu/~kriz/cifar.html
#include <algorithm>

#include "mote/base/error.h"
#include "mote/data/cifar_binary.h"
#include "mote/data/dataset.h"

namespace mote {
namespace {

namespace fs = std::filesystem;

constexpr int kClasses = 10;
constexpr int kTrainingBatches = 5;

// The files data_batch_*.bin of a folder, in the order of their names.
std::vector<fs::path> TrainingBatches(const fs::path& folder) {
  std::vector<fs::path> batches;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with("data_batch_") && name.ends_with(".bin") && IsFile(entry->path())) {
      batches.push_back(entry->path());
    }
  }
  std::sort(batches.begin(), batches.end());
  return batches;
}

class Cifar10Loader : public DatasetLoader {
 public:
  bool Recognises(const fs::path& path) const override {
    return IsFile(path / "test_batch.bin") || IsPythonVersion(path) ||
           !TrainingBatches(path).empty();
  }

  Dataset Load(const fs::path& path, const LoadOptions&) const override {
    const CifarLayout layout{{kClasses}};
    Dataset::Content content{"cifar10", path.string(), kCifarSide, kCifarSide, {}, {}, {}};
    const std::vector<fs::path> batches = TrainingBatches(path);
    if (batches.empty() && IsPythonVersion(path)) {
      Throw(ErrorCode::kInvalidArgument,
            "'{}' is the Python version of CIFAR-10; fetch the binary version, whose files are "
            "data_batch_1.bin to data_batch_5.bin and test_batch.bin",
            path.string());
    }
    if (batches.empty()) {
      Throw(ErrorCode::kNotFound, "'{}' holds no training batch of CIFAR-10 (data_batch_1.bin ...)",
            path.string());
    }
    Split& train = content.splits[std::string(Dataset::kTrain)];
    for (const fs::path& batch : batches) AppendCifarFile(batch, layout, train);
    if (batches.size() != kTrainingBatches) {
      content.notes.push_back(fmt::format("found {} of {} training batches, {} images",
                                          batches.size(), kTrainingBatches, train.images()));
    }
    if (IsFile(path / "test_batch.bin")) {
      AppendCifarFile(path / "test_batch.bin", layout, content.splits[std::string(Dataset::kTest)]);
    } else {
      content.notes.push_back("no 'test_batch.bin': there are no test images");
    }
    content.class_names = ReadCifarNames(path / "batches.meta.txt", kClasses, content.notes);
    return Dataset(std::move(content));
  }

 private:
  static bool IsPythonVersion(const fs::path& folder) { return IsFile(folder / "data_batch_1"); }
};

}  // namespace

MOTE_DATASET(cifar10) {
  registry.Add("cifar10", "CIFAR-10: a folder of data_batch_*.bin and test_batch.bin", {},
               [](const Options&) { return std::make_unique<Cifar10Loader>(); });
}

}  // namespace mote
