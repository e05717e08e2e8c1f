#include "mote/backends/native/optimizer.h"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mote/backends/native/optimizer.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "mote/base/check.h"

#ifndef MOTE_NATIVE_OPTIMIZER_FACTORS
#define MOTE_NATIVE_OPTIMIZER_FACTORS
namespace mote::native {
namespace {

struct AdamFactors {
  float decay = 0;
  float beta1 = 0, rest1 = 0;  // rest: 1 - beta
  float beta2 = 0, rest2 = 0;
  float rate = 0;
  float epsilon = 0;
};

struct SgdFactors {
  float decay = 0;
  float momentum = 0;
  float rate = 0;
  bool nesterov = false;
};

// Moments below this become 0. A weight without gradient would else drag moments below float's
// normal range through all later steps, where each operation costs a hundred cycles.
constexpr float kNegligible = 1e-36f;

}  // namespace
}  // namespace mote::native
#endif

HWY_BEFORE_NAMESPACE();
namespace mote::native::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

void UpdateAdam(const AdamFactors& factors, std::int64_t count, const float* HWY_RESTRICT gradient,
                float* HWY_RESTRICT weights, float* HWY_RESTRICT first,
                float* HWY_RESTRICT second) {
  const hn::ScalableTag<float> d;
  const auto decay = hn::Set(d, factors.decay);
  const auto beta1 = hn::Set(d, factors.beta1), rest1 = hn::Set(d, factors.rest1);
  const auto beta2 = hn::Set(d, factors.beta2), rest2 = hn::Set(d, factors.rest2);
  const auto rate = hn::Set(d, factors.rate), epsilon = hn::Set(d, factors.epsilon);
  const auto negligible = hn::Set(d, kNegligible);
  for (std::int64_t i = 0; i < count; i += hn::Lanes(d)) {
    const auto w = hn::Load(d, weights + i);
    const auto g = hn::MulAdd(decay, w, hn::Load(d, gradient + i));
    auto m = hn::MulAdd(beta1, hn::Load(d, first + i), hn::Mul(rest1, g));
    auto v = hn::MulAdd(beta2, hn::Load(d, second + i), hn::Mul(hn::Mul(rest2, g), g));
    // Comparing a NaN is false, so it stays.
    m = hn::IfThenZeroElse(hn::Lt(hn::Abs(m), negligible), m);
    v = hn::IfThenZeroElse(hn::Lt(v, negligible), v);
    hn::Store(m, d, first + i);
    hn::Store(v, d, second + i);
    // Without epsilon, too, nothing is 0 / 0.
    const auto divisor = hn::Add(hn::Sqrt(hn::Max(v, negligible)), epsilon);
    hn::Store(hn::NegMulAdd(rate, hn::Div(m, divisor), w), d, weights + i);
  }
}

void UpdateSgd(const SgdFactors& factors, std::int64_t count, const float* HWY_RESTRICT gradient,
               float* HWY_RESTRICT weights, float* HWY_RESTRICT velocity) {
  const hn::ScalableTag<float> d;
  const auto decay = hn::Set(d, factors.decay), rate = hn::Set(d, factors.rate);
  const auto momentum = hn::Set(d, factors.momentum);
  // The step is rate * (own * g + ahead * v).
  const auto own = hn::Set(d, factors.nesterov ? 1.0f : 0.0f);
  const auto ahead = hn::Set(d, factors.nesterov ? factors.momentum : 1.0f);
  const auto negligible = hn::Set(d, kNegligible);
  for (std::int64_t i = 0; i < count; i += hn::Lanes(d)) {
    const auto w = hn::Load(d, weights + i);
    const auto g = hn::MulAdd(decay, w, hn::Load(d, gradient + i));
    auto v = hn::MulAdd(momentum, hn::Load(d, velocity + i), g);
    v = hn::IfThenZeroElse(hn::Lt(hn::Abs(v), negligible), v);
    hn::Store(v, d, velocity + i);
    const auto step = hn::MulAdd(ahead, v, hn::Mul(own, g));
    hn::Store(hn::NegMulAdd(rate, step, w), d, weights + i);
  }
}

}  // namespace
}  // namespace mote::native::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mote::native {
namespace {

HWY_EXPORT(UpdateAdam);
HWY_EXPORT(UpdateSgd);

}  // namespace

void UpdateWeights(const OptimizerOptions& options, double learning_rate, std::int64_t step,
                   std::int64_t count, const float* gradient, float* weights, float* first,
                   float* second) {
  MOTE_CHECK(step >= 1 && count % 16 == 0, "step {}, {} weights", step, count);
  if (options.kind == OptimizerKind::kSgd) {
    const SgdFactors factors{.decay = float(options.weight_decay),
                             .momentum = float(options.momentum),
                             .rate = float(learning_rate),
                             .nesterov = options.nesterov};
    HWY_DYNAMIC_DISPATCH(UpdateSgd)(factors, count, gradient, weights, first);
    return;
  }
  const double correction = std::sqrt(1 - std::pow(options.beta2, double(step))) /
                            (1 - std::pow(options.beta1, double(step)));
  const AdamFactors factors{.decay = float(options.weight_decay),
                            .beta1 = float(options.beta1),
                            .rest1 = float(1 - options.beta1),
                            .beta2 = float(options.beta2),
                            .rest2 = float(1 - options.beta2),
                            .rate = float(learning_rate * correction),
                            .epsilon = float(options.epsilon)};
  HWY_DYNAMIC_DISPATCH(UpdateAdam)(factors, count, gradient, weights, first, second);
}

}  // namespace mote::native
#endif  // HWY_ONCE
