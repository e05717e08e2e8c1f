#include "mote/backends/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "mote/base/error.h"
#include "mote/base/rng.h"

namespace mote {

MOTE_BACKEND(reference);

namespace {

using testing::AllOf;
using testing::HasSubstr;

std::unique_ptr<Backend> Reference(const std::string& precision) {
  BackendRegistry registry("backend");
  RegisterBackend_reference(registry);
  return registry.Create("reference", {{"precision", precision}});
}

// What a faulty backend does wrong.
struct Fault {
  std::string call;  // the method that lies
  double factor = 1.01;
  int element = 0;
};

// The reference with one fault.
class FaultyExecutor : public Executor {
 public:
  FaultyExecutor(std::unique_ptr<Executor> honest, Fault fault)
      : honest_(std::move(honest)), fault_(std::move(fault)) {}

  const Network& network() const override { return honest_->network(); }
  void GetParameters(std::span<double> parameters) const override {
    honest_->GetParameters(parameters);
  }
  void SetParameters(std::span<const double> parameters) override {
    honest_->SetParameters(parameters);
    if (fault_.call == "SetParameters") Distort();
  }
  void Reset(const OptimizerOptions& optimizer, const LossOptions& loss) override {
    honest_->Reset(optimizer, fault_.call == "Reset" ? LossOptions{} : loss);
  }
  EvaluationResult Step(const Batch& batch, double learning_rate) override {
    EvaluationResult result = honest_->Step(batch, learning_rate);
    if (fault_.call == "Step") Distort();
    if (fault_.call == "Step loss") result.loss *= fault_.factor;
    return result;
  }
  EvaluationResult Evaluate(const Batch& batch, Statistics statistics) override {
    if (fault_.call == "running statistics") statistics = Statistics::kBatch;
    EvaluationResult result = honest_->Evaluate(batch, statistics);
    if (fault_.call == "Evaluate") result.loss *= fault_.factor;
    if (fault_.call == "Evaluate correct") ++result.correct;
    return result;
  }
  double Gradient(const Batch& batch, std::span<double> gradient) override {
    double loss = honest_->Gradient(batch, gradient);
    if (fault_.call == "Gradient loss") loss *= fault_.factor;
    if (fault_.call == "Gradient") gradient[fault_.element] *= fault_.factor;
    return loss;
  }
  void Logits(const Batch& batch, Statistics statistics, std::span<double> logits) override {
    honest_->Logits(batch, statistics, logits);
    if (fault_.call == "Logits") logits[fault_.element] *= fault_.factor;
  }

 private:
  void Distort() {
    std::vector<double> parameters(network().parameter_count());
    honest_->GetParameters(parameters);
    parameters[fault_.element] *= fault_.factor;
    honest_->SetParameters(parameters);
  }

  const std::unique_ptr<Executor> honest_;
  const Fault fault_;
};

class FaultyBackend : public Backend {
 public:
  explicit FaultyBackend(Fault fault) : fault_(std::move(fault)) {}

  BackendTraits traits() const override {
    return {.name = "faulty",
            .version = "7",
            .device = "toaster",
            .isa = "steam",
            .deterministic = false,
            .priority = 3};
  }
  std::optional<std::string> WhyUnsupported(const Network& network) const override {
    if (fault_.call == "WhyUnsupported") return "it dislikes networks";
    return reference_->WhyUnsupported(network);
  }
  std::unique_ptr<Executor> Compile(const Network& network, int batch_size) const override {
    return std::make_unique<FaultyExecutor>(reference_->Compile(network, batch_size), fault_);
  }

 private:
  const std::unique_ptr<Backend> reference_ = Reference("double");
  const Fault fault_;
};

class CheckBackendTest : public testing::Test {
 protected:
  static Network SmallNetwork() {
    NetworkBuilder b({1, 3, 3});
    const int conv = b.Conv("conv", 0, 2, 3, 1, 1);
    const int relu = b.Relu("relu", b.BatchNorm("bn", conv, 1e-5, 0.1));
    b.Linear("linear", b.GlobalAvgPool("gap", relu), 2);
    return b.Finish();
  }

  CheckBackendTest() {
    Rng rng(Key(1, "check test"));
    for (int i = 0; i < 2 * 9; ++i) images_.push_back(float(rng.Uniform()));
    for (int i = 0; i < network_.parameter_count(); ++i) parameters_.push_back(rng.Normal());
  }

  Batch batch() const { return {images_, labels_}; }

  // Everything an executor can be asked.
  void RunAll(Executor& executor) {
    executor.SetParameters(parameters_);
    executor.Reset({}, {.label_smoothing = 0.2});
    std::vector<double> logits(4);
    executor.Logits(batch(), Statistics::kBatch, logits);
    std::vector<double> gradient(parameters_.size());
    executor.Gradient(batch(), gradient);
    for (int step = 0; step < 5; ++step) executor.Step(batch(), 0.01);
    executor.Evaluate(batch(), Statistics::kBatch);
    executor.Evaluate(batch(), Statistics::kRunning);
    std::vector<double> parameters(parameters_.size());
    executor.GetParameters(parameters);
  }

  // The message of the error that a fault raises, "" if none.
  std::string MessageOf(const Fault& fault) {
    const auto backend =
        MakeCheckBackend(std::make_unique<FaultyBackend>(fault), Reference("double"));
    try {
      RunAll(*backend->Compile(network_, 2));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInternal);
      return error.what();
    }
    return "";
  }

  const Network network_ = SmallNetwork();
  std::vector<float> images_;
  std::vector<int> labels_ = {0, 1};
  std::vector<double> parameters_;
};

TEST_F(CheckBackendTest, AcceptsASubjectWithinTolerance) {
  const auto backend = MakeCheckBackend(Reference("float"), Reference("double"));
  EXPECT_NO_THROW(RunAll(*backend->Compile(network_, 2)));
  EXPECT_EQ(MessageOf({.call = "nothing"}), "");
}

TEST_F(CheckBackendTest, RejectsASubjectThatIsLessExactThanAsked) {
  const auto backend = MakeCheckBackend(Reference("float"), Reference("double"), 1e-12);
  EXPECT_THROW(RunAll(*backend->Compile(network_, 2)), Error);
}

TEST_F(CheckBackendTest, ReturnsTheResultsOfTheSubject) {
  const auto checked =
      MakeCheckBackend(Reference("float"), Reference("double"))->Compile(network_, 2);
  const auto alone = Reference("float")->Compile(network_, 2);
  RunAll(*checked);
  RunAll(*alone);
  std::vector<double> of_checked(parameters_.size());
  std::vector<double> of_alone(parameters_.size());
  checked->GetParameters(of_checked);
  alone->GetParameters(of_alone);
  EXPECT_EQ(of_checked, of_alone);
  EXPECT_EQ(checked->Step(batch(), 0.1).loss, alone->Step(batch(), 0.1).loss);
  EXPECT_EQ(checked->Gradient(batch(), of_checked), alone->Gradient(batch(), of_alone));
  EXPECT_EQ(of_checked, of_alone);
}

TEST_F(CheckBackendTest, NamesTheCallAndTheElementThatDiffer) {
  EXPECT_THAT(MessageOf({.call = "SetParameters", .factor = 1.5, .element = 3}),
              AllOf(HasSubstr("check(faulty,reference)"), HasSubstr("in SetParameters"),
                    HasSubstr("element 3 of conv.kernel")));
  EXPECT_THAT(MessageOf({.call = "Step", .factor = 1.5, .element = 19}),
              AllOf(HasSubstr("in Step"), HasSubstr("element 1 of bn.gamma")));
  EXPECT_THAT(MessageOf({.call = "Gradient", .element = 22}),
              AllOf(HasSubstr("in Gradient"), HasSubstr("element 0 of linear.weight")));
  EXPECT_THAT(MessageOf({.call = "Logits", .element = 3}),
              AllOf(HasSubstr("in Logits"), HasSubstr("logit 1 of image 1")));
}

TEST_F(CheckBackendTest, NamesTheCallWhoseLossDiffers) {
  EXPECT_THAT(MessageOf({.call = "Step loss"}), HasSubstr("in Step: the loss"));
  EXPECT_THAT(MessageOf({.call = "Evaluate"}), HasSubstr("in Evaluate: the loss"));
  EXPECT_THAT(MessageOf({.call = "Gradient loss"}), HasSubstr("in Gradient: the loss"));
  EXPECT_THAT(MessageOf({.call = "running statistics"}), HasSubstr("in Evaluate: the loss"));
  // Label smoothing lost in Reset shows in the first loss.
  EXPECT_THAT(MessageOf({.call = "Reset"}), HasSubstr("in Gradient: the loss"));
}

TEST_F(CheckBackendTest, NamesBothValues) {
  const auto backend = MakeCheckBackend(
      std::make_unique<FaultyBackend>(Fault{.call = "Evaluate", .factor = 2}), Reference("double"));
  const auto executor = backend->Compile(network_, 2);
  // Weights are zero: the loss is ln 2 = 0.693.
  try {
    executor->Evaluate(batch(), Statistics::kBatch);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("1.386"), HasSubstr("0.693")));
  }
}

TEST_F(CheckBackendTest, NoticesAWrongNumberOfCorrectAnswers) {
  EXPECT_THAT(MessageOf({.call = "Evaluate correct"}), HasSubstr("number of correct answers"));
}

TEST_F(CheckBackendTest, LetsTiesBeAnsweredEitherWay) {
  const auto backend = MakeCheckBackend(
      std::make_unique<FaultyBackend>(Fault{.call = "Evaluate correct"}), Reference("double"));
  const auto executor = backend->Compile(network_, 2);
  // Weights are zero: all logits are equal.
  EXPECT_NO_THROW(executor->Evaluate(batch(), Statistics::kBatch));
}

TEST_F(CheckBackendTest, NoticesASubjectThatAloneIsNotANumber) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(MessageOf({.call = "Evaluate", .factor = nan}), HasSubstr("in Evaluate: the loss"));
  EXPECT_THAT(MessageOf({.call = "Gradient", .factor = nan}), HasSubstr("in Gradient"));
}

TEST_F(CheckBackendTest, LetsBothDiverge) {
  const auto executor =
      MakeCheckBackend(Reference("float"), Reference("double"))->Compile(network_, 2);
  parameters_[0] = std::numeric_limits<double>::infinity();
  executor->SetParameters(parameters_);
  EXPECT_NO_THROW(executor->Step(batch(), 0.01));
}

TEST_F(CheckBackendTest, IsDescribedByItsSubject) {
  const auto backend =
      MakeCheckBackend(std::make_unique<FaultyBackend>(Fault{}), Reference("double"));
  const BackendTraits traits = backend->traits();
  EXPECT_EQ(traits.name, "check(faulty,reference)");
  EXPECT_EQ(traits.version, "7");
  EXPECT_EQ(traits.device, "toaster");
  EXPECT_EQ(traits.isa, "steam");
  EXPECT_FALSE(traits.deterministic);
}

TEST_F(CheckBackendTest, DeclinesWhatEitherDeclines) {
  const Fault fault = {.call = "WhyUnsupported"};
  EXPECT_EQ(MakeCheckBackend(std::make_unique<FaultyBackend>(fault), Reference("double"))
                ->WhyUnsupported(network_),
            "it dislikes networks");
  EXPECT_EQ(MakeCheckBackend(Reference("double"), std::make_unique<FaultyBackend>(fault))
                ->WhyUnsupported(network_),
            "it dislikes networks");
  EXPECT_EQ(MakeCheckBackend(Reference("float"), Reference("double"))->WhyUnsupported(network_),
            std::nullopt);
}

}  // namespace
}  // namespace mote
