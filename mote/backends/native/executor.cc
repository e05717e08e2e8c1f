#include "mote/backends/native/executor.h"

#include <algorithm>
#include <utility>

#include "mote/backends/batch_check.h"
#include "mote/backends/native/backward.h"
#include "mote/backends/native/forward.h"
#include "mote/backends/native/head.h"
#include "mote/backends/native/optimizer.h"
#include "mote/backends/native/state.h"
#include "mote/backends/native/weights.h"
#include "mote/base/check.h"

namespace mote::native {
namespace {

class NativeExecutor final : public Executor {
 public:
  NativeExecutor(const Network& network, Plan plan, int batch_size)
      : network_(network), plan_(std::move(plan)), state_(plan_, batch_size) {
    MOTE_CHECK(batch_size >= 1);
    Reset({}, {});
  }

  const Network& network() const override { return network_; }

  void GetParameters(std::span<double> parameters) const override {
    FromFlat(plan_, network_, state_.weights.data(), parameters);
  }

  void SetParameters(std::span<const double> parameters) override {
    ToFlat(plan_, network_, parameters, state_.weights.data());
    packed_ = false;
  }

  void Reset(const OptimizerOptions& optimizer, const LossOptions& loss) override {
    optimizer_ = optimizer;
    loss_ = loss;
    step_ = 0;
    std::ranges::fill(state_.first_moments, 0.0f);
    std::ranges::fill(state_.second_moments, 0.0f);
    for (NormState& norm : state_.norms) norm.ResetRunning();
  }

  EvaluationResult Step(const Batch& batch, double learning_rate) override {
    RunForward(batch, Statistics::kBatch, Purpose::kStep);
    const EvaluationResult result = Backward(state_, batch, loss_);
    UpdateWeights(optimizer_, learning_rate, ++step_, plan_.weight_count, state_.gradient.data(),
                  state_.weights.data(), state_.first_moments.data(), state_.second_moments.data());
    packed_ = false;
    return result;
  }

  EvaluationResult Evaluate(const Batch& batch, Statistics statistics) override {
    RunForward(batch, statistics, Purpose::kEvaluation);
    return CrossEntropy(state_.logits.data(), batch.labels, plan_.head.classes, loss_, nullptr);
  }

  double Gradient(const Batch& batch, std::span<double> gradient) override {
    RunForward(batch, Statistics::kBatch, Purpose::kEvaluation);
    const EvaluationResult result = Backward(state_, batch, loss_);
    FromFlat(plan_, network_, state_.gradient.data(), gradient);
    return result.loss;
  }

  void Logits(const Batch& batch, Statistics statistics, std::span<double> logits) override {
    MOTE_CHECK(std::int64_t(logits.size()) == std::int64_t(batch.size()) * plan_.head.classes, "{}",
               logits.size());
    RunForward(batch, statistics, Purpose::kEvaluation);
    std::copy_n(state_.logits.data(), logits.size(), logits.begin());
  }

 private:
  void RunForward(const Batch& batch, Statistics statistics, Purpose purpose) {
    CheckBatch(network_, state_.batch_size, batch);
    if (!packed_) PackForward(state_);
    packed_ = true;
    Forward(state_, batch, statistics, purpose);
  }

  const Network network_;
  const Plan plan_;
  State state_;
  OptimizerOptions optimizer_;
  LossOptions loss_;
  std::int64_t step_ = 0;
  bool packed_ = false;  // the kernels' forms of the weights are up to date
};

}  // namespace

std::unique_ptr<Executor> MakeExecutor(const Network& network, Plan plan, int batch_size) {
  return std::make_unique<NativeExecutor>(network, std::move(plan), batch_size);
}

}  // namespace mote::native
