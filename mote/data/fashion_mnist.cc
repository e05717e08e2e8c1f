// Fashion-MNIST (Xiao, Rasul, Vollgraf 2017) as Debian installs it.
#include <array>

#include "mote/base/error.h"
#include "mote/data/dataset.h"
#include "mote/data/idx_files.h"

namespace mote {
namespace {

constexpr const char* kInstalled = "/usr/share/datasets/fashion-mnist";

class FashionMnistLoader : public DatasetLoader {
 public:
  bool is_named() const override { return true; }
  // Its files look like any other member of the family: a path to them is of kind "idx".
  bool Recognises(const std::filesystem::path&) const override { return false; }

  // An empty path stands for the installed files.
  Dataset Load(const std::filesystem::path& path, const LoadOptions&) const override {
    const std::filesystem::path folder = path.empty() ? kInstalled : path;
    if (!HasIdxFiles(folder)) {
      Throw(ErrorCode::kNotFound,
            "Fashion-MNIST is not in '{}': install it by `apt install dataset-fashion-mnist`",
            folder.string());
    }
    const std::array<std::string, 10> names = {"T-shirt/top", "trouser",   "pullover", "dress",
                                               "coat",        "sandal",    "shirt",    "sneaker",
                                               "bag",         "ankle boot"};
    return LoadIdxFolder(folder, "fashion-mnist", names);
  }
};

}  // namespace

MOTE_DATASET(fashion_mnist) {
  registry.Add("fashion-mnist", "Fashion-MNIST of the Debian package dataset-fashion-mnist", {},
               [](const Options&) { return std::make_unique<FashionMnistLoader>(); });
}

}  // namespace mote
