#include "mote/data/prepared_data.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <numeric>

#include "mote/base/check.h"
#include "mote/base/error.h"
#include "mote/data/resize.h"

namespace mote {
namespace {

constexpr int kChannels = 3;
constexpr int kNoiseClasses = 10;
constexpr int kNoiseImages = 512;

// The stream of one purpose below a draw's key.
template <typename... Parts>
Rng Stream(const Key& key, std::string_view purpose, const Parts&... parts) {
  return Rng(Key(key.hash().high, key.hash().low, purpose, parts...));
}

void CheckRecipe(const DataRecipe& recipe) {
  if (recipe.source != "task" && recipe.source != "noise") {
    Throw(ErrorCode::kInvalidArgument, "data source is '{}', but must be task or noise",
          recipe.source);
  }
  if (recipe.image_size < 0 || recipe.image_size > LoadOptions::kLargestImageSize) {
    Throw(ErrorCode::kInvalidArgument, "image size is {}, but must be 0 (as it is) to {}",
          recipe.image_size, LoadOptions::kLargestImageSize);
  }
  if (recipe.images < 0) {
    Throw(ErrorCode::kInvalidArgument, "number of images is {}, but must be 0 (all) or more",
          recipe.images);
  }
  if (recipe.classes < 0 || recipe.classes == 1) {
    Throw(ErrorCode::kInvalidArgument, "number of classes is {}, but must be 0 (all), 2 or more",
          recipe.classes);
  }
}

// The original labels to keep, ascending. They are the same for every split, and classes without
// training images are not drawn.
std::vector<int> DrawClasses(const Dataset& dataset, int count, const Key& key) {
  std::vector<int> kept;
  if (count == 0 || count >= dataset.classes()) {
    kept.resize(dataset.classes());
    std::iota(kept.begin(), kept.end(), 0);
    return kept;
  }
  std::vector<bool> trained(dataset.classes());
  for (const int label : dataset.split(Dataset::kTrain).labels) trained[label] = true;
  std::vector<int> candidates;
  for (int label = 0; label < dataset.classes(); ++label) {
    if (trained[label]) candidates.push_back(label);
  }
  const int drawn = std::min(count, int(candidates.size()));
  for (const int i : Stream(key, "classes").Sample(int(candidates.size()), drawn)) {
    kept.push_back(candidates[i]);
  }
  std::sort(kept.begin(), kept.end());
  return kept;
}

// How many images each class gives if `total` are wanted: all give the same but for one, drawn;
// classes that have fewer give all they have and the others make up for them.
std::vector<int> Quotas(const std::vector<std::vector<int>>& pools, int total, Rng rng) {
  const auto filled = [&](int level) {
    std::int64_t sum = 0;
    for (const auto& pool : pools) sum += std::min(level, int(pool.size()));
    return sum;
  };
  int level = 0, above = total + 1;  // filled(level) <= total; no class needs more than total
  while (above - level > 1) {
    const int middle = level + (above - level) / 2;
    (filled(middle) <= total ? level : above) = middle;
  }
  std::vector<int> quotas, fuller;
  for (std::size_t c = 0; c < pools.size(); ++c) {
    quotas.push_back(std::min(level, int(pools[c].size())));
    if (int(pools[c].size()) > level) fuller.push_back(int(c));
  }
  const int rest = std::min(int(total - filled(level)), int(fuller.size()));
  for (const int i : rng.Sample(int(fuller.size()), rest)) ++quotas[fuller[i]];
  return quotas;
}

// `count` images of the kept classes, balanced, in random order, so that the first n of them are
// a fair sample too, however the files were sorted.
std::vector<int> DrawImages(const std::vector<std::vector<int>>& pools,
                            const std::vector<int>& kept, int count, const Key& key) {
  const std::vector<int> quotas = Quotas(pools, count, Stream(key, "remainder"));
  std::vector<int> drawn;
  for (std::size_t c = 0; c < pools.size(); ++c) {
    Rng rng = Stream(key, "images", kept[c]);
    for (const int i : rng.Sample(int(pools[c].size()), quotas[c])) drawn.push_back(pools[c][i]);
  }
  std::sort(drawn.begin(), drawn.end());
  Stream(key, "order").Shuffle(std::span(drawn));
  return drawn;
}

const std::array<float, 256>& UnitValues() {
  static const std::array<float, 256> values = [] {
    std::array<float, 256> table{};
    for (int i = 0; i < 256; ++i) table[i] = float(i) / 255.0f;
    return table;
  }();
  return values;
}

}  // namespace

nlohmann::json DataRecipe::ToJson() const {
  return {{"source", source}, {"image_size", image_size}, {"classes", classes}, {"images", images}};
}

PreparedData::PreparedData(const Dataset& dataset, std::string_view split_name,
                           const DataRecipe& recipe, const Key& key) {
  CheckRecipe(recipe);
  height_ = recipe.image_size > 0 ? recipe.image_size : dataset.height();
  width_ = recipe.image_size > 0 ? recipe.image_size : dataset.width();
  const std::size_t size = std::size_t(height_) * width_ * kChannels;

  if (recipe.source == "noise") {
    classes_ = recipe.classes > 0 ? recipe.classes : kNoiseClasses;
    labels_.resize(recipe.images > 0 ? recipe.images : kNoiseImages);
    floats_.resize(labels_.size() * size);
    Rng pixels = Stream(key, "noise-pixels"), labels = Stream(key, "noise-labels");
    for (float& value : floats_) value = float(pixels.Bits32() >> 8) * 0x1p-24f;
    for (int& label : labels_) label = int(labels.Below(classes_));
    return;
  }

  const Split& split = dataset.split(split_name);
  const std::vector<int> kept = DrawClasses(dataset, recipe.classes, key);
  classes_ = int(kept.size());
  if (classes_ < 2) {
    Throw(ErrorCode::kInvalidArgument,
          "dataset '{}': only {} class has training images, but two are needed", dataset.name(),
          classes_);
  }
  std::vector<int> new_label(dataset.classes(), -1);
  for (int c = 0; c < classes_; ++c) new_label[kept[c]] = c;
  std::vector<int> chosen;
  std::vector<std::vector<int>> pools(classes_);
  for (int i = 0; i < split.images(); ++i) {
    const int label = new_label[split.labels[i]];
    if (label < 0) continue;
    chosen.push_back(i);
    pools[label].push_back(i);
  }
  if (chosen.empty()) {
    Throw(ErrorCode::kInvalidArgument, "dataset '{}': no images of the chosen classes in split {}",
          dataset.name(), split_name);
  }
  if (recipe.images > 0) {
    const int count = std::min(recipe.images, int(chosen.size()));
    chosen = DrawImages(pools, kept, count, key);
  }

  const std::size_t src_size = std::size_t(dataset.height()) * dataset.width() * kChannels;
  const bool resize = height_ != dataset.height() || width_ != dataset.width();
  if (resize) {
    floats_.resize(chosen.size() * size);
  } else {
    bytes_.resize(chosen.size() * size);
  }
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    labels_.push_back(new_label[split.labels[chosen[i]]]);
    const std::uint8_t* src = &split.pixels[chosen[i] * src_size];
    if (resize) {
      // On whole numbers, then scaled: the mean of bytes is rounded once.
      ResizeArea(src, dataset.height(), dataset.width(), &floats_[i * size], height_, width_,
                 kChannels);
    } else {
      std::copy_n(src, size, &bytes_[i * size]);
    }
  }
  for (float& value : floats_) value /= 255.0f;
}

PreparedData PreparedData::Take(std::span<const int> items) const {
  PreparedData taken;
  taken.height_ = height_;
  taken.width_ = width_;
  taken.classes_ = classes_;
  const std::size_t size = std::size_t(height_) * width_ * kChannels;
  for (const int item : items) {
    MOTE_CHECK(0 <= item && item < images(), "image {} of {}", item, images());
    taken.labels_.push_back(labels_[item]);
    const auto copy = [&](const auto& from, auto& to) {
      if (!from.empty())
        to.insert(to.end(), from.begin() + item * size, from.begin() + (item + 1) * size);
    };
    copy(floats_, taken.floats_);
    copy(bytes_, taken.bytes_);
  }
  return taken;
}

void PreparedData::Gather(std::span<const int> items, float* dst, int* labels) const {
  const std::size_t size = std::size_t(height_) * width_ * kChannels;
  const std::array<float, 256>& unit = UnitValues();
  for (const int item : items) {
    MOTE_CHECK(0 <= item && item < images(), "image {} of {}", item, images());
    *labels++ = labels_[item];
    if (!bytes_.empty()) {
      const std::uint8_t* src = &bytes_[item * size];
      for (std::size_t i = 0; i < size; ++i) dst[i] = unit[src[i]];
    } else {
      std::copy_n(&floats_[item * size], size, dst);
    }
    dst += size;
  }
}

}  // namespace mote
