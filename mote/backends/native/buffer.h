// Memory for the kernels: floats on a 64-byte boundary.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>

namespace mote::native {

inline constexpr std::size_t kAlignment = 64;

// Fixed size, zero at first.
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t floats)
      : data_(new (std::align_val_t(kAlignment)) float[floats + kAlignment / sizeof(float)]()),
        size_(floats) {}

  float* data() const { return data_.get(); }
  std::size_t size() const { return size_; }
  float& operator[](std::size_t i) const { return data_[i]; }
  std::span<float> span() const { return {data_.get(), size_}; }
  float* begin() const { return data(); }
  float* end() const { return data() + size_; }

 private:
  struct Free {
    void operator()(float* data) const { operator delete[](data, std::align_val_t(kAlignment)); }
  };
  std::unique_ptr<float[], Free> data_;
  std::size_t size_ = 0;
};

}  // namespace mote::native
