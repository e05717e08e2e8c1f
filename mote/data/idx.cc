// Any dataset in the files of MNIST (LeCun et al. 1998): MNIST, Fashion-MNIST, KMNIST, EMNIST.
#include "mote/data/dataset.h"
#include "mote/data/idx_files.h"

namespace mote {
namespace {

class IdxLoader : public DatasetLoader {
 public:
  bool Recognises(const std::filesystem::path& path) const override { return HasIdxFiles(path); }

  Dataset Load(const std::filesystem::path& path, const LoadOptions&) const override {
    return LoadIdxFolder(path, path.string(), {});
  }
};

}  // namespace

MOTE_DATASET(idx) {
  registry.Add("idx", "MNIST family: a folder of train-images-idx3-ubyte[.gz] and its companions",
               {}, [](const Options&) { return std::make_unique<IdxLoader>(); });
}

}  // namespace mote
