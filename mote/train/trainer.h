// One training run of one network.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "mote/backends/executor.h"
#include "mote/base/outcome.h"
#include "mote/data/prepared_data.h"
#include "mote/train/schedule.h"

namespace mote {

struct TrainingOptions {
  int epochs = 1;
  int batch_size = 64;
  bool keep_partial_batch = false;
  OptimizerOptions optimizer;
  LossOptions loss;
  Schedule schedule;
  bool augment = false;  // mirrored and shifted images (data/augment.h)

  nlohmann::json ToJson() const;
};

// Losses of every step, measured before its update, in order.
struct Trajectory {
  std::vector<double> step_losses;
  std::vector<int> step_sizes;        // images of the step
  std::vector<double> epoch_losses;   // mean over the epoch's images of the loss before each update
  std::vector<double> epoch_seconds;  // wall clock; not deterministic
};

// Asked before every epoch whether to stop early; may throw to end the run. May be empty.
using EpochCallback = std::function<void(int epoch)>;

// Trains `executor`, whose parameters and optimiser state the caller has set, for
// options.epochs epochs. `first_epoch` numbers the epochs for the order of the batches.
// Failure(kDiverged) as soon as a loss is not finite. Deterministic in everything but seconds.
Outcome<Trajectory> Train(Executor& executor, const PreparedData& data,
                          const TrainingOptions& options, std::uint64_t seed, int replicate,
                          int first_epoch = 0, const EpochCallback& before_epoch = {});

// Loss and accuracy over all images, in batches of `batch_size`, in order; the last batch may be
// smaller, and the mean is over images.
struct SetEvaluation {
  double loss = 0;
  double accuracy = 0;  // fraction in [0, 1]
  int images = 0;
};
SetEvaluation EvaluateSet(Executor& executor, const PreparedData& data, int batch_size,
                          Statistics statistics);

}  // namespace mote
