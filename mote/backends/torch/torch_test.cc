#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <thread>
#include <vector>

#include "mote/backends/backend.h"
#include "mote/backends/torch/loss.h"
#include "mote/backends/torch/plan.h"
#include "mote/base/error.h"
#include "mote/base/rng.h"

namespace mote {

MOTE_BACKEND(torch);

namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

std::unique_ptr<Backend> Torch(const std::string& device = "cpu") {
  BackendRegistry registry("backend");
  RegisterBackend_torch(registry);
  return registry.Create("torch", {{"device", device}});
}

// Three edges leave the stem: two convolutions that can be joined and a pool; and one operation
// leads nowhere.
Network SmallNetwork() {
  NetworkBuilder builder({.channels = 3, .height = 4, .width = 4});
  const int stem = builder.Conv("stem", 0, 4, 3, 1, 1);
  const auto edge = [&](const std::string& name, int src) {
    const int conv = builder.Conv(name + ".conv", builder.Relu(name + ".relu", src), 4, 3, 1, 1);
    return builder.BatchNorm(name + ".norm", conv, 1e-5, 0.1);
  };
  const int left = edge("left", stem);
  const int right = edge("right", stem);
  builder.Conv("dead", stem, 5, 1, 1, 0);
  const int sum = builder.Add("sum", {left, builder.AvgPool("pool", stem, 3, 1, 1), right, stem});
  builder.Linear("head", builder.GlobalAvgPool("mean", sum), 3);
  return builder.Finish();
}

struct Data {
  explicit Data(const Network& network, int count) {
    Rng rng(Key(0, "torch test"));
    pixels.resize(count * network.input_shape().elements());
    for (float& pixel : pixels) pixel = float(rng.Uniform());
    for (int n = 0; n < count; ++n) labels.push_back(int(rng.Below(network.classes())));
    for (std::int64_t i = 0; i < network.parameter_count(); ++i) {
      parameters.push_back(float(rng.Uniform() - 0.5));
    }
  }

  Batch First(int count) const {
    const std::size_t row = pixels.size() / labels.size();
    return {std::span(pixels).first(count * row), std::span(labels).first(count)};
  }

  std::vector<float> pixels;
  std::vector<int> labels;
  std::vector<double> parameters;
};

std::unique_ptr<Executor> Compiled(const Network& network, const Data& data) {
  auto executor = Torch()->Compile(network, int(data.labels.size()));
  executor->SetParameters(data.parameters);
  return executor;
}

std::vector<double> ParametersOf(const Executor& executor) {
  std::vector<double> parameters(executor.network().parameter_count());
  executor.GetParameters(parameters);
  return parameters;
}

std::vector<double> Trained(const Network& network, const Data& data) {
  const auto executor = Compiled(network, data);
  for (int step = 0; step < 5; ++step) executor->Step(data.First(8), 1e-2);
  return ParametersOf(*executor);
}

TEST(TorchPlan, JoinsConvolutionsThatReadOneValue) {
  const torch_backend::Plan plan = torch_backend::MakePlan(SmallNetwork());
  std::vector<int> joined;
  for (const torch_backend::Node& node : plan.nodes) {
    if (node.kind == OpKind::kConv) joined.push_back(node.slices);
  }
  EXPECT_THAT(joined, ElementsAre(1, 2));  // stem; left and right; not the dead one
  EXPECT_EQ(plan.parameter_count, SmallNetwork().parameter_count());
}

TEST(TorchPlan, KeepsEveryParameterOnce) {
  const torch_backend::Plan plan = torch_backend::MakePlan(SmallNetwork());
  std::vector<int> in_plan(plan.parameter_count);
  std::vector<int> in_network(plan.parameter_count);
  for (const torch_backend::ParameterPlace& place : plan.parameters) {
    torch_backend::ForEachElement(place, [&](auto to, auto from) {
      ++in_plan[to];
      ++in_network[from];
    });
  }
  EXPECT_THAT(in_plan, Each(1));
  EXPECT_THAT(in_network, Each(1));
}

TEST(TorchPlan, OverwritesOnlyWhatNobodyReadsAgain) {
  NetworkBuilder builder({.channels = 3, .height = 4, .width = 4});
  const int stem = builder.Conv("stem", 0, 4, 3, 1, 1);
  const int relu = builder.Relu("relu", stem);  // its backward pass reads its result
  const int first = builder.Add("first", {relu, builder.BatchNorm("norm", stem, 1e-5, 0.1)});
  const int second = builder.Add("second", {first, relu});
  builder.Linear("head", builder.GlobalAvgPool("mean", second), 3);
  std::vector<bool> overwrites;
  for (const torch_backend::Node& node : torch_backend::MakePlan(builder.Finish()).nodes) {
    if (node.kind == OpKind::kAdd || node.kind == OpKind::kRelu) {
      overwrites.push_back(node.overwrites_src);
    }
  }
  // The stem is read by the normalisation, the ReLU's result by its backward pass; the first sum
  // by the second alone.
  EXPECT_THAT(overwrites, ElementsAre(false, false, true));

  NetworkBuilder last_reader({.channels = 3, .height = 4, .width = 4});
  const int gate = last_reader.Relu("relu", last_reader.Conv("stem", 0, 3, 3, 1, 1));
  const int sum = last_reader.Add("sum", {gate, 0});
  last_reader.Linear("head", last_reader.GlobalAvgPool("mean", sum), 3);
  for (const torch_backend::Node& node : torch_backend::MakePlan(last_reader.Finish()).nodes) {
    if (node.kind == OpKind::kAdd) {
      EXPECT_FALSE(node.overwrites_src);
    }
  }
}

TEST(TorchLoss, IsTheSmoothedCrossEntropy) {
  const std::vector<float> logits = {0, 0, 1, 3};
  const std::vector<int> labels = {0, 0};
  std::vector<float> gradient(4);
  const EvaluationResult result =
      torch_backend::CrossEntropy(logits, labels, {.label_smoothing = 0.2}, gradient);
  // Targets 0.9 and 0.1; log-probabilities -log 2 twice, then -2 - log(1+e^-2) and -log(1+e^-2).
  const double log_sum = std::log1p(std::exp(-2.0));
  EXPECT_NEAR(result.loss, (std::log(2.0) + 0.9 * (2 + log_sum) + 0.1 * log_sum) / 2, 1e-12);
  EXPECT_EQ(result.correct, 1);  // a tie goes to class 0
  const double p = 1 / (1 + std::exp(2.0));
  EXPECT_NEAR(gradient[0], (0.5 - 0.9) / 2, 1e-7);
  EXPECT_NEAR(gradient[2], (p - 0.9) / 2, 1e-7);
  EXPECT_NEAR(gradient[3], (1 - p - 0.1) / 2, 1e-7);
}

TEST(Torch, ReturnsTheParametersItWasGiven) {
  const Network network = SmallNetwork();
  const Data data(network, 8);
  EXPECT_EQ(ParametersOf(*Compiled(network, data)), data.parameters);
}

TEST(Torch, ComputesEqualBitsInEveryThread) {
  const Network network = SmallNetwork();
  const Data data(network, 8);
  const std::vector<double> expected = Trained(network, data);
  EXPECT_NE(expected, data.parameters);
  std::vector<std::vector<double>> results(4);
  std::vector<std::thread> threads;
  for (auto& result : results) threads.emplace_back([&] { result = Trained(network, data); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(results, Each(expected));
}

TEST(Torch, LeavesParametersWithoutInfluenceAlone) {
  const Network network = SmallNetwork();
  const Data data(network, 8);
  const auto executor = Compiled(network, data);
  std::vector<double> gradient(network.parameter_count(), 1);
  executor->Gradient(data.First(8), gradient);
  executor->Step(data.First(8), 1e-2);
  const std::vector<double> after = ParametersOf(*executor);
  const Parameter& dead = network.parameters()[network.op(network.Find("dead")).parameters[0]];
  for (std::int64_t i = dead.offset; i < dead.offset + dead.elements(); ++i) {
    EXPECT_EQ(gradient[i], 0);
    EXPECT_EQ(after[i], data.parameters[i]);
  }
}

TEST(Torch, DecaysParametersWithoutInfluence) {
  const Network network = SmallNetwork();
  const Data data(network, 8);
  const auto executor = Compiled(network, data);
  executor->Reset(
      {.kind = OptimizerKind::kSgd, .momentum = 0, .nesterov = false, .weight_decay = 0.5}, {});
  const Parameter& dead = network.parameters()[network.op(network.Find("dead")).parameters[0]];
  for (int step = 0; step < 2; ++step) executor->Step(data.First(8), 0.1);
  EXPECT_NEAR(ParametersOf(*executor)[dead.offset], 0.95 * 0.95 * data.parameters[dead.offset],
              1e-7);
  // The decay is no part of the gradient of the loss.
  std::vector<double> gradient(network.parameter_count());
  executor->Gradient(data.First(8), gradient);
  EXPECT_EQ(gradient[dead.offset], 0);
}

TEST(Torch, ChangesNothingWhenEvaluating) {
  const Network network = SmallNetwork();
  const Data data(network, 8);
  const auto executor = Compiled(network, data);
  executor->Step(data.First(8), 1e-2);
  const double running = executor->Evaluate(data.First(8), Statistics::kRunning).loss;
  const std::vector<double> parameters = ParametersOf(*executor);
  std::vector<double> gradient(network.parameter_count());
  executor->Evaluate(data.First(5), Statistics::kBatch);
  executor->Gradient(data.First(5), gradient);
  EXPECT_EQ(executor->Evaluate(data.First(8), Statistics::kRunning).loss, running);
  EXPECT_EQ(ParametersOf(*executor), parameters);
}

TEST(Torch, StartsAnewAfterReset) {
  const Network network = SmallNetwork();
  const Data data(network, 8);
  const auto executor = Compiled(network, data);
  const double running = executor->Evaluate(data.First(8), Statistics::kRunning).loss;
  executor->Step(data.First(8), 1e-2);
  const std::vector<double> first = ParametersOf(*executor);
  executor->SetParameters(data.parameters);
  executor->Reset({}, {});
  EXPECT_EQ(executor->Evaluate(data.First(8), Statistics::kRunning).loss, running);
  executor->Step(data.First(8), 1e-2);
  EXPECT_EQ(ParametersOf(*executor), first);
}

TEST(Torch, TrainsNetworksThatIgnoreTheImages) {
  NetworkBuilder builder({.channels = 3, .height = 4, .width = 4});
  const int zero = builder.Zero("zero", {.channels = 2, .height = 4, .width = 4});
  builder.Linear("head", builder.GlobalAvgPool("mean", zero), 3);
  const Network network = builder.Finish();
  const Data data(network, 8);
  const auto executor = Compiled(network, data);
  std::vector<double> gradient(network.parameter_count(), 1);
  EXPECT_TRUE(std::isfinite(executor->Gradient(data.First(8), gradient)));
  const Parameter& weight = network.parameters()[0];
  EXPECT_THAT(std::vector(gradient.begin(), gradient.begin() + weight.elements()), Each(0));
  const double before = executor->Step(data.First(8), 1e-2).loss;
  EXPECT_LT(executor->Evaluate(data.First(8), Statistics::kBatch).loss, before);
}

TEST(Torch, SaysWhyItDeclines) {
  NetworkBuilder builder({.channels = 3, .height = 4, .width = 4});
  const int pool = builder.AvgPool("pool", 0, 3, 1, 2);
  builder.Linear("head", builder.GlobalAvgPool("mean", pool), 3);
  const auto reason = Torch()->WhyUnsupported(builder.Finish());
  ASSERT_TRUE(reason.has_value());
  EXPECT_THAT(*reason, HasSubstr("pool pads by 2"));
  EXPECT_EQ(Torch()->WhyUnsupported(SmallNetwork()), std::nullopt);

  NetworkBuilder biased({.channels = 3, .height = 4, .width = 4});
  const int conv = biased.Conv("conv", 0, 2, 1, 1, 0, /*bias=*/true);
  biased.Linear("head", biased.GlobalAvgPool("mean", conv), 3);
  EXPECT_EQ(Torch()->WhyUnsupported(biased.Finish()), "conv has a bias");
  NetworkBuilder plain({.channels = 3, .height = 4, .width = 4});
  const int norm = plain.BatchNorm("norm", 0, 1e-5, 0.1, /*affine=*/false);
  plain.Linear("head", plain.GlobalAvgPool("mean", norm), 3);
  EXPECT_EQ(Torch()->WhyUnsupported(plain.Finish()), "norm has no scale and shift");
}

TEST(Torch, NamesWhatItsBitsDependOn) {
  const BackendTraits traits = Torch()->traits();
  EXPECT_EQ(traits.name, "torch");
  EXPECT_EQ(traits.device, "cpu");
  EXPECT_THAT(traits.version, HasSubstr("libtorch"));
  EXPECT_THAT(traits.version, HasSubstr("oneDNN"));
}

TEST(Torch, RefusesCudaInPlainWordsOrComputesThere) {
  try {
    const auto backend = Torch("cuda");
    EXPECT_EQ(backend->traits().device, "cuda:0");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
    EXPECT_THAT(error.what(), HasSubstr("cuda because"));
    EXPECT_THAT(error.what(), HasSubstr("device=cpu"));
  }
}

TEST(Torch, ReportsExhaustedMemory) {
  NetworkBuilder builder({.channels = 1, .height = 1, .width = 1});
  // 64 TiB of it.
  const int zero = builder.Zero("zero", {.channels = 1 << 14, .height = 1 << 15, .width = 1 << 15});
  builder.Linear("head", builder.GlobalAvgPool("mean", zero), 2);
  const auto executor = Torch()->Compile(builder.Finish(), 1);
  const std::vector<float> pixel = {0};
  const std::vector<int> label = {0};
  try {
    executor->Evaluate({pixel, label}, Statistics::kBatch);
    FAIL() << "64 TiB were there";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kOutOfMemory) << error.what();
  }
}

}  // namespace
}  // namespace mote
