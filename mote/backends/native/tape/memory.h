// Memory of a tape: numbers on a 64-byte boundary, on huge pages where the system has them.
//
// To get pages from the system, emptied, costs more than to write them several times, and tapes
// come and go by the cell. So a thread keeps what its last tapes had, up to 512 MB, for the next.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

namespace mote::native::tape {

// Fixed size. Moves. T is float or double.
template <typename T>
class Memory {
 public:
  Memory() = default;
  // Every number is `fill` at first, or anything.
  explicit Memory(std::size_t size, std::optional<T> fill = {});

  T* data() const { return data_.get(); }
  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) const { return data_[i]; }
  T* begin() const { return data(); }
  T* end() const { return data() + size_; }

 private:
  struct Free {
    std::size_t bytes = 0;
    void operator()(T* data) const;
  };
  std::unique_ptr<T[], Free> data_;
  std::size_t size_ = 0;
};

}  // namespace mote::native::tape
