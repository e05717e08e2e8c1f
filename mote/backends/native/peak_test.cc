#include "mote/backends/native/peak.h"

#include <cmath>

#include "mote/backends/native/test_isas.h"

namespace mote::native {
namespace {

class Peak : public OnIsa {};
MOTE_EACH_ISA(Peak);

// Bounds that any core and any load keep: a bug in counting or a loop that is optimised away does
// not.
TEST_P(Peak, IsThatOfACore) {
  const double gflops = PeakGflops();
  EXPECT_TRUE(std::isfinite(gflops));
  EXPECT_GT(gflops, 0.1);
  EXPECT_LT(gflops, 2000);
}

}  // namespace
}  // namespace mote::native
