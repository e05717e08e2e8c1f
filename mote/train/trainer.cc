#include "mote/train/trainer.h"

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

#include "mote/base/check.h"
#include "mote/data/augment.h"

namespace mote {
namespace {

nlohmann::json ToJson(const OptimizerOptions& optimizer) {
  nlohmann::json json;
  if (optimizer.kind == OptimizerKind::kAdam) {
    json = {{"kind", "adam"},
            {"beta1", optimizer.beta1},
            {"beta2", optimizer.beta2},
            {"epsilon", optimizer.epsilon}};
  } else {
    json = {{"kind", "sgd"}, {"momentum", optimizer.momentum}, {"nesterov", optimizer.nesterov}};
  }
  json["weight_decay"] = optimizer.weight_decay;
  return json;
}

// Room for one batch, filled again for every step.
class BatchBuffer {
 public:
  BatchBuffer(const PreparedData& data, int batch_size)
      : data_(data),
        image_(std::size_t(data.height()) * data.width() * 3),
        images_(image_ * batch_size),
        labels_(batch_size) {}

  Batch Fill(std::span<const int> items) {
    data_.Gather(items, images_.data(), labels_.data());
    return {.images = {images_.data(), image_ * items.size()},
            .labels = {labels_.data(), items.size()}};
  }
  float* images() { return images_.data(); }

 private:
  const PreparedData& data_;
  std::size_t image_;
  std::vector<float> images_;
  std::vector<int> labels_;
};

}  // namespace

nlohmann::json TrainingOptions::ToJson() const {
  return {{"epochs", epochs},
          {"batch_size", batch_size},
          {"keep_partial_batch", keep_partial_batch},
          {"optimizer", mote::ToJson(optimizer)},
          {"label_smoothing", loss.label_smoothing},
          {"schedule", Name(schedule.kind)},
          {"learning_rate", schedule.peak},
          {"augment", augment}};
}

Outcome<Trajectory> Train(Executor& executor, const PreparedData& data,
                          const TrainingOptions& options, std::uint64_t seed, int replicate,
                          int first_epoch, const EpochCallback& before_epoch) {
  const BatchPlan plan(data.images(), options.batch_size, options.keep_partial_batch, seed,
                       replicate);
  BatchBuffer buffer(data, options.batch_size);
  const int steps = options.epochs * plan.batches_per_epoch();
  Trajectory trajectory;
  int step = 0;
  for (int epoch = 0; epoch < options.epochs; ++epoch) {
    if (before_epoch) before_epoch(epoch);
    const auto start = std::chrono::steady_clock::now();
    const std::vector<int> order = plan.Order(first_epoch + epoch);
    double loss_sum = 0;
    int images = 0;
    for (int b = 0; b < plan.batches_per_epoch(); ++b, ++step) {
      const std::span<const int> items = plan.Batch(order, b);
      const Batch batch = buffer.Fill(items);
      if (options.augment) {
        Augment(buffer.images(), batch.size(), data.height(), data.width(), 3,
                Key(seed, "augment", replicate, first_epoch + epoch, b));
      }
      const double loss = executor.Step(batch, options.schedule.Rate(step, steps)).loss;
      if (!std::isfinite(loss)) {
        return Failure{FailureKind::kDiverged,
                       fmt::format("the loss is not finite at step {} of {}", step + 1, steps)};
      }
      trajectory.step_losses.push_back(loss);
      trajectory.step_sizes.push_back(batch.size());
      loss_sum += loss * batch.size();
      images += batch.size();
    }
    trajectory.epoch_losses.push_back(loss_sum / images);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    trajectory.epoch_seconds.push_back(seconds.count());
  }
  return trajectory;
}

SetEvaluation EvaluateSet(Executor& executor, const PreparedData& data, int batch_size,
                          Statistics statistics) {
  const int images = data.images();
  BatchBuffer buffer(data, batch_size);
  SetEvaluation sum;
  std::vector<int> items;
  for (int first = 0; first < images; first += batch_size) {
    items.resize(std::min(batch_size, images - first));
    for (std::size_t i = 0; i < items.size(); ++i) items[i] = first + int(i);
    const Batch batch = buffer.Fill(items);
    const EvaluationResult result = executor.Evaluate(batch, statistics);
    sum.loss += result.loss * batch.size();
    sum.accuracy += result.correct;
    sum.images += batch.size();
  }
  sum.loss /= sum.images;
  sum.accuracy /= sum.images;
  return sum;
}

}  // namespace mote
