#include "mote/backends/native/peak.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mote/backends/native/peak.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
#include "mote/base/check.h"

HWY_BEFORE_NAMESPACE();
namespace mote::native::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// Enough that none waits for its own last result (two to four units, four cycles, or eight where
// multiplication and addition are two instructions), and no more than registers hold beside the
// two constants.
#if HWY_TARGET == HWY_AVX3 || HWY_ARCH_ARM
constexpr int kChains = 24;
#else
constexpr int kChains = 14;
#endif

// Does kChains * rounds multiply-adds of vectors. The result only keeps the compiler from leaving
// them out; with factor and addend in (0, 1) it stays an ordinary number.
float BurstOnTarget(std::int64_t rounds, float factor, float addend) {
  const D d;
  const V a = hn::Set(d, factor);
  const V b = hn::Set(d, addend);
  V chain[kChains];
#pragma GCC unroll 24
  for (int i = 0; i < kChains; ++i) chain[i] = hn::Set(d, float(i));
  for (std::int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 24
    for (int i = 0; i < kChains; ++i) chain[i] = hn::MulAdd(chain[i], a, b);
  }
  V sum = chain[0];
#pragma GCC unroll 24
  for (int i = 1; i < kChains; ++i) sum = hn::Add(sum, chain[i]);
  return hn::GetLane(sum);
}

// Floating-point operations of a round.
int FlopsOfRoundOnTarget() { return 2 * kChains * int(hn::Lanes(D())); }

}  // namespace
}  // namespace mote::native::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mote::native {
namespace {

HWY_EXPORT(BurstOnTarget);
HWY_EXPORT(FlopsOfRoundOnTarget);

double SecondsOfBurst(std::int64_t rounds) {
  // Not known when this is compiled.
  static volatile float factor = 0.75f;
  static volatile float addend = 0.25f;
  const auto start = std::chrono::steady_clock::now();
  const float result = HWY_DYNAMIC_DISPATCH(BurstOnTarget)(rounds, factor, addend);
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
  MOTE_CHECK(result > 0, "{}", result);
  return passed.count();
}

}  // namespace

double PeakGflops() {
  constexpr double kBurstSeconds = 2e-3;
  constexpr int kBursts = 20;
  // Doubled until it takes long enough to be timed; on the way the clock rate rises.
  std::int64_t rounds = 1 << 14;
  while (SecondsOfBurst(rounds) < kBurstSeconds / 2) rounds *= 2;
  double best = SecondsOfBurst(rounds);
  for (int i = 1; i < kBursts; ++i) best = std::min(best, SecondsOfBurst(rounds));
  return 1e-9 * double(rounds) * HWY_DYNAMIC_DISPATCH(FlopsOfRoundOnTarget)() / best;
}

}  // namespace mote::native
#endif  // HWY_ONCE
