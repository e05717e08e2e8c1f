// What this machine can compute with.
#pragma once

#include <string>

namespace mote {

// Processors this process may use, at least 1 (affinity and cgroup quota respected by the kernel's
// scheduler mask).
int AvailableCores();

// The widest vector instruction set of this CPU: "avx512", "avx2", "sse4", "neon" or "scalar".
std::string InstructionSet();

// The CPU's own name, or "unknown".
std::string CpuModel();

}  // namespace mote
