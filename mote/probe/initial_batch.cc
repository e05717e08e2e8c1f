#include "mote/probe/initial_batch.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "mote/base/check.h"
#include "mote/base/error.h"
#include "mote/data/augment.h"

namespace mote {
namespace {

constexpr int kColours = 3;

std::string_view Name(ImageSource source) {
  switch (source) {
    case ImageSource::kTask:
      return "task";
    case ImageSource::kGaussian:
      return "gaussian";
    case ImageSource::kOnes:
      return "ones";
  }
  MOTE_CHECK(false, "unnamed image source");
}

// Of the images that are kept: 64 MB.
constexpr std::size_t kMostNumbers = 8u << 20;

std::size_t NumbersOf(const std::vector<InitialBatch>& batches) {
  std::size_t numbers = 0;
  for (const InitialBatch& batch : batches) numbers += batch.images.size();
  return numbers;
}

InitialBatch MadeUp(const BatchRecipe& recipe, const Task& task, Rng rng) {
  InitialBatch batch{.height = task.height, .width = task.width};
  batch.images.assign(std::size_t(recipe.images) * task.height * task.width * task.channels, 1.0);
  if (recipe.source == ImageSource::kGaussian) {
    for (double& value : batch.images) value = rng.Normal();
  }
  for (int i = 0; i < recipe.images; ++i) batch.labels.push_back(int(rng.Below(task.classes)));
  return batch;
}

void CheckCrop(int crop, int height, int width) {
  if (crop <= std::min(height, width)) return;
  Throw(ErrorCode::kInvalidArgument,
        "images of {}x{} pixels are too small: squares of {}x{} are to be cut out of them", height,
        width, crop, crop);
}

// Of each image of `pixels` the square and the colours that the recipe wants, normalised.
void CutOut(const BatchRecipe& recipe, const ChannelStatistics& statistics,
            std::span<const float> pixels, InitialBatch& batch, Rng rng) {
  const int height = recipe.crop > 0 ? recipe.crop : batch.height;
  const int width = recipe.crop > 0 ? recipe.crop : batch.width;
  std::vector<double> square(std::size_t(height) * width * kColours);
  batch.images.reserve(std::size_t(batch.count()) * height * width * recipe.channels);
  for (int i = 0; i < batch.count(); ++i) {
    // Three draws per image whatever is wanted, so that each depends on its place alone.
    const int top = int(rng.Below(batch.height - height + 1));
    const int left = int(rng.Below(batch.width - width + 1));
    const int drawn = int(rng.Below(kColours));
    const int colour = recipe.channels == 1 ? drawn : 0;
    const std::size_t row = std::size_t(width) * kColours;
    for (int y = 0; y < height; ++y) {
      const std::size_t from = (std::size_t(i) * batch.height + top + y) * batch.width + left;
      std::copy_n(&pixels[from * kColours], row, &square[y * row]);
    }
    Normalise(statistics, square);
    for (std::size_t pixel = 0; pixel < square.size(); pixel += kColours) {
      const double* from = &square[pixel + colour];
      batch.images.insert(batch.images.end(), from, from + recipe.channels);
    }
  }
  batch.height = height;
  batch.width = width;
}

}  // namespace

nlohmann::json BatchRecipe::ToJson() const {
  nlohmann::json json = {{"source", Name(source)},
                         {"images", images},
                         {"image_size", image_size},
                         {"augment", augment},
                         {"batches", batches}};
  if (crop > 0) json["crop"] = crop;
  if (channels != kColours) json["channels"] = channels;
  return json;
}

Task TaskOf(const BatchRecipe& recipe, const Dataset& dataset) {
  Task task = TaskOf(dataset);
  if (recipe.image_size > 0) task.height = task.width = recipe.image_size;
  if (recipe.crop > 0) {
    CheckCrop(recipe.crop, task.height, task.width);
    task.height = task.width = recipe.crop;
  }
  task.channels = recipe.channels;
  return task;
}

std::vector<InitialBatch> DrawBatches(const BatchRecipe& recipe, const ProbeContext& context,
                                      int repeat) {
  MOTE_CHECK(recipe.images >= 1 && recipe.batches >= 1);
  MOTE_CHECK(recipe.channels == 1 || recipe.channels == kColours, "{} channels", recipe.channels);
  std::vector<InitialBatch> batches;
  if (recipe.source != ImageSource::kTask) {
    const Task task = TaskOf(recipe, context.data.dataset());
    for (int b = 0; b < recipe.batches; ++b) {
      const Key key(context.seed, "initial", "made-up", context.replicate, repeat, b);
      batches.push_back(MadeUp(recipe, task, Rng(key)));
    }
    return batches;
  }
  const auto data = context.data.Get(
      Dataset::kTrain, {.image_size = recipe.image_size, .images = recipe.images * recipe.batches},
      context.seed, context.replicate);
  const int size = std::min(recipe.images, std::max(1, data->images() / recipe.batches));
  for (int b = 0; b < recipe.batches; ++b) {
    InitialBatch batch{.height = data->height(), .width = data->width()};
    std::vector<int> items(size);
    for (int i = 0; i < size; ++i) items[i] = (b * size + i) % data->images();
    std::vector<float> pixels(std::size_t(size) * batch.height * batch.width * kColours);
    batch.labels.resize(size);
    data->Gather(items, pixels.data(), batch.labels.data());
    if (recipe.augment) {
      Augment(pixels.data(), size, batch.height, batch.width, kColours,
              Key(context.seed, "initial", "augment", context.replicate, repeat, b));
    }
    if (recipe.crop > 0 || recipe.channels != kColours) {
      CheckCrop(recipe.crop, batch.height, batch.width);
      CutOut(recipe, context.data.statistics(), pixels, batch,
             Rng(Key(context.seed, "initial", "crop", context.replicate, repeat, b)));
    } else {
      batch.images.assign(pixels.begin(), pixels.end());
      Normalise(context.data.statistics(), batch.images);
    }
    batches.push_back(std::move(batch));
  }
  return batches;
}

std::shared_ptr<const std::vector<InitialBatch>> SharedBatches::Get(const ProbeContext& context,
                                                                    int repeat) const {
  const Name name = {context.data.dataset().fingerprint().Hex(), context.seed, context.replicate,
                     repeat};
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [drawn, batches] : drawn_) {
      if (drawn == name) return batches;
    }
  }
  // Two threads may draw the same; they draw the same.
  auto batches =
      std::make_shared<const std::vector<InitialBatch>>(DrawBatches(recipe_, context, repeat));
  const std::lock_guard lock(mutex_);
  drawn_.emplace_back(name, batches);
  numbers_ += NumbersOf(*batches);
  while (numbers_ > kMostNumbers && drawn_.size() > 1) {
    numbers_ -= NumbersOf(*drawn_.front().second);
    drawn_.pop_front();
  }
  return batches;
}

}  // namespace mote
