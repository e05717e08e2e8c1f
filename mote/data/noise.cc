// Uniform noise with random labels: what is left to learn when there is nothing to see.
#include "mote/base/rng.h"
#include "mote/data/dataset.h"

namespace mote {
namespace {

constexpr int kImages = 2000;
constexpr int kRandomLabels = 10;

class NoiseLoader : public DatasetLoader {
 public:
  bool is_named() const override { return true; }
  bool Recognises(const std::filesystem::path&) const override { return false; }

  Dataset Load(const std::filesystem::path&, const LoadOptions& options) const override {
    options.Check();
    const int side = options.image_size;
    Dataset::Content content{"noise", "noise", side, side, {}, {}, {}};
    for (int c = 0; c < kRandomLabels; ++c)
      content.class_names.push_back(fmt::format("class {}", c));
    Split& train = content.splits[std::string(Dataset::kTrain)];
    train.pixels.resize(std::size_t(kImages) * side * side * 3);
    train.labels.resize(kImages);
    Rng pixels(Key(options.seed, "noise-pixels")), labels(Key(options.seed, "noise-labels"));
    for (std::uint8_t& pixel : train.pixels) pixel = std::uint8_t(pixels.Bits32() >> 24);
    for (int& label : train.labels) label = int(labels.Below(kRandomLabels));
    content.notes.push_back("images are noise and labels random, invented by the seed");
    return Dataset(std::move(content));
  }
};

}  // namespace

MOTE_DATASET(noise) {
  registry.Add("noise", "2000 images of uniform noise with random labels in 10 classes", {},
               [](const Options&) { return std::make_unique<NoiseLoader>(); });
}

}  // namespace mote
