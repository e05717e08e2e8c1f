#include <numeric>

#include "mote/base/check.h"
#include "mote/base/error.h"
#include "mote/data/prepared_data.h"

namespace mote {

BatchPlan::BatchPlan(int images, int batch_size, bool keep_partial, std::uint64_t seed,
                     int replicate)
    : images_(images),
      batch_size_(batch_size),
      keep_partial_(keep_partial),
      seed_(seed),
      replicate_(replicate) {
  if (batch_size < 1) {
    Throw(ErrorCode::kInvalidArgument, "batch size is {}, but must be at least 1", batch_size);
  }
  MOTE_CHECK(images > 0, "a plan of {} images", images);
}

int BatchPlan::batches_per_epoch() const {
  const int whole = images_ / batch_size_;
  const bool rest = images_ % batch_size_ != 0;
  return whole + ((rest && keep_partial_) || whole == 0 ? 1 : 0);
}

std::vector<int> BatchPlan::Order(int epoch) const {
  std::vector<int> order(images_);
  std::iota(order.begin(), order.end(), 0);
  Rng rng(Key(seed_, "batches", replicate_, epoch));
  rng.Shuffle(std::span(order));
  return order;
}

std::span<const int> BatchPlan::Batch(std::span<const int> order, int batch) const {
  MOTE_CHECK(order.size() == std::size_t(images_), "an order of {}", order.size());
  MOTE_CHECK(0 <= batch && batch < batches_per_epoch(), "batch {}", batch);
  const std::size_t begin = std::size_t(batch) * batch_size_;
  return order.subspan(begin, std::min(std::size_t(batch_size_), order.size() - begin));
}

}  // namespace mote
