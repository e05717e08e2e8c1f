#include "mote/probe/hessian_gradient.h"

#include <algorithm>

#include "mote/probe/initial_probe.h"
#include "mote/probe/weight_vector.h"
#include "mote/reading/finite.h"

namespace mote {
namespace {

constexpr double kRelativeStep = 0x1p-32;

// A loss of one batch, as a function of a network's parameters.
class BatchLoss {
 public:
  BatchLoss(Tape& tape, std::span<const double> images, int count, const LossSlopes& loss_slopes)
      : tape_(tape),
        images_(images),
        count_(count),
        loss_slopes_(loss_slopes),
        tensors_(WeightTensors(tape.network())) {}

  // `values` at the weights, zero elsewhere.
  std::vector<double> OnWeights(std::span<const double> values) const {
    std::vector<double> kept(values.size());
    for (int tensor : tensors_) {
      const Parameter& parameter = tape_.network().parameters()[tensor];
      std::ranges::copy(PartOf(values, parameter), kept.begin() + parameter.offset);
    }
    return kept;
  }

  // To the weights alone.
  std::vector<double> GradientAt(std::span<const double> parameters) {
    tape_.SetParameters(parameters);
    tape_.Forward(images_, count_, NormMode::kBatch);
    const int logits = int(tape_.network().ops().size()) - 1;
    tape_.Backward(logits, loss_slopes_(tape_.Value(logits)));
    return OnWeights(tape_.ParameterSlopes());
  }

 private:
  Tape& tape_;
  std::span<const double> images_;
  int count_;
  const LossSlopes& loss_slopes_;
  std::vector<int> tensors_;
};

}  // namespace

Outcome<HessianGradient> MeasureHessianGradient(Tape& tape, std::span<const double> parameters,
                                                std::span<const double> images, int count,
                                                const LossSlopes& loss_slopes) {
  BatchLoss loss(tape, images, count, loss_slopes);
  HessianGradient result{.gradient = loss.GradientAt(parameters),
                         .hessian_gradient = std::vector<double>(parameters.size())};
  const double norm = Norm(result.gradient), weight_norm = Norm(loss.OnWeights(parameters));
  if (!std::isfinite(norm) || !std::isfinite(weight_norm)) {
    return NotFinite("weights or gradients");
  }
  if (norm == 0) return result;

  const double step = kRelativeStep * (weight_norm > 0 ? weight_norm : 1);
  const auto gradient_at = [&](double distance) {
    std::vector<double> moved(parameters.begin(), parameters.end());
    for (std::size_t i = 0; i < moved.size(); ++i) {
      moved[i] += distance * (result.gradient[i] / norm);
    }
    return loss.GradientAt(moved);
  };
  const std::vector<double> ahead = gradient_at(step), behind = gradient_at(-step);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    result.hessian_gradient[i] = norm * (ahead[i] - behind[i]) / (2 * step);
  }
  tape.SetParameters(parameters);
  return result;
}

}  // namespace mote
