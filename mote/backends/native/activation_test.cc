#include "mote/backends/native/activation.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>

#include "mote/backends/native/test_isas.h"

namespace mote::native {
namespace {

class Activation : public OnIsa {};
MOTE_EACH_ISA(Activation);

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr std::ptrdiff_t kCount = 16 * 1000;

double GeluOf(double x) {
  const double u = std::sqrt(std::numbers::pi / 2) * (x + 0.044715 * x * x * x);
  return 0.5 * x * (1 + std::tanh(u));
}

double GeluSlope(double x) {
  const double scale = std::sqrt(std::numbers::pi / 2);
  const double t = std::tanh(scale * (x + 0.044715 * x * x * x));
  return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * scale * (1 + 3 * 0.044715 * x * x);
}

// From -20 to 20.
Buffer Line() {
  Buffer x(kCount);
  for (std::ptrdiff_t i = 0; i < kCount; ++i) x[i] = float(i - kCount / 2) * (40.0f / kCount);
  return x;
}

TEST_P(Activation, ReluKeepsThePositive) {
  const Buffer x = RandomFloats(kCount, 1);
  Buffer y(kCount);
  Relu(x.data(), kCount, y.data());
  for (std::ptrdiff_t i = 0; i < kCount; ++i) ASSERT_EQ(y[i], x[i] > 0 ? x[i] : 0) << i;
}

TEST_P(Activation, ReluGradientPassesWhereXIsPositive) {
  Buffer x = RandomFloats(kCount, 2);
  x[5] = 0;
  const Buffer g = RandomFloats(kCount, 3);
  Buffer dx(kCount);
  ReluGradient(x.data(), g.data(), kCount, dx.data());
  for (std::ptrdiff_t i = 0; i < kCount; ++i) ASSERT_EQ(dx[i], x[i] > 0 ? g[i] : 0) << i;
}

TEST_P(Activation, GeluIsWithinTwoMillionths) {
  const Buffer x = Line();
  Buffer y(kCount);
  Gelu(x.data(), kCount, y.data());
  for (std::ptrdiff_t i = 0; i < kCount; ++i) {
    const double expected = GeluOf(x[i]);
    ASSERT_NEAR(y[i], expected, 2e-6 * std::abs(expected) + 1e-12) << x[i];
  }
}

TEST_P(Activation, GeluGradientIsWithinTwoMillionths) {
  const Buffer x = Line();
  const Buffer g = RandomFloats(kCount, 4);
  Buffer dx(kCount);
  GeluGradient(x.data(), g.data(), kCount, dx.data());
  for (std::ptrdiff_t i = 0; i < kCount; ++i) {
    ASSERT_NEAR(dx[i], g[i] * GeluSlope(x[i]), 2e-6) << x[i];
  }
}

TEST_P(Activation, GeluOfHugeValuesIsFinite) {
  Buffer x(16), g(16), y(16), dx(16);
  x[0] = -1e30f;
  x[1] = 1e30f;
  x[2] = -std::numeric_limits<float>::max();
  for (float& value : g) value = 1;
  Gelu(x.data(), 16, y.data());
  EXPECT_EQ(y[0], 0);
  EXPECT_EQ(y[1], 1e30f);
  EXPECT_EQ(y[2], 0);
  EXPECT_EQ(y[3], 0);
  GeluGradient(x.data(), g.data(), 16, dx.data());
  EXPECT_NEAR(dx[0], 0, 1e-20);
  EXPECT_EQ(dx[1], 1);
  EXPECT_EQ(dx[3], 0.5f);
}

TEST_P(Activation, NanStaysNan) {
  Buffer x(16), g(16), y(16);
  x[3] = kNan;
  g[3] = 1;
  Relu(x.data(), 16, y.data());
  EXPECT_TRUE(std::isnan(y[3]));
  Gelu(x.data(), 16, y.data());
  EXPECT_TRUE(std::isnan(y[3]));
  EXPECT_EQ(y[2], 0);
  GeluGradient(x.data(), g.data(), 16, y.data());
  EXPECT_TRUE(std::isnan(y[3]));
}

TEST_P(Activation, WorksInPlace) {
  const Buffer x = RandomFloats(kCount, 6);
  Buffer apart(kCount), same(kCount);
  Gelu(x.data(), kCount, apart.data());
  std::memcpy(same.data(), x.data(), kCount * sizeof(float));
  Gelu(same.data(), kCount, same.data());
  EXPECT_EQ(std::memcmp(apart.data(), same.data(), kCount * sizeof(float)), 0);
}

}  // namespace
}  // namespace mote::native
