// Backend `torch`: libtorch's kernels under a forward and backward pass of our own, without
// autograd. float32, one thread per executor on the CPU.
#include "mote/backends/backend.h"
#include "mote/backends/torch/executor.h"
#include "mote/backends/torch/runtime.h"
#include "mote/base/cpu.h"
#include "mote/base/error.h"

namespace mote {
namespace {

class TorchBackend : public Backend {
 public:
  explicit TorchBackend(bool cuda) : cuda_(cuda), version_(torch_backend::LibraryVersion()) {
    torch_backend::PrepareProcess(cuda);
  }

  BackendTraits traits() const override {
    // The number in front counts changes of our own code that may change bits. Some of cuDNN's
    // backward kernels sum with atomics even where it is asked not to.
    return {.name = "torch",
            .version = "1, " + version_,
            .device = cuda_ ? "cuda:0" : "cpu",
            .isa = InstructionSet(),
            .deterministic = !cuda_,
            .priority = 10};
  }

  std::optional<std::string> WhyUnsupported(const Network& network) const override {
    for (const Op& op : network.ops()) {
      if (op.kind == OpKind::kConv && op.has_bias()) return op.name + " has a bias";
      if (op.kind == OpKind::kBatchNorm && !op.is_affine()) {
        return op.name + " has no scale and shift";
      }
      if (op.kind == OpKind::kAvgPool && op.padding > op.kernel / 2) {
        return fmt::format("{} pads by {}, and libtorch pools with padding up to {} for kernel {}",
                           op.name, op.padding, op.kernel / 2, op.kernel);
      }
    }
    return {};
  }

  std::unique_ptr<Executor> Compile(const Network& network, int batch_size) const override {
    return torch_backend::MakeExecutor(network, batch_size, cuda_);
  }

 private:
  const bool cuda_;
  const std::string version_;
};

}  // namespace

MOTE_BACKEND(torch) {
  registry.Add("torch", "libtorch, in float32 on one core or a GPU",
               {{.name = "device",
                 .default_value = std::string("cpu"),
                 .help = "where to compute",
                 .choices = {"cpu", "cuda"}}},
               [](const Options& options) {
                 const bool cuda = options.Text("device") == "cuda";
                 if (const auto reason = torch_backend::WhyNoCuda(); cuda && reason) {
                   Throw(ErrorCode::kUnsupported,
                         "backend torch cannot compute on cuda because {}; use device=cpu",
                         *reason);
                 }
                 return std::make_unique<TorchBackend>(cuda);
               });
}

}  // namespace mote
