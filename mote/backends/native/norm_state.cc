#include "mote/backends/native/norm_state.h"

#include <algorithm>
#include <cmath>

namespace mote::native {

NormState::NormState(const Norm& norm, const Layout& layout)
    : channels_(norm.channels),
      group_(layout.group),
      epsilon_(norm.epsilon),
      momentum_(norm.momentum) {
  const std::size_t pitch = std::size_t(channels_) * group_;
  for (Buffer* lanes :
       {&sum_, &square_, &pivot_, &scale_, &shift_, &mean_lanes_, &slope_, &mean_gradient_}) {
    *lanes = Buffer(pitch);
  }
  for (auto* totals : {&total_, &total_square_, &inverse_deviation_, &running_mean_}) {
    totals->assign(channels_, 0);
  }
  running_variance_.assign(channels_, 1);
}

void NormState::SetLanes(Buffer& lanes, int channel, double value) const {
  for (int lane = 0; lane < group_; ++lane) lanes[channel * group_ + lane] = float(value);
}

void NormState::SetPivot(const float* pixel) {
  for (int c = 0; c < channels_; ++c) SetLanes(pivot_, c, pixel[c * group_]);
  std::ranges::fill(sum_, 0.0f);
  std::ranges::fill(square_, 0.0f);
  std::ranges::fill(total_, 0);
  std::ranges::fill(total_square_, 0);
}

void NormState::Fold(const float* lanes, bool half, std::vector<double>& totals) const {
  for (int c = 0; c < channels_; ++c) {
    for (int lane = 0; lane < (half ? 1 : group_); ++lane) totals[c] += lanes[c * group_ + lane];
  }
}

void NormState::CopySums(const NormState& other) {
  std::ranges::copy(other.sum_, sum_.data());
  std::ranges::copy(other.square_, square_.data());
}

void NormState::AddBlock(bool half) {
  Fold(sum_.data(), half, total_);
  Fold(square_.data(), half, total_square_);
  std::ranges::fill(sum_, 0.0f);
  std::ranges::fill(square_, 0.0f);
}

void NormState::SetCoefficients(int channel, double mean, double scale, double beta) {
  SetLanes(scale_, channel, scale);
  SetLanes(mean_lanes_, channel, mean);
  // What the mean loses by rounding goes into the shift.
  SetLanes(shift_, channel, beta + (mean_lanes_[channel * group_] - mean) * scale);
}

void NormState::FinishForward(double count, const float* gamma, const float* beta, bool update) {
  for (int c = 0; c < channels_; ++c) {
    const double from_pivot = total_[c] / count;
    const double mean = pivot_[c * group_] + from_pivot;
    const double variance = std::max(0.0, total_square_[c] / count - from_pivot * from_pivot);
    inverse_deviation_[c] = 1 / std::sqrt(variance + epsilon_);
    const double scale = gamma[c] * inverse_deviation_[c];
    SetCoefficients(c, mean, scale, beta[c]);
    if (!update) continue;
    const double unbiased = count > 1 ? variance * count / (count - 1) : variance;
    running_mean_[c] += momentum_ * (mean - running_mean_[c]);
    running_variance_[c] += momentum_ * (unbiased - running_variance_[c]);
  }
}

void NormState::UseRunning(const float* gamma, const float* beta) {
  for (int c = 0; c < channels_; ++c) {
    const double scale = gamma[c] / std::sqrt(running_variance_[c] + epsilon_);
    SetCoefficients(c, running_mean_[c], scale, beta[c]);
  }
}

void NormState::StartBackward() {
  std::ranges::fill(square_, 0.0f);
  std::ranges::fill(total_, 0);
  std::ranges::fill(total_square_, 0);
}

void NormState::AddGradientBlock(const float* gradient_sum, bool half) {
  Fold(gradient_sum, half, total_);
  Fold(square_.data(), half, total_square_);
  std::ranges::fill(square_, 0.0f);
}

void NormState::FinishBackward(double count, const float* gamma, float* gamma_gradient,
                               float* beta_gradient) {
  for (int c = 0; c < channels_; ++c) {
    const double inverse = inverse_deviation_[c];
    const double scale = gamma[c] * inverse;
    const double slope = -scale * inverse * inverse * total_square_[c] / count;
    gamma_gradient[c] = float(total_square_[c] * inverse);
    beta_gradient[c] = float(total_[c]);
    SetLanes(slope_, c, slope);
    SetLanes(mean_gradient_, c, total_[c] / count);
  }
}

void NormState::ResetRunning() {
  std::ranges::fill(running_mean_, 0);
  std::ranges::fill(running_variance_, 1);
}

}  // namespace mote::native
