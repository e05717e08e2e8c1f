// A forward pass that is kept, so that derivatives of anything in it can be had: what estimates ask
// for beyond a training step. Gradients of chosen scalars to weights, images and activations; the
// activations themselves; single images' gradients.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mote/graph/network.h"

namespace mote {

enum class Precision { kSingle, kDouble };

// How batch normalisation takes part in a pass.
enum class NormMode {
  kBatch,     // by the statistics of the batch, which depend on every image in it
  kFrozen,    // by the same statistics, taken for constants in derivatives: images do not mix
  kRunning,   // by the running statistics
  kIdentity,  // not at all: its result is its source (SynFlow, Tanaka et al. 2020)
};

// Which numbers of a result are positive: one bit each, 64 to a word, image by image. Element e of
// an image ([height][width][channels]) is bit e % 64 of its word e / 64; bits past the last are 0.
struct Signs {
  std::span<const std::uint64_t> bits = {};  // [count][words of an image]
  std::int64_t elements = 0;                 // of an image
  bool finite = true;                        // whether all numbers are; bits of others mean nothing
};

// Owned by one thread. All arrays of images and activations are [count][height][width][channels],
// those of parameters are flat, in the order and layout of Network::parameters(). Computed in the
// precision that the tape was made for and converted; what a tape returns is valid until its next
// non-const call, but may be handed to that call.
//
// A new Forward ends the last Backward, and SetParameters ends the last Forward; to ask for what
// has ended, or for indices and sizes that are not, is a bug (MOTE_CHECK).
class Tape {
 public:
  virtual ~Tape() = default;

  virtual const Network& network() const = 0;

  // Size: network().parameter_count(). Leaves the running statistics alone.
  virtual void SetParameters(std::span<const double> parameters) = 0;

  // Runs `count` images (1 to the largest that the tape was made for) of any finite numbers through
  // the network and keeps every operation's result. With `feed_running` the statistics of the batch
  // are fed into the running ones (kBatch and kFrozen only), as a training step does.
  virtual void Forward(std::span<const double> images, int count, NormMode mode,
                       bool feed_running = false) = 0;

  // What the last Forward made of operation `op` (an index into network().ops()).
  virtual std::span<const double> Value(int op) = 0;

  // The signs of Value(op), for a fraction of its cost.
  virtual Signs Positive(int op) = 0;

  // Of the last Forward: the gradients of the scalar sum(slopes * Value(op)) to all parameters and
  // to the results of all operations before `op`. `slopes` has the size of Value(op). Costs about
  // two forward passes of what stands before `op`; may be called any number of times. With `from`,
  // at most `op`, it goes no further back than to the result of that operation, and costs what
  // stands between: no gradients to earlier results can be asked for, and none to parameters.
  virtual void Backward(int op, std::span<const double> slopes, int from = 0) = 0;

  // Of the last Backward. Operations that `op` does not depend on, and parameters likewise, have
  // zeros; `op` itself has what was given. Slopes(0) is the gradient to the images.
  virtual std::span<const double> Slopes(int op) = 0;
  virtual std::span<const double> ParameterSlopes() = 0;

  // Of the last Backward: the sums over positions of Value(op) * Slopes(op), [count][channels],
  // taken in double; for a fraction of the cost of both.
  virtual std::span<const double> ValueSlopeSums(int op) = 0;

  // Of the last Backward, image by image: [count][elements of the parameter], which add up to its
  // part of ParameterSlopes() but for rounding. `parameter` is an index into
  // network().parameters(). Not after a Forward with kBatch, where an image's part is not its own
  // (MOTE_CHECK).
  virtual std::span<const double> ImageParameterSlopes(int parameter) = 0;

  // Of batch normalisation `op`: the running variance of each channel, after what has been fed
  // since the tape was made or reset: by unbiased variances, as struct Op says.
  virtual std::span<const double> RunningVariance(int op) = 0;

  // Running statistics back to mean 0, variance 1. Leaves the last Forward alone.
  virtual void ResetRunning() = 0;
};

}  // namespace mote
