// The instruction set that the kernels of this process use: chosen once, from the CPU, by Highway.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mote::native {

// "avx512", "avx2", "sse4" or "neon": what runs now.
std::string Isa();
// Best first: what this CPU and this build offer.
std::vector<std::string> AvailableIsas();
// Uses this one from now on. Throws Error(kInvalidArgument), naming the available ones, if it is
// none of them. Not while other threads compute; executors compiled before must not be used any
// more.
void CapIsa(std::string_view name);
// Floats of a vector.
int Lanes();

}  // namespace mote::native
