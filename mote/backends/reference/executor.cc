#include "mote/backends/reference/executor.h"

#include <algorithm>

#include "mote/backends/batch_check.h"
#include "mote/backends/reference/loss.h"
#include "mote/backends/reference/optimizer.h"
#include "mote/backends/reference/pass.h"
#include "mote/base/check.h"

namespace mote::reference {
namespace {

template <typename T>
class ReferenceExecutor final : public Executor {
 public:
  ReferenceExecutor(const Network& network, int batch_size)
      : pass_(network, batch_size), optimizer_(network.parameter_count()) {
    Reset({}, {});
  }

  const Network& network() const override { return pass_.network(); }

  void GetParameters(std::span<double> parameters) const override {
    MOTE_CHECK(parameters.size() == pass_.parameters().size(), "{}", parameters.size());
    std::ranges::copy(pass_.parameters(), parameters.begin());
  }

  void SetParameters(std::span<const double> parameters) override {
    pass_.SetParameters(parameters);
  }

  void Reset(const OptimizerOptions& optimizer, const LossOptions& loss) override {
    loss_ = loss;
    optimizer_.Reset(optimizer);
    pass_.ResetRunning();
  }

  EvaluationResult Step(const Batch& batch, double learning_rate) override {
    const EvaluationResult before = Evaluate(batch, Statistics::kBatch);
    pass_.FeedRunning();
    Backward(batch);
    optimizer_.Update(pass_.parameters(), pass_.parameter_gradients(), learning_rate);
    return before;
  }

  EvaluationResult Evaluate(const Batch& batch, Statistics statistics) override {
    Forward(batch, statistics);
    return CrossEntropy<T>(pass_.value(pass_.last()), batch.labels, loss_);
  }

  double Gradient(const Batch& batch, std::span<double> gradient) override {
    MOTE_CHECK(gradient.size() == pass_.parameters().size(), "{}", gradient.size());
    const EvaluationResult result = Evaluate(batch, Statistics::kBatch);
    Backward(batch);
    std::ranges::copy(pass_.parameter_gradients(), gradient.begin());
    return result.loss;
  }

  void Logits(const Batch& batch, Statistics statistics, std::span<double> logits) override {
    Forward(batch, statistics);
    const Tensor<T> result = pass_.value(pass_.last());
    MOTE_CHECK(logits.size() == result.elements(), "{}", logits.size());
    std::copy_n(result.data, result.elements(), logits.begin());
  }

 private:
  void Forward(const Batch& batch, Statistics statistics) {
    CheckBatch(pass_.network(), pass_.largest(), batch);
    pass_.Forward(batch.images, batch.size(),
                  statistics == Statistics::kBatch ? NormMode::kBatch : NormMode::kRunning);
  }

  // Of the mean loss at the last Forward, with batch statistics.
  void Backward(const Batch& batch) {
    pass_.ClearGradients();
    const int last = pass_.last();
    CrossEntropyBackward<T>(pass_.value(last), batch.labels, loss_, pass_.gradient(last));
    pass_.Backward(last);
  }

  Pass<T> pass_;
  LossOptions loss_;
  Optimizer<T> optimizer_;
};

}  // namespace

template <typename T>
std::unique_ptr<Executor> MakeExecutor(const Network& network, int batch_size) {
  return std::make_unique<ReferenceExecutor<T>>(network, batch_size);
}

template std::unique_ptr<Executor> MakeExecutor<float>(const Network&, int);
template std::unique_ptr<Executor> MakeExecutor<double>(const Network&, int);

}  // namespace mote::reference
