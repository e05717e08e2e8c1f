// The prototype's libtorch network. Its source is read whole rather than its header, which hides
// the weights and images; it is outside of any namespace because it includes libtorch.
#include "bench/prototype/engine.h"
#include "cpu-engine/lt.cpp"

namespace mote::bench {
namespace {

class LibtorchNetwork final : public Engine {
 public:
  explicit LibtorchNetwork(const EngineInput& input)
      : network_(input.channels, input.side, input.batch_size, input.letters, kChannelsLast) {}

  std::int64_t parameter_count() const override {
    std::int64_t count = 0;
    for (const at::Tensor& tensor : network_.net.parameters()) count += tensor.numel();
    return count;
  }
  int conv_count() const override {
    int count = 0;
    for (const at::Tensor& tensor : network_.net.parameters()) count += int(tensor.dim() == 4);
    return count;
  }

  // The prototype registers its modules in the order of mote's operations.
  void GetParameters(float* parameters) override {
    ForEach(parameters, [](const at::Tensor& own, at::Tensor& given) { given.copy_(own); });
  }
  void SetParameters(const float* parameters) override {
    ForEach(const_cast<float*>(parameters),
            [](at::Tensor& own, const at::Tensor& given) { own.copy_(given); });
  }

  void Reset() override {
    network_.opt = std::make_unique<torch::optim::Adam>(network_.net.parameters(),
                                                        torch::optim::AdamOptions(kLearningRate));
  }

  // The prototype trains on images of its own; these take their place, which costs a step a copy of
  // less than 1 MiB.
  double Step(const float* images, const int* labels) override {
    std::copy_n(images, network_.x.numel(), network_.x.data_ptr<float>());
    std::copy_n(labels, network_.y.numel(), network_.y.data_ptr<std::int64_t>());
    return network_.step();
  }

 private:
  static constexpr bool kChannelsLast = true;
  static constexpr double kLearningRate = 1e-3;  // its own

  // `parameters` as tensors beside the network's.
  template <typename Function>
  void ForEach(float* parameters, const Function& function) {
    const torch::NoGradGuard no_gradients;
    for (at::Tensor& own : network_.net.parameters()) {
      at::Tensor given = torch::from_blob(parameters, own.sizes());
      function(own, given);
      parameters += own.numel();
    }
  }

  LTI network_;
};

}  // namespace

std::unique_ptr<Engine> MakeLibtorchNetwork(const EngineInput& input) {
  return std::make_unique<LibtorchNetwork>(input);
}

}  // namespace mote::bench
