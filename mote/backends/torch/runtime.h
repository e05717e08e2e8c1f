// The linked libtorch as a whole: version, devices, threads, errors.
#pragma once

#include <optional>
#include <string>

namespace mote::torch_backend {

// Everything whose change may change a bit: libtorch, oneDNN and the BLAS with the kernels that it
// chose for this CPU.
std::string LibraryVersion();

// No value: there is a CUDA device. Otherwise why there is none.
std::optional<std::string> WhyNoCuda();

// Prepares this process for results that do not depend on its history: one thread in the BLAS,
// full float32 precision and fixed algorithms on GPUs; and lets malloc keep freed memory. Cheap
// after the first call.
void PrepareProcess(bool cuda);

// One thread for this thread's calls into libtorch and oneDNN. OpenMP keeps that number per calling
// thread, so every call of an executor begins with this. Cheap if it is so already.
void PrepareThread();

// For use in a catch (...) handler: rethrows the exception in flight as Error, out of memory as
// kOutOfMemory, so that no type of libtorch leaves this folder.
[[noreturn]] void RethrowAsError(const char* doing);

}  // namespace mote::torch_backend
