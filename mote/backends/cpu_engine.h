// What the native engine says of this CPU, for those who print it or cap it; the engine itself is a
// Backend like others.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mote {

// "avx512", "avx2", "sse4" or "neon": the instruction set of what the engine compiles from now on.
std::string EngineIsa();
// Best first: those that this CPU and this build have.
std::vector<std::string> EngineIsas();
// Uses this one from now on, in the whole process; what was compiled before must not be used any
// more. Throws Error(kInvalidArgument), naming the available ones, if it is none of them.
void CapEngineIsa(std::string_view name);

// GFLOP/s of float multiply-adds in registers that one core reaches on EngineIsa(), measured now in
// about 50 ms.
double MeasuredPeakGflops();

}  // namespace mote
