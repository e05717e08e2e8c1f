// For the tests of kernels: every case on every instruction set of this CPU.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "mote/backends/native/buffer.h"
#include "mote/backends/native/isa.h"
#include "mote/backends/native/layout.h"
#include "mote/base/rng.h"

namespace mote::native {

// Use with TEST_P(Subject, ...) and MOTE_EACH_ISA(Subject), where `class Subject : public OnIsa
// {};`.
class OnIsa : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { CapIsa(GetParam()); }
  void TearDown() override { CapIsa(AvailableIsas().front()); }
};

#define MOTE_EACH_ISA(subject)                           \
  INSTANTIATE_TEST_SUITE_P(                              \
      Isas, subject, testing::ValuesIn(AvailableIsas()), \
      [](const testing::TestParamInfo<std::string>& parameter) { return parameter.param; })

// Uniform in [-1, 1).
inline Buffer RandomFloats(std::size_t count, std::uint64_t seed) {
  Buffer values(count);
  Rng rng(Key(seed, "kernel test"));
  for (float& value : values) value = float(2 * rng.Uniform() - 1);
  return values;
}

// Blocks of usual and of awkward sides, and of the smallest pitch of a vector.
inline std::vector<Extent> Shapes() {
  const int least = std::max(8, Lanes());
  return {{3, 4, 4, 16},   {2, 4, 4, 32},   {2, 4, 4, 48},  {2, 8, 8, 16},    {1, 8, 8, 64},
          {1, 32, 32, 32}, {2, 16, 16, 16}, {1, 1, 1, 16},  {2, 1, 5, 16},    {2, 7, 1, 16},
          {2, 2, 2, 16},   {2, 3, 2, 16},   {2, 5, 3, 16},  {2, 5, 7, 16},    {2, 6, 9, 32},
          {1, 4, 12, 16},  {1, 12, 4, 16},  {1, 3, 13, 48}, {2, 4, 4, least}, {3, 5, 6, least},
          {1, 9, 17, 16}};
}

}  // namespace mote::native
