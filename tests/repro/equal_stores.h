// Stores that hold the same.
#pragma once

#include "mote/store/store_testing.h"

namespace mote::testing {

// Row by row and in sum, without what may differ (seconds, dates).
inline void ExpectEqualStores(Store& a, Store& b) {
  const auto probes = AllProbes(a), other_probes = AllProbes(b);
  ASSERT_EQ(probes.size(), other_probes.size());
  for (std::size_t i = 0; i < probes.size(); ++i) ExpectSame(probes[i], other_probes[i]);
  const auto estimates = AllEstimates(a), other_estimates = AllEstimates(b);
  ASSERT_EQ(estimates.size(), other_estimates.size());
  for (std::size_t i = 0; i < estimates.size(); ++i) ExpectSame(estimates[i], other_estimates[i]);
  EXPECT_EQ(a.ContentHash(), b.ContentHash());
}

}  // namespace mote::testing
