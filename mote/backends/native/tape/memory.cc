#include "mote/backends/native/tape/memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <vector>

namespace mote::native::tape {
namespace {

constexpr std::size_t kLine = 64;
constexpr std::size_t kPage = 4096;
constexpr std::size_t kHugePage = 2u << 20;
constexpr std::size_t kMostKeptBytes = std::size_t(512) << 20;

// Blocks that are free, the last one freed at the end.
class FreeBlocks {
 public:
  FreeBlocks() = default;
  FreeBlocks(const FreeBlocks&) = delete;
  FreeBlocks& operator=(const FreeBlocks&) = delete;
  ~FreeBlocks() {
    for (const Block& block : blocks_) std::free(block.data);
  }

  // Of exactly that size; nullptr if there is none.
  void* Take(std::size_t bytes) {
    for (auto block = blocks_.rbegin(); block != blocks_.rend(); ++block) {
      if (block->bytes != bytes) continue;
      void* data = block->data;
      bytes_ -= bytes;
      blocks_.erase(std::next(block).base());
      return data;
    }
    return nullptr;
  }

  void Keep(void* data, std::size_t bytes) {
    blocks_.push_back({data, bytes});
    bytes_ += bytes;
    // The oldest go first.
    std::size_t gone = 0;
    for (; bytes_ > kMostKeptBytes; ++gone) {
      std::free(blocks_[gone].data);
      bytes_ -= blocks_[gone].bytes;
    }
    blocks_.erase(blocks_.begin(), blocks_.begin() + std::ptrdiff_t(gone));
  }

 private:
  struct Block {
    void* data;
    std::size_t bytes;
  };
  std::vector<Block> blocks_;
  std::size_t bytes_ = 0;
};

FreeBlocks& ThisThreads() {
  thread_local FreeBlocks blocks;
  return blocks;
}

void* NewBlock(std::size_t bytes) {
  const std::size_t alignment = bytes >= kHugePage ? kHugePage : kLine;
  void* memory = std::aligned_alloc(alignment, bytes);
  if (memory == nullptr) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
  // Only a wish: without huge pages everything works, slower.
  if (alignment == kHugePage) madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  return memory;
}

}  // namespace

template <typename T>
Memory<T>::Memory(std::size_t size, std::optional<T> fill) : size_(size) {
  // One line more, so that no two blocks of equal size start at the same place of a page.
  std::size_t bytes = size * sizeof(T) + kLine;
  const std::size_t whole = bytes < kHugePage ? kPage : kHugePage;
  bytes = (bytes + whole - 1) / whole * whole;
  void* memory = ThisThreads().Take(bytes);
  if (memory == nullptr) memory = NewBlock(bytes);
  data_ = std::unique_ptr<T[], Free>(static_cast<T*>(memory), Free{bytes});
  if (fill) std::fill_n(data_.get(), size, *fill);
}

template <typename T>
void Memory<T>::Free::operator()(T* data) const {
  ThisThreads().Keep(data, bytes);
}

template class Memory<float>;
template class Memory<double>;

}  // namespace mote::native::tape
