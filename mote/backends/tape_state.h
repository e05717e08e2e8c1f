// What every Tape checks before it computes: how far its present parameters have come, and that
// indices and sizes are its network's.
#pragma once

#include <cstdint>
#include <span>

#include "mote/backends/tape.h"
#include "mote/base/check.h"
#include "mote/graph/network.h"

namespace mote {

// Called first thing by the member of Tape that bears the same name; what that must not do aborts
// (MOTE_CHECK).
class TapeState {
 public:
  TapeState(const Network& network, int largest_count)
      : network_(network), largest_count_(largest_count) {
    MOTE_CHECK(largest_count >= 1, "{}", largest_count);
  }

  void SetParameters(std::span<const double> parameters) {
    MOTE_CHECK(std::int64_t(parameters.size()) == network_.parameter_count(),
               "{} parameters for {}", parameters.size(), network_.parameter_count());
    progress_ = Progress::kParameters;
  }

  void Forward(std::span<const double> images, int count, NormMode mode, bool feed_running) {
    MOTE_CHECK(1 <= count && count <= largest_count_, "{} images for {}", count, largest_count_);
    MOTE_CHECK(std::int64_t(images.size()) == count * network_.input_shape().elements(),
               "{} values for {} images", images.size(), count);
    MOTE_CHECK(!feed_running || mode == NormMode::kBatch || mode == NormMode::kFrozen,
               "only the statistics of a batch can be fed");
    count_ = count;
    mode_ = mode;
    progress_ = Progress::kForward;
  }

  void Backward(int op, std::span<const double> slopes, int from) {
    CheckForward(op);
    MOTE_CHECK(0 <= from && from <= op, "back from operation {} to {}", op, from);
    const std::int64_t elements = count_ * network_.op(op).shape.elements();
    MOTE_CHECK(std::int64_t(slopes.size()) == elements, "{} slopes for {}", slopes.size(),
               elements);
    from_ = from;
    progress_ = Progress::kBackward;
  }

  // What is read of the last Forward or Backward.
  void CheckForward(int op) const {
    MOTE_CHECK(progress_ >= Progress::kForward, "no Forward with these parameters");
    CheckOp(op);
  }
  void CheckBackward(int op) const {
    MOTE_CHECK(progress_ >= Progress::kBackward, "no Backward with these parameters");
    CheckOp(op);
    MOTE_CHECK(op >= from_, "operation {}: Backward went no further than to {}", op, from_);
  }
  void CheckParameters() const { CheckBackward(0); }
  void CheckImageParameter(int parameter) const {
    CheckParameters();
    MOTE_CHECK(0 <= parameter && parameter < int(network_.parameters().size()), "parameter {}",
               parameter);
    MOTE_CHECK(mode_ != NormMode::kBatch, "images are not apart where the batch normalises them");
  }

  void CheckNorm(int op) const {
    CheckOp(op);
    MOTE_CHECK(network_.op(op).kind == OpKind::kBatchNorm, "operation {} is no batch normalisation",
               op);
  }

 private:
  // Each has all that the one before has.
  enum class Progress { kParameters, kForward, kBackward };

  void CheckOp(int op) const {
    MOTE_CHECK(0 <= op && op < int(network_.ops().size()), "operation {}", op);
  }

  const Network network_;
  const int largest_count_;
  Progress progress_ = Progress::kParameters;
  int count_ = 0;  // of the last Forward
  int from_ = 0;   // of the last Backward
  NormMode mode_ = NormMode::kBatch;
};

}  // namespace mote
