// The images that estimates without training look at an untrained network with.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "mote/probe/probe.h"

namespace mote {

enum class ImageSource {
  kTask,      // images of the training split, drawn by seed, normalised by the split's statistics
  kGaussian,  // every number N(0, 1)
  kOnes,      // every number 1
};

struct BatchRecipe {
  ImageSource source = ImageSource::kTask;
  int images = 64;       // fewer if the split has no more
  int image_size = 0;    // 0: the dataset's own
  bool augment = false;  // kTask: mirrored and shifted before they are normalised (data/augment.h)
  // Batches of `images` images that a probe takes one by one. kTask: of different images as far as
  // there are any, or else fewer in each.
  int batches = 1;
  int crop = 0;      // side of a square cut out of each image at a random place; 0: all of it
  int channels = 3;  // 1: one colour of each image, drawn at random

  // What is as above in the last two is left out, so that keys from before them still hold.
  nlohmann::json ToJson() const;
};

struct InitialBatch {
  std::vector<double> images = {};  // [count][height][width][channels]
  std::vector<int> labels = {};     // random ones if the images are not the task's
  int height = 0;
  int width = 0;

  int count() const { return int(labels.size()); }
};

// The task's classes, and images of the recipe's size and channels.
Task TaskOf(const BatchRecipe& recipe, const Dataset& dataset);

// The `batches` batches of one repeat of a probe (repeats count from 0). Draws depend on the
// context's seed and replicate alone, not on the architecture: all see the same. The task's images
// are those of every repeat; made-up ones, changes of images and what is cut out of them are drawn
// anew. Throws Error(kInvalidArgument) if the images are smaller than what is to be cut out.
std::vector<InitialBatch> DrawBatches(const BatchRecipe& recipe, const ProbeContext& context,
                                      int repeat);

// The batches of one recipe, drawn once for all architectures; the last 64 MB of them are kept.
// Thread-safe.
class SharedBatches {
 public:
  explicit SharedBatches(BatchRecipe recipe) : recipe_(recipe) {}

  // As DrawBatches gives them.
  std::shared_ptr<const std::vector<InitialBatch>> Get(const ProbeContext& context,
                                                       int repeat) const;

 private:
  // Dataset, seed, replicate, repeat.
  using Name = std::tuple<std::string, std::uint64_t, int, int>;

  const BatchRecipe recipe_;
  mutable std::mutex mutex_;
  mutable std::deque<std::pair<Name, std::shared_ptr<const std::vector<InitialBatch>>>> drawn_;
  mutable std::size_t numbers_ = 0;  // in drawn_
};

}  // namespace mote
