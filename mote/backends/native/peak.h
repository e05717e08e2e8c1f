// What the kernels are measured against: the multiply-adds that one core can do.
#pragma once

namespace mote::native {

// GFLOP/s of independent multiply-adds on float vectors in registers, on the instruction set in
// use; a multiply-add counts as two. The best of several short bursts, for what disturbs a burst
// only slows it down. Takes about 50 ms; two calls differ by what the machine does besides.
double PeakGflops();

}  // namespace mote::native
