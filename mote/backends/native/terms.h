// Argument lists for the passes over values, without allocation.
#pragma once

#include <array>
#include <span>

#include "mote/base/check.h"

namespace mote::native {

// Terms that a value may have of one kind; a plan with more is declined.
inline constexpr int kMaxTerms = 16;

template <typename T>
class Terms {
 public:
  void Add(const T& term) {
    MOTE_CHECK(count_ < kMaxTerms);
    terms_[count_++] = term;
  }
  std::span<const T> span() const { return {terms_.data(), std::size_t(count_)}; }

 private:
  std::array<T, kMaxTerms> terms_ = {};
  int count_ = 0;
};

}  // namespace mote::native
