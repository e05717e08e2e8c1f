#include "mote/probe/hessian_gradient.h"

#include <algorithm>
#include <optional>

#include "mote/probe/initial_probe.h"
#include "mote/probe/rectifier_codes.h"
#include "mote/probe/weight_vector.h"
#include "mote/reading/finite.h"

namespace mote {
namespace {

constexpr double kLongestStep = 0x1p-32, kShortestStep = 0x1p-44;  // parts of the weights' norm
constexpr double kShorter = 0x1p-4;

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

  void MoveTo(std::span<const double> parameters) {
    tape_.SetParameters(parameters);
    tape_.Forward(images_, count_, NormMode::kBatch);
  }

  // To the weights alone.
  std::vector<double> Gradient() {
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
  loss.MoveTo(parameters);
  const ActivationCodes codes = RectifierCodes(tape, count);
  HessianGradient result{.gradient = loss.Gradient(),
                         .hessian_gradient = std::vector<double>(parameters.size())};
  const double norm = Norm(result.gradient), weight_norm = Norm(loss.OnWeights(parameters));
  if (!std::isfinite(norm) || !std::isfinite(weight_norm)) {
    return NotFinite("weights or gradients");
  }
  if (norm == 0) return result;

  // Nothing where rectifiers differ and the step may still be shortened.
  const auto gradient_at = [&](double distance,
                               bool shortest) -> std::optional<std::vector<double>> {
    std::vector<double> moved(parameters.begin(), parameters.end());
    for (std::size_t i = 0; i < moved.size(); ++i) {
      moved[i] += distance * (result.gradient[i] / norm);
    }
    loss.MoveTo(moved);
    if (!shortest && RectifierCodes(tape, count) != codes) return std::nullopt;
    return loss.Gradient();
  };
  for (double part = kLongestStep; part >= kShortestStep; part *= kShorter) {
    const double step = part * (weight_norm > 0 ? weight_norm : 1);
    const bool shortest = part * kShorter < kShortestStep;
    const auto ahead = gradient_at(step, shortest);
    if (!ahead) continue;
    const auto behind = gradient_at(-step, shortest);
    if (!behind) continue;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      result.hessian_gradient[i] = norm * ((*ahead)[i] - (*behind)[i]) / (2 * step);
    }
    break;
  }
  tape.SetParameters(parameters);
  return result;
}

}  // namespace mote
