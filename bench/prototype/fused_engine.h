// What the two engines of the prototype have in common: members of the same names.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

#include "bench/prototype/engine.h"

namespace mote::bench {

// `Fused` is the prototype's template Engine at some number of channels.
template <typename Fused>
class FusedEngine final : public Engine {
 public:
  template <typename... Arguments>
  explicit FusedEngine(Arguments&&... arguments) : fused_(std::forward<Arguments>(arguments)...) {}

  std::int64_t parameter_count() const override { return fused_.np; }
  int conv_count() const override { return 1 + int(fused_.wts.size()); }

  void GetParameters(float* parameters) override {
    fused_.conv_layout(fused_.P, parameters, false);
  }
  void SetParameters(const float* parameters) override {
    fused_.conv_layout(parameters, fused_.P, true);
  }
  void Reset() override {
    std::memset(fused_.M1, 0, fused_.np * sizeof(float));
    std::memset(fused_.M2, 0, fused_.np * sizeof(float));
    fused_.t = 0;
  }

  double Step(const float* images, const int* labels) override {
    return fused_.step(images, labels);
  }

 private:
  Fused fused_;
};

// An engine for 8, 16 or 32 channels; null for others.
template <template <int> typename Fused, typename... Arguments>
std::unique_ptr<Engine> MakeFusedEngine(int channels, const Arguments&... arguments) {
  switch (channels) {
    case 8:
      return std::make_unique<FusedEngine<Fused<8>>>(arguments...);
    case 16:
      return std::make_unique<FusedEngine<Fused<16>>>(arguments...);
    case 32:
      return std::make_unique<FusedEngine<Fused<32>>>(arguments...);
    default:
      return nullptr;
  }
}

}  // namespace mote::bench
