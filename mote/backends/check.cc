#include "mote/backends/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "mote/base/error.h"

namespace mote {
namespace {

// A loss this small is compared as if it were this large: it is a difference of larger numbers.
constexpr double kSmallLoss = 0.1;

double LargestMagnitude(std::span<const double> values) {
  double largest = 0;
  for (double value : values) {
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  }
  return largest;
}

class CheckExecutor : public Executor {
 public:
  CheckExecutor(std::unique_ptr<Executor> subject, std::unique_ptr<Executor> judge,
                std::string names, double tolerance)
      : subject_(std::move(subject)),
        judge_(std::move(judge)),
        names_(std::move(names)),
        tolerance_(tolerance),
        of_subject_(subject_->network().parameter_count()),
        of_judge_(of_subject_.size()) {}

  const Network& network() const override { return subject_->network(); }

  void GetParameters(std::span<double> parameters) const override {
    subject_->GetParameters(parameters);
  }

  void SetParameters(std::span<const double> parameters) override {
    subject_->SetParameters(parameters);
    subject_->GetParameters(of_subject_);
    CompareParameters("SetParameters", of_subject_, parameters);
    judge_->SetParameters(of_subject_);  // as the subject rounded them
  }

  void Reset(const OptimizerOptions& optimizer, const LossOptions& loss) override {
    subject_->Reset(optimizer, loss);
    judge_->Reset(optimizer, loss);
  }

  EvaluationResult Step(const Batch& batch, double learning_rate) override {
    const int too_close = TooCloseToCall(batch, Statistics::kBatch);
    const EvaluationResult result = subject_->Step(batch, learning_rate);
    CompareResults("Step", result, judge_->Step(batch, learning_rate), too_close);
    subject_->GetParameters(of_subject_);
    judge_->GetParameters(of_judge_);
    CompareParameters("Step", of_subject_, of_judge_);
    judge_->SetParameters(of_subject_);
    return result;
  }

  EvaluationResult Evaluate(const Batch& batch, Statistics statistics) override {
    const int too_close = TooCloseToCall(batch, statistics);
    const EvaluationResult result = subject_->Evaluate(batch, statistics);
    CompareResults("Evaluate", result, judge_->Evaluate(batch, statistics), too_close);
    return result;
  }

  double Gradient(const Batch& batch, std::span<double> gradient) override {
    const double loss = subject_->Gradient(batch, gradient);
    CompareLosses("Gradient", loss, judge_->Gradient(batch, of_judge_));
    CompareParameters("Gradient", gradient, of_judge_);
    return loss;
  }

  void Logits(const Batch& batch, Statistics statistics, std::span<double> logits) override {
    subject_->Logits(batch, statistics, logits);
    std::vector<double> expected(logits.size());
    judge_->Logits(batch, statistics, expected);
    const int different = FirstDifference(logits, expected);
    if (different < 0) return;
    Disagree("Logits",
             fmt::format("logit {} of image {}", different % network().classes(),
                         different / network().classes()),
             logits[different], expected[different]);
  }

 private:
  bool Agree(double value, double expected, double scale) const {
    if (!std::isfinite(expected)) return !std::isfinite(value);
    return std::abs(value - expected) <= tolerance_ * scale;  // false for NaN
  }

  // The index of the first element that differs, or -1.
  int FirstDifference(std::span<const double> values, std::span<const double> expected) const {
    const double scale = LargestMagnitude(expected);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!Agree(values[i], expected[i], scale)) return int(i);
    }
    return -1;
  }

  // How many images may be answered either way: the label's logit is so near the best of the
  // others that rounding decides.
  int TooCloseToCall(const Batch& batch, Statistics statistics) {
    const int classes = network().classes();
    std::vector<double> logits(std::size_t(batch.size()) * classes);
    judge_->Logits(batch, statistics, logits);
    const double near = 2 * tolerance_ * LargestMagnitude(logits);
    int count = 0;
    for (int n = 0; n < batch.size(); ++n) {
      const std::span<const double> row = std::span(logits).subspan(n * classes, classes);
      double best_other = -HUGE_VAL;
      for (int k = 0; k < classes; ++k) {
        if (k != batch.labels[n]) best_other = std::max(best_other, row[k]);
      }
      const bool clear = std::abs(row[batch.labels[n]] - best_other) > near;
      if (!clear) ++count;
    }
    return count;
  }

  void CompareResults(std::string_view call, const EvaluationResult& result,
                      const EvaluationResult& expected, int too_close) const {
    CompareLosses(call, result.loss, expected.loss);
    if (std::abs(result.correct - expected.correct) > too_close) {
      Disagree(call, "the number of correct answers", result.correct, expected.correct);
    }
  }

  void CompareLosses(std::string_view call, double loss, double expected) const {
    if (!Agree(loss, expected, std::max(std::abs(expected), kSmallLoss))) {
      Disagree(call, "the loss", loss, expected);
    }
  }

  // Of parameters or of their gradient.
  void CompareParameters(std::string_view call, std::span<const double> values,
                         std::span<const double> expected) const {
    const int different = FirstDifference(values, expected);
    if (different < 0) return;
    const std::vector<Parameter>& parameters = network().parameters();
    const auto owner =
        std::find_if(parameters.begin(), parameters.end(), [different](const Parameter& parameter) {
          return different < parameter.offset + parameter.elements();
        });
    Disagree(call, fmt::format("element {} of {}", different - owner->offset, owner->name),
             values[different], expected[different]);
  }

  [[noreturn]] void Disagree(std::string_view call, std::string_view what, double value,
                             double expected) const {
    Throw(ErrorCode::kInternal,
          "{}: the backends disagree in {}: {} is {} against {} (relative tolerance {}); report "
          "this, and use the second backend meanwhile",
          names_, call, what, value, expected, tolerance_);
  }

  const std::unique_ptr<Executor> subject_;
  const std::unique_ptr<Executor> judge_;
  const std::string names_;
  const double tolerance_;
  std::vector<double> of_subject_;  // scratch: one element per parameter
  std::vector<double> of_judge_;
};

class CheckBackend : public Backend {
 public:
  CheckBackend(std::unique_ptr<Backend> subject, std::unique_ptr<Backend> judge, double tolerance)
      : subject_(std::move(subject)), judge_(std::move(judge)), tolerance_(tolerance) {}

  BackendTraits traits() const override {
    const BackendTraits judge = judge_->traits();
    BackendTraits traits = subject_->traits();  // whose results these are
    traits.name = fmt::format("check({},{})", traits.name, judge.name);
    return traits;
  }

  std::optional<std::string> WhyUnsupported(const Network& network) const override {
    if (auto reason = subject_->WhyUnsupported(network)) return reason;
    return judge_->WhyUnsupported(network);
  }

  std::unique_ptr<Executor> Compile(const Network& network, int batch_size) const override {
    return std::make_unique<CheckExecutor>(subject_->Compile(network, batch_size),
                                           judge_->Compile(network, batch_size), traits().name,
                                           tolerance_);
  }

 private:
  const std::unique_ptr<Backend> subject_;
  const std::unique_ptr<Backend> judge_;
  const double tolerance_;
};

}  // namespace

std::unique_ptr<Backend> MakeCheckBackend(std::unique_ptr<Backend> subject,
                                          std::unique_ptr<Backend> judge, double tolerance) {
  return std::make_unique<CheckBackend>(std::move(subject), std::move(judge), tolerance);
}

}  // namespace mote
