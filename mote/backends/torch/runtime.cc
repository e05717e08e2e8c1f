#include "mote/backends/torch/runtime.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/util/Exception.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <malloc.h>
#include <torch/version.h>

#include <mutex>
#include <new>
#include <string_view>

#include "mote/base/error.h"

namespace mote::torch_backend {
namespace {

constexpr int kMiB = 1 << 20;

// OpenBLAS, if that is the BLAS at hand: asked by name, because it need not be.
template <typename Function>
Function* OpenBlas(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

std::string FirstLine(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

// "Intel(R) MKL-DNN v2.6.3 (Git Hash ...)" -> "2.6.3".
std::string OneDnnVersion() {
  const std::string text = at::get_mkldnn_version();
  const auto begin = text.find_first_of("0123456789");
  if (begin == std::string::npos) return "none";
  return text.substr(begin, text.find(' ', begin) - begin);
}

std::string BlasVersion() {
  if (at::hasMKL()) return FirstLine(at::get_mkl_version());
  const auto config = OpenBlas<const char*()>("openblas_get_config");
  const auto core = OpenBlas<const char*()>("openblas_get_corename");
  if (config == nullptr || core == nullptr) return "unknown BLAS";
  const std::string text = config();  // "OpenBLAS 0.3.21 NO_LAPACKE ..."
  return fmt::format("{} {}", text.substr(0, text.find(' ', text.find(' ') + 1)), core());
}

bool SaysOutOfMemory(std::string_view message) {
  for (std::string_view words : {"out of memory", "can't allocate memory", "not enough memory",
                                 "could not create a memory object"}) {
    if (message.find(words) != std::string_view::npos) return true;
  }
  return false;
}

[[noreturn]] void Fail(const char* doing, const std::string& message) {
  if (SaysOutOfMemory(message)) {
    Throw(ErrorCode::kOutOfMemory,
          "libtorch ran out of memory while {}; use smaller batches, a smaller skeleton or fewer "
          "workers",
          doing);
  }
  Throw(ErrorCode::kInternal, "libtorch failed while {}: {}", doing, FirstLine(message));
}

}  // namespace

std::string LibraryVersion() {
  return fmt::format("libtorch {}, oneDNN {}, {}", TORCH_VERSION, OneDnnVersion(), BlasVersion());
}

std::optional<std::string> WhyNoCuda() {
  if (!at::Context::hasCUDART())
    return "the libtorch that mote is linked with is built without CUDA";
  if (!at::hasCUDA()) return "libtorch finds no CUDA device on this machine";
  return {};
}

void PrepareProcess(bool cuda) {
  static std::once_flag done;
  std::call_once(done, [] {
    if (const auto set = OpenBlas<void(int)>("openblas_set_num_threads")) set(1);
#ifdef __GLIBC__
    // libtorch takes the result of every operation from malloc. With glibc's defaults the end of a
    // pass returns that memory to the system and the next one faults it in again, page by page:
    // a tenth of the time of small networks.
    mallopt(M_MMAP_THRESHOLD, 32 * kMiB);
    mallopt(M_TRIM_THRESHOLD, 256 * kMiB);
#endif
  });
  static std::once_flag cuda_done;
  if (cuda) {
    std::call_once(cuda_done, [] {
      at::globalContext().setAllowTF32CuBLAS(false);
      at::globalContext().setAllowTF32CuDNN(false);
      at::globalContext().setBenchmarkCuDNN(false);
      at::globalContext().setDeterministicCuDNN(true);
    });
  }
}

void PrepareThread() {
  if (at::get_num_threads() != 1) at::set_num_threads(1);
}

void RethrowAsError(const char* doing) {
  try {
    throw;
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    Fail(doing, "out of memory");
  } catch (const c10::Error& error) {
    Fail(doing, error.what_without_backtrace());
  } catch (const std::exception& error) {
    Fail(doing, error.what());
  }
}

}  // namespace mote::torch_backend
