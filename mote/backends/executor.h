// A compiled network with its weights and optimiser state: what trains and evaluates.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mote/graph/network.h"

namespace mote {

// A batch of images as float32 in [0, 1]: images[size][height][width][channels], labels[size].
// The executor may read it only during the call.
struct Batch {
  std::span<const float> images;
  std::span<const int> labels;

  int size() const { return int(labels.size()); }
};

enum class OptimizerKind {
  // Kingma & Ba 2015 in the form of Keras: m <- b1 m + (1-b1) g, v <- b2 v + (1-b2) g^2,
  // w <- w - rate * sqrt(1-b2^t)/(1-b1^t) * m / (sqrt(v) + epsilon).
  kAdam,
  // g <- g + weight_decay w; v <- momentum v + g; w <- w - rate (g + momentum v) (Nesterov, as in
  // PyTorch); without nesterov w <- w - rate v.
  kSgd,
};

struct OptimizerOptions {
  OptimizerKind kind = OptimizerKind::kAdam;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-7;
  double momentum = 0.9;
  bool nesterov = true;
  // Added to the gradient of every parameter (L2 penalty), for both kinds.
  double weight_decay = 0;
};

// Softmax cross-entropy from logits, mean over the batch; the target is
// (1 - smoothing) onehot + smoothing / classes.
struct LossOptions {
  double label_smoothing = 0;
};

// What batch normalisation normalises with.
enum class Statistics { kBatch, kRunning };

struct EvaluationResult {
  double loss = 0;  // mean over the batch
  int correct = 0;  // images whose largest logit is the label's; ties go to the lower class
};

// Owned by one thread. Everything is allocated when compiled; no call below allocates in a backend
// that can avoid it. Parameters are exchanged as one flat vector in the order and layout of
// Network::parameters(); float32 executors round.
//
// Batches may have any size from 1 to the compiled one.
class Executor {
 public:
  virtual ~Executor() = default;

  virtual const Network& network() const = 0;

  // Both leave optimiser state and running statistics alone. Sizes: network().parameter_count().
  virtual void GetParameters(std::span<double> parameters) const = 0;
  virtual void SetParameters(std::span<const double> parameters) = 0;

  // Zero moments, step counter zero. Running statistics go back to mean 0, variance 1.
  virtual void Reset(const OptimizerOptions& optimizer, const LossOptions& loss) = 0;

  // Forward with batch statistics (which also feed the running ones), backward, one update with
  // this learning rate. Returns loss and correct answers as they were before the update.
  virtual EvaluationResult Step(const Batch& batch, double learning_rate) = 0;

  // Forward only; changes nothing, not even running statistics.
  virtual EvaluationResult Evaluate(const Batch& batch, Statistics statistics) = 0;

  // Gradient of the mean loss to all parameters, with batch statistics; changes no weights.
  // Returns the loss. Size: network().parameter_count().
  virtual double Gradient(const Batch& batch, std::span<double> gradient) = 0;

  // The logits of a batch, [size][classes].
  virtual void Logits(const Batch& batch, Statistics statistics, std::span<double> logits) = 0;
};

}  // namespace mote
