#include "mote/backends/native/tape/memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace mote::native::tape {
namespace {

constexpr std::size_t kLine = 64;
constexpr std::size_t kHugePage = 2u << 20;

}  // namespace

template <typename T>
Memory<T>::Memory(std::size_t size, T fill) : size_(size) {
  const std::size_t alignment = size * sizeof(T) >= kHugePage ? kHugePage : kLine;
  // One line more, so that no two blocks of equal size start at the same place of a page.
  const std::size_t bytes = (size * sizeof(T) + kLine + alignment - 1) / alignment * alignment;
  void* memory = std::aligned_alloc(alignment, bytes);
  if (memory == nullptr) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
  // Only a wish: without huge pages everything works, slower.
  if (alignment == kHugePage) madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  data_.reset(static_cast<T*>(memory));
  std::fill_n(data_.get(), size, fill);
}

template <typename T>
void Memory<T>::Free::operator()(T* data) const {
  std::free(data);
}

template class Memory<float>;
template class Memory<double>;

}  // namespace mote::native::tape
