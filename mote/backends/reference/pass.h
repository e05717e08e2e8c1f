// One walk forward and one back through a network: what executor and tape share.
#pragma once

#include <span>
#include <vector>

#include "mote/backends/reference/tensor.h"
#include "mote/backends/tape.h"
#include "mote/graph/network.h"

namespace mote::reference {

// Owns parameters, running statistics, and every operation's result and gradient for batches of up
// to `largest` images. T is float or double. Order of the arithmetic: operation by operation, with
// the functions of forward.h and backward.h.
template <typename T>
class Pass {
 public:
  Pass(const Network& network, int largest);

  const Network& network() const { return network_; }
  int largest() const { return largest_; }
  int last() const { return int(values_.size()) - 1; }

  // Flat, in the order and layout of Network::parameters().
  std::span<T> parameters() { return parameters_; }
  std::span<const T> parameters() const { return parameters_; }
  void SetParameters(std::span<const double> parameters);

  // `images` of float or double, [count][height][width][channels].
  template <typename Pixel>
  void Forward(std::span<const Pixel> images, int count, NormMode mode);

  // The mean and variance that the last Forward normalised with, which must be the batch's, into
  // the running ones of all batch normalisations.
  void FeedRunning();
  // Running mean 0, running variance 1.
  void ResetRunning();
  std::span<const T> running_variance(int op) const { return norms_[op].running_variance; }

  // Of the images of the last Forward.
  Tensor<T> value(int op) { return {values_[op].data(), count_, network_.op(op).shape}; }
  Tensor<T> gradient(int op) { return {gradients_[op].data(), count_, network_.op(op).shape}; }

  // From the gradient to the result of `op`, which the caller writes into gradient(op) after
  // ClearGradients(), to the gradients of everything that `op` depends on.
  void ClearGradients();
  void Backward(int op);

  std::span<const T> parameter_gradients() const { return parameter_gradients_; }
  // What each image contributes to the gradient of a parameter, [count][elements], added to `sums`.
  // Of the last Backward, and not after a Forward with NormMode::kBatch.
  void AddImageGradients(int parameter, std::span<T> sums);

 private:
  // Per channel, of one batch normalisation.
  struct Norm {
    std::vector<T> mean;      // that the last Forward normalised with
    std::vector<T> variance;  // likewise; population
    std::vector<T> running_mean;
    std::vector<T> running_variance;
  };

  void ForwardOp(int index);
  void ForwardNorm(int index, Tensor<const T> src, Tensor<T> dst);
  void BackwardOp(int index);
  // Of an operation with at most one source: adds to the gradients of its source and of its
  // parameters, `first` and `second`, which are empty where it has none.
  void BackwardOp(int index, Tensor<const T> src, Tensor<const T> dst_gradient,
                  Tensor<T> src_gradient, std::span<T> first, std::span<T> second) const;

  // Of the `which`-th parameter of an operation; empty if it has no such.
  std::span<const T> weights(const Op& op, int which) const {
    return Part(std::span(parameters_), op, which);
  }
  std::span<T> weight_gradients(const Op& op, int which) {
    return Part(std::span(parameter_gradients_), op, which);
  }
  template <typename U>
  std::span<U> Part(std::span<U> flat, const Op& op, int which) const {
    if (which >= int(op.parameters.size())) return {};
    const Parameter& parameter = network_.parameters()[op.parameters[which]];
    return flat.subspan(parameter.offset, parameter.elements());
  }

  const Network network_;
  const int largest_;
  int count_ = 0;  // of the last Forward, likewise its mode
  NormMode mode_ = NormMode::kBatch;
  std::vector<T> parameters_;
  std::vector<T> parameter_gradients_;
  // By operation.
  std::vector<std::vector<T>> values_;
  std::vector<std::vector<T>> gradients_;
  std::vector<Norm> norms_;    // empty but for batch normalisations
  std::vector<bool> reached_;  // by the last Backward
};

}  // namespace mote::reference
