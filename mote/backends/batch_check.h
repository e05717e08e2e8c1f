// What every executor requires of a batch before it computes.
#pragma once

#include <cstdint>

#include "mote/backends/executor.h"
#include "mote/base/check.h"
#include "mote/graph/network.h"

namespace mote {

// Aborts (a bug of the caller) unless the batch has 1 to `largest` images of the network's shape
// and labels of its classes.
inline void CheckBatch(const Network& network, int largest, const Batch& batch) {
  MOTE_CHECK(1 <= batch.size() && batch.size() <= largest, "{} images for {}", batch.size(),
             largest);
  MOTE_CHECK(std::int64_t(batch.images.size()) == batch.size() * network.input_shape().elements(),
             "{} values for {} images", batch.images.size(), batch.size());
  for (int label : batch.labels) {
    MOTE_CHECK(0 <= label && label < network.classes(), "label {}", label);
  }
}

}  // namespace mote
