// A selection of a dataset's images at the size a network takes, ready to be gathered in batches.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mote/base/rng.h"
#include "mote/data/channel_statistics.h"
#include "mote/data/dataset.h"

namespace mote {

// Which images, and how they are changed. Values of 0 mean "all" or "as they are".
struct DataRecipe {
  // "task": the dataset the user gave. "noise": uniform noise in [0, 1] with random labels, drawn
  // at image_size, whatever the dataset is.
  std::string source = "task";
  int image_size = 0;
  int classes = 0;  // at most so many, drawn by seed if the dataset has more
  // At most so many, class-balanced, drawn by seed and in random order: the first n are a fair
  // sample too. 0 takes all, in the dataset's order, which may be sorted by class. Noise: 512.
  int images = 0;

  nlohmann::json ToJson() const;
};

// Images as float in [0, 1], or kept as bytes and converted when gathered if no resizing is needed.
// Immutable and thread-safe once made.
class PreparedData {
 public:
  // Shrinks with an area filter: an integer factor is the box average. Labels are renumbered
  // 0 .. classes-1 in the order of the drawn classes' original labels. Draws depend on `key` alone.
  // Throws Error(kNotFound) if the split is missing, Error(kInvalidArgument) if fewer than two
  // classes or no images remain.
  PreparedData(const Dataset& dataset, std::string_view split, const DataRecipe& recipe,
               const Key& key);

  // A copy of the images `items` alone, in that order; classes keep their numbers.
  PreparedData Take(std::span<const int> items) const;

  int images() const { return int(labels_.size()); }
  int classes() const { return classes_; }
  int height() const { return height_; }
  int width() const { return width_; }
  const std::vector<int>& labels() const { return labels_; }

  // Writes the images `items` to dst[items.size()][height][width][3] and their labels.
  void Gather(std::span<const int> items, float* dst, int* labels) const;

 private:
  PreparedData() = default;

  int height_ = 0;
  int width_ = 0;
  int classes_ = 0;
  std::vector<int> labels_;
  std::vector<float> floats_;        // resized images, or empty
  std::vector<std::uint8_t> bytes_;  // unresized images, or empty
};

// Enlarges or shrinks one image with an area filter: each target pixel is the mean of the source
// rectangle that it covers, edge pixels weighted by their covered part.
// src[src_height][src_width][channels] -> dst[dst_height][dst_width][channels].
void ResizeArea(const float* src, int src_height, int src_width, float* dst, int dst_height,
                int dst_width, int channels);

// The batches of one epoch: a fresh random order of 0 .. images-1 that depends on (key, epoch)
// alone, cut into pieces of `batch_size`.
class BatchPlan {
 public:
  // keep_partial: whether a last, smaller batch is kept or dropped. If images < batch_size there is
  // one batch of all images either way.
  BatchPlan(int images, int batch_size, bool keep_partial, std::uint64_t seed, int replicate);

  int batches_per_epoch() const;
  // The order of one epoch, to be cut by Batch().
  std::vector<int> Order(int epoch) const;
  std::span<const int> Batch(std::span<const int> order, int batch) const;

 private:
  int images_;
  int batch_size_;
  bool keep_partial_;
  std::uint64_t seed_;
  int replicate_;
};

// Prepared data shared by all workers: each selection is made once. Thread-safe.
class DataCache {
 public:
  explicit DataCache(std::shared_ptr<const Dataset> dataset) : dataset_(std::move(dataset)) {}

  const Dataset& dataset() const { return *dataset_; }
  // The key of the draw is (seed, "probe-data", replicate).
  std::shared_ptr<const PreparedData> Get(std::string_view split, const DataRecipe& recipe,
                                          std::uint64_t seed, int replicate);
  // Of the training split as it is, taken once.
  const ChannelStatistics& statistics();

 private:
  std::shared_ptr<const Dataset> dataset_;
  std::once_flag statistics_taken_;
  ChannelStatistics statistics_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const PreparedData>> prepared_;
};

}  // namespace mote
