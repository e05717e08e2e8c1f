// Memory for the kernels: floats on a 64-byte boundary.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace mote::native {

// Fixed size, zero at first. Moves; holds the memory it is part of.
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t floats);

  float* data() const { return data_.get(); }
  std::size_t size() const { return size_; }
  float& operator[](std::size_t i) const { return data_.get()[i]; }
  float* begin() const { return data(); }
  float* end() const { return data() + size_; }

 private:
  friend class Arena;
  std::shared_ptr<float> data_;
  std::size_t size_ = 0;
};

// Buffers out of few large pieces, on huge pages where the system has them: the activations of a
// batch are more than the address translation of small pages covers. Neighbours are staggered, so
// that the same place in several of them does not fall on the same cache lines.
class Arena {
 public:
  // `fill`: what fresh memory holds.
  explicit Arena(float fill) : fill_(fill) {}

  Buffer Take(std::size_t floats);

 private:
  const float fill_;
  std::shared_ptr<float> piece_;
  std::size_t used_ = 0;  // floats
  std::size_t size_ = 0;
};

}  // namespace mote::native
