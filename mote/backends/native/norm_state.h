// Batch normalisation between the kernels: from the sums that they take to the coefficients that
// they apply, in float64.
#pragma once

#include <vector>

#include "mote/backends/native/buffer.h"
#include "mote/backends/native/layout.h"
#include "mote/backends/native/plan.h"

namespace mote::native {

class NormState {
 public:
  NormState(const Norm& norm, const Layout& layout);

  // Forward, with the statistics of a batch: SetPivot, then per block the kernels add to sums() and
  // AddBlock follows, then FinishForward.
  //
  // The pivot is one of the values (a pixel, [pitch]): moments are taken relative to it, so that a
  // mean that is large against the deviation costs no digits.
  void SetPivot(const float* pixel);
  MomentSums sums() const { return {sum_.data(), square_.data(), pivot_.data()}; }
  // The sums of another normalisation of the same value.
  void CopySums(const NormState& other);
  // `half`: the second image of each group is not there.
  void AddBlock(bool half);
  // Coefficients from the sums of `count` values per channel. With `update`, the running
  // statistics are fed, too.
  void FinishForward(double count, const float* gamma, const float* beta, bool update);
  // Coefficients from the running statistics.
  void UseRunning(const float* gamma, const float* beta);

  Normalization normalization() const { return {scale_.data(), mean_lanes_.data(), shift_.data()}; }

  // Backward: per block the kernels add to the sums of g and of g (y - mean), AddGradientBlock
  // follows, then FinishBackward.
  float* product_sum() const { return square_.data(); }
  void StartBackward();
  void AddGradientBlock(const float* gradient_sum, bool half);
  void FinishBackward(double count, const float* gamma, float* gamma_gradient,
                      float* beta_gradient);
  NormGradient gradient() const {
    return {scale_.data(), slope_.data(), mean_gradient_.data(), mean_lanes_.data()};
  }

  void ResetRunning();

 private:
  void Fold(const float* lanes, bool half, std::vector<double>& totals) const;
  void SetLanes(Buffer& lanes, int channel, double value) const;
  void SetCoefficients(int channel, double mean, double scale, double beta);

  const int channels_;
  const int group_;
  const double epsilon_;
  const double momentum_;
  // Per lane.
  Buffer sum_, square_, pivot_, scale_, shift_, mean_lanes_, slope_, mean_gradient_;
  // Per channel.
  std::vector<double> total_, total_square_, inverse_deviation_;
  std::vector<double> running_mean_, running_variance_;
};

}  // namespace mote::native
