#include "mote/backends/native/buffer.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace mote::native {
namespace {

constexpr std::size_t kLine = 16;  // floats of a cache line
constexpr std::size_t kHugePage = (2u << 20) / sizeof(float);
constexpr std::size_t kPiece = 4 * kHugePage;

std::shared_ptr<float> Allocate(std::size_t floats, std::size_t alignment_floats, float fill) {
  const std::size_t alignment = alignment_floats * sizeof(float);
  const std::size_t bytes = (floats * sizeof(float) + alignment - 1) / alignment * alignment;
  void* memory = std::aligned_alloc(alignment, std::max(bytes, alignment));
  if (memory == nullptr) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
  // Only a wish: without huge pages everything works, slower.
  if (alignment_floats == kHugePage) madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  float* first = static_cast<float*>(memory);
  std::fill_n(first, std::max(bytes, alignment) / sizeof(float), fill);
  return {first, [](float* data) { std::free(data); }};
}

}  // namespace

Buffer::Buffer(std::size_t floats) : data_(Allocate(floats + kLine, kLine, 0)), size_(floats) {}

Buffer Arena::Take(std::size_t floats) {
  // Three lines between neighbours.
  const std::size_t needed = (floats + kLine - 1) / kLine * kLine + 3 * kLine;
  if (used_ + needed > size_) {
    size_ = (std::max(needed, kPiece) + kHugePage - 1) / kHugePage * kHugePage;
    piece_ = Allocate(size_, kHugePage, fill_);
    used_ = 0;
  }
  Buffer buffer;
  buffer.data_ = std::shared_ptr<float>(piece_, piece_.get() + used_);
  buffer.size_ = floats;
  used_ += needed;
  return buffer;
}

}  // namespace mote::native
