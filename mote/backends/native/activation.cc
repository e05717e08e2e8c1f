#include "mote/backends/native/activation.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mote/backends/native/activation.cc"
// clang-format off
#include "hwy/foreach_target.h"  // IWYU pragma: keep, has to come first
#include "hwy/contrib/math/math-inl.h"
#include "hwy/highway.h"
#include "mote/backends/native/relu-inl.h"
// clang-format on
#include "mote/backends/native/isa.h"
#include "mote/base/check.h"

HWY_BEFORE_NAMESPACE();
namespace mote::native::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

constexpr int kLanes = HWY_LANES(float);

// 0.5 (1 + tanh(u)) = 1 / (1 + exp(-2 u)), which keeps its digits where tanh(u) is near -1.
constexpr float kScale = 2 * 1.2533141373155003f;  // 2 sqrt(pi/2)
constexpr float kCubic = 0.044715f;
// Beyond it the gate is 0 or 1 to more digits than a float has, and exp stays finite before it.
constexpr float kFar = 8;

// GELU is x times a gate.
struct Gate {
  V x;      // within +-kFar; NaN stays NaN
  V e;      // exp(-2 u), never infinite
  V value;  // 1 / (1 + e)

  HWY_INLINE explicit Gate(V any)
      : x(hn::IfThenElse(hn::Gt(hn::Abs(any), hn::Set(D(), kFar)),
                         hn::CopySign(hn::Set(D(), kFar), any), any)),
        e(hn::Exp(D(), hn::Mul(x, hn::MulAdd(hn::Mul(x, x), hn::Set(D(), -kScale * kCubic),
                                             hn::Set(D(), -kScale))))),
        value(hn::Div(hn::Set(D(), 1), hn::Add(hn::Set(D(), 1), e))) {}
};

void ReluOnTarget(const float* x, std::ptrdiff_t count, float* y) {
  const D d;
  for (std::ptrdiff_t i = 0; i < count; i += kLanes) {
    hn::StoreU(Rectified(d, hn::LoadU(d, x + i)), d, y + i);
  }
}

void ReluGradientOnTarget(const float* x, const float* g, std::ptrdiff_t count, float* dx) {
  const D d;
  const V zero = hn::Zero(d);
  for (std::ptrdiff_t i = 0; i < count; i += kLanes) {
    const auto open = hn::Gt(hn::LoadU(d, x + i), zero);
    hn::StoreU(hn::IfThenElseZero(open, hn::LoadU(d, g + i)), d, dx + i);
  }
}

void GeluOnTarget(const float* x, std::ptrdiff_t count, float* y) {
  const D d;
  for (std::ptrdiff_t i = 0; i < count; i += kLanes) {
    const V value = hn::LoadU(d, x + i);
    const Gate gate(value);
    const V gated = hn::Mul(value, gate.value);
    // Far below, the gate that belongs to -kFar is too large for x.
    const auto far = hn::Lt(value, hn::Set(d, -kFar));
    hn::StoreU(hn::IfThenZeroElse(far, gated), d, y + i);
  }
}

// d/dx x s(2 u) = s + x s (1 - s) 2 du/dx, where 1 - s = e s.
void GeluGradientOnTarget(const float* x, const float* g, std::ptrdiff_t count, float* dx) {
  const D d;
  for (std::ptrdiff_t i = 0; i < count; i += kLanes) {
    const Gate gate(hn::LoadU(d, x + i));
    const V slope =
        hn::MulAdd(hn::Mul(gate.x, gate.x), hn::Set(d, 3 * kScale * kCubic), hn::Set(d, kScale));
    const V rest = hn::Mul(hn::Mul(gate.e, gate.value), gate.value);
    const V derivative = hn::MulAdd(hn::Mul(gate.x, slope), rest, gate.value);
    hn::StoreU(hn::Mul(hn::LoadU(d, g + i), derivative), d, dx + i);
  }
}

}  // namespace
}  // namespace mote::native::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mote::native {

HWY_EXPORT(ReluOnTarget);
HWY_EXPORT(ReluGradientOnTarget);
HWY_EXPORT(GeluOnTarget);
HWY_EXPORT(GeluGradientOnTarget);

void Relu(const float* x, std::ptrdiff_t count, float* y) {
  MOTE_CHECK(count % Lanes() == 0);
  HWY_DYNAMIC_DISPATCH(ReluOnTarget)(x, count, y);
}

void ReluGradient(const float* x, const float* g, std::ptrdiff_t count, float* dx) {
  MOTE_CHECK(count % Lanes() == 0);
  HWY_DYNAMIC_DISPATCH(ReluGradientOnTarget)(x, g, count, dx);
}

void Gelu(const float* x, std::ptrdiff_t count, float* y) {
  MOTE_CHECK(count % Lanes() == 0);
  HWY_DYNAMIC_DISPATCH(GeluOnTarget)(x, count, y);
}

void GeluGradient(const float* x, const float* g, std::ptrdiff_t count, float* dx) {
  MOTE_CHECK(count % Lanes() == 0);
  HWY_DYNAMIC_DISPATCH(GeluGradientOnTarget)(x, g, count, dx);
}

}  // namespace mote::native
#endif  // HWY_ONCE
