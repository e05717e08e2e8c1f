// For the tests of kernels: every case on every instruction set of this CPU.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "mote/backends/native/buffer.h"
#include "mote/backends/native/isa.h"
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

}  // namespace mote::native
