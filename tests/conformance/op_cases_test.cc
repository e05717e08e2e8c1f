#include "tests/conformance/op_cases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <set>
#include <utility>

namespace mote::conformance {
namespace {

// Everything an executor says about one case, in the order of a script.
struct Transcript {
  // Untrained, with batch statistics.
  std::vector<double> logits;
  EvaluationResult evaluation;
  double gradient_loss = 0;
  std::vector<double> gradient;
  // After three steps of one optimiser, on batches of several sizes.
  struct Training {
    std::vector<double> losses;
    std::vector<int> correct;
    std::vector<double> parameters;
    std::vector<double> running_logits;  // with the running statistics
    double running_loss = 0;
  };
  Training adam;
  Training sgd;
};

Transcript::Training RunSteps(Executor& executor, const std::vector<double>& weights,
                              const Examples& examples, const OptimizerOptions& optimizer,
                              const LossOptions& loss, double learning_rate) {
  Transcript::Training training;
  executor.SetParameters(weights);
  executor.Reset(optimizer, loss);
  const int size = int(examples.labels.size());
  for (int batch_size : {size, (size + 1) / 2, size}) {
    const EvaluationResult result = executor.Step(examples.batch(batch_size), learning_rate);
    training.losses.push_back(result.loss);
    training.correct.push_back(result.correct);
  }
  training.parameters = ParametersOf(executor);
  training.running_logits = LogitsOf(executor, examples.batch(), Statistics::kRunning);
  training.running_loss = executor.Evaluate(examples.batch(), Statistics::kRunning).loss;
  return training;
}

Transcript RunScript(const OpCase& op_case, Executor& executor) {
  const std::vector<double> weights = WeightsFor(op_case, executor.network());
  const Examples examples = ExamplesFor(op_case, executor.network());
  Transcript transcript;
  executor.Reset({}, {.label_smoothing = 0.01});
  executor.SetParameters(weights);
  transcript.logits = LogitsOf(executor, examples.batch(), Statistics::kBatch);
  transcript.evaluation = executor.Evaluate(examples.batch(), Statistics::kBatch);
  transcript.gradient.resize(weights.size());
  transcript.gradient_loss = executor.Gradient(examples.batch(), transcript.gradient);
  transcript.adam = RunSteps(executor, weights, examples, {.kind = OptimizerKind::kAdam},
                             {.label_smoothing = 0.01}, 1e-3);
  transcript.sgd = RunSteps(executor, weights, examples,
                            {.kind = OptimizerKind::kSgd, .weight_decay = 5e-4}, {}, 0.05);
  return transcript;
}

// The largest difference relative to the largest expected magnitude.
double Distance(const std::vector<double>& values, const std::vector<double>& expected) {
  EXPECT_EQ(values.size(), expected.size());
  double largest = 0;
  double difference = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_TRUE(std::isfinite(values[i]) && std::isfinite(expected[i])) << "element " << i;
    largest = std::max(largest, std::abs(expected[i]));
    difference = std::max(difference, std::abs(values[i] - expected[i]));
  }
  return difference == 0 ? 0 : difference / largest;
}

void ExpectClose(const Transcript::Training& training, const Transcript::Training& expected,
                 double bound) {
  EXPECT_LE(Distance(training.losses, expected.losses), bound) << "losses of steps";
  EXPECT_EQ(training.correct, expected.correct);
  EXPECT_LE(Distance(training.parameters, expected.parameters), bound) << "parameters";
  EXPECT_LE(Distance(training.running_logits, expected.running_logits), bound)
      << "logits with running statistics";
  EXPECT_LE(Distance({training.running_loss}, {expected.running_loss}), bound)
      << "loss with running statistics";
}

// All bits of a transcript in a row.
std::vector<double> Flat(const Transcript& transcript) {
  std::vector<double> flat = {transcript.evaluation.loss, double(transcript.evaluation.correct),
                              transcript.gradient_loss};
  const auto append = [&flat](const auto& values) {
    flat.insert(flat.end(), values.begin(), values.end());
  };
  append(transcript.logits);
  append(transcript.gradient);
  for (const Transcript::Training* training : {&transcript.adam, &transcript.sgd}) {
    append(training->losses);
    append(training->correct);
    append(training->parameters);
    append(training->running_logits);
    flat.push_back(training->running_loss);
  }
  return flat;
}

bool EqualBits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

class OpCasesOnBackend : public OnSubject {
 protected:
  // Calls check(case, network) for each case the backend takes.
  template <typename Check>
  void ForEachCase(Check check) {
    for (const OpCase& op_case : OpCases()) {
      SCOPED_TRACE(op_case.name);
      const Network network = op_case.build();
      if (GetParam().backend->WhyUnsupported(network)) continue;
      check(op_case, network);
      ++cases_;
    }
    EXPECT_GT(cases_, 0) << GetParam().label << " supports nothing";
  }

  std::unique_ptr<Executor> Compile(const OpCase& op_case, const Network& network) const {
    return GetParam().backend->Compile(network, op_case.batch);
  }

  int cases_ = 0;
};

TEST_P(OpCasesOnBackend, AgreeWithTheReference) {
  ForEachCase([this](const OpCase& op_case, const Network& network) {
    const Transcript expected = RunScript(op_case, *Judge().Compile(network, op_case.batch));
    const Transcript actual = RunScript(op_case, *Compile(op_case, network));
    const double bound = GetParam().is_judge ? 0 : op_case.bound;
    EXPECT_LE(Distance(actual.logits, expected.logits), bound) << "logits";
    EXPECT_LE(Distance({actual.evaluation.loss}, {expected.evaluation.loss}), bound) << "loss";
    EXPECT_EQ(actual.evaluation.correct, expected.evaluation.correct);
    EXPECT_LE(Distance({actual.gradient_loss}, {expected.gradient_loss}), bound);
    EXPECT_LE(Distance(actual.gradient, expected.gradient), bound) << "gradient";
    const double trained_bound = GetParam().is_judge ? 0 : op_case.trained_bound;
    {
      SCOPED_TRACE("Adam");
      ExpectClose(actual.adam, expected.adam, trained_bound);
    }
    SCOPED_TRACE("SGD");
    ExpectClose(actual.sgd, expected.sgd, trained_bound);
  });
}

TEST_P(OpCasesOnBackend, GiveEqualBitsTwice) {
  if (!GetParam().backend->traits().deterministic) {
    GTEST_SKIP() << GetParam().label << " does not promise equal bits";
  }
  ForEachCase([this](const OpCase& op_case, const Network& network) {
    const std::unique_ptr<Executor> executor = Compile(op_case, network);
    const std::vector<double> first = Flat(RunScript(op_case, *executor));
    EXPECT_TRUE(EqualBits(Flat(RunScript(op_case, *executor)), first))
        << "the same executor, reset";
    EXPECT_TRUE(EqualBits(Flat(RunScript(op_case, *Compile(op_case, network))), first))
        << "another executor";
  });
}

// An executor compiled for a larger batch must not let the unused part show.
TEST_P(OpCasesOnBackend, DoNotDependOnTheCompiledBatchSize) {
  ForEachCase([this](const OpCase& op_case, const Network& network) {
    const Transcript exact = RunScript(op_case, *Compile(op_case, network));
    const Transcript roomy =
        RunScript(op_case, *GetParam().backend->Compile(network, 2 * op_case.batch + 1));
    EXPECT_LE(Distance(roomy.logits, exact.logits), op_case.bound);
    EXPECT_LE(Distance(roomy.gradient, exact.gradient), op_case.bound);
    EXPECT_LE(Distance(roomy.adam.parameters, exact.adam.parameters), op_case.trained_bound);
    EXPECT_LE(Distance(roomy.sgd.running_logits, exact.sgd.running_logits), op_case.trained_bound);
  });
}

// Evaluate, Gradient and Logits change nothing: with or without them, training goes the same way.
TEST_P(OpCasesOnBackend, TrainTheSameWhateverIsAskedBetweenSteps) {
  if (!GetParam().backend->traits().deterministic) {
    GTEST_SKIP() << GetParam().label << " does not promise equal bits";
  }
  ForEachCase([this](const OpCase& op_case, const Network& network) {
    const Examples examples = ExamplesFor(op_case, network);
    const auto train = [&](bool ask) {
      const std::unique_ptr<Executor> executor = Compile(op_case, network);
      executor->SetParameters(WeightsFor(op_case, network));
      executor->Reset({}, {});
      for (int step = 0; step < 3; ++step) {
        executor->Step(examples.batch(), 1e-2);
        if (!ask) continue;
        executor->Evaluate(examples.batch(), Statistics::kBatch);
        executor->Evaluate(examples.batch(), Statistics::kRunning);
        GradientOf(*executor, examples.batch(1));
        LogitsOf(*executor, examples.batch(1), Statistics::kBatch);
        executor->SetParameters(ParametersOf(*executor));
      }
      std::vector<double> result = ParametersOf(*executor);
      const auto logits = LogitsOf(*executor, examples.batch(), Statistics::kRunning);
      result.insert(result.end(), logits.begin(), logits.end());
      return result;
    };
    EXPECT_TRUE(EqualBits(train(true), train(false)));
  });
}

INSTANTIATE_TEST_SUITE_P(Backends, OpCasesOnBackend, testing::ValuesIn(Subjects()), SubjectName());

// The judge itself is judged by central differences of its own loss, for every parameter.
TEST(OpCases, GradientOfTheReferenceIsTheSlopeOfItsLoss) {
  for (const OpCase& op_case : OpCases()) {
    SCOPED_TRACE(op_case.name);
    const Network network = op_case.build();
    const Examples examples = ExamplesFor(op_case, network);
    const std::unique_ptr<Executor> executor = Judge().Compile(network, op_case.batch);
    executor->Reset({}, {.label_smoothing = 0.1});
    std::vector<double> weights = WeightsFor(op_case, network);
    executor->SetParameters(weights);
    const std::vector<double> gradient = GradientOf(*executor, examples.batch());

    const auto loss_at = [&](std::size_t i, double value) {
      const double kept = std::exchange(weights[i], value);
      executor->SetParameters(weights);
      weights[i] = kept;
      return executor->Evaluate(examples.batch(), Statistics::kBatch).loss;
    };
    constexpr double kStep = 1e-5;  // truncation and rounding errors are both about 1e-10
    std::vector<double> slopes;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      slopes.push_back((loss_at(i, weights[i] + kStep) - loss_at(i, weights[i] - kStep)) /
                       (2 * kStep));
    }
    EXPECT_LE(Distance(gradient, slopes), 3e-8);
  }
}

TEST(OpCases, HaveUniqueNamesAndCoverEveryOperation) {
  std::set<std::string> names;
  std::set<OpKind> kinds;
  for (const OpCase& op_case : OpCases()) {
    EXPECT_TRUE(names.insert(op_case.name).second) << op_case.name;
    const Network network = op_case.build();
    for (const Op& op : network.ops()) kinds.insert(op.kind);
  }
  const std::vector<OpKind> all = {
#define MOTE_OP(kind, name, least, most) OpKind::kind,
#include "mote/graph/op.def"
#undef MOTE_OP
  };
  EXPECT_THAT(kinds, testing::UnorderedElementsAreArray(all));
}

}  // namespace
}  // namespace mote::conformance
