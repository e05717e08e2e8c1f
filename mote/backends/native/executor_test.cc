#include "mote/backends/native/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "mote/backends/native/planner.h"
#include "mote/backends/native/test_isas.h"

namespace mote::native {
namespace {

int ConvEdge(NetworkBuilder& b, const std::string& name, int x, int channels, int kernel,
             int stride = 1) {
  const int relu = b.Relu(name + ".relu", x);
  const int conv = b.Conv(name + ".conv", relu, channels, kernel, stride, kernel / 2);
  return b.BatchNorm(name + ".bn", conv, 1e-5, 0.1);
}

// Every kind of term and reader that a plan can have.
Network Everything(int channels, int side) {
  NetworkBuilder b({3, side, side});
  const int stem =
      b.Gelu("gelu", b.BatchNorm("stem.bn", b.Conv("stem", 0, channels, 3, 1, 1), 1e-5, 0.1));
  const int node1 = ConvEdge(b, "edge1-0", stem, channels, 3);
  const int node2 =
      b.Add("node2", {ConvEdge(b, "edge2-0", stem, channels, 1),
                      ConvEdge(b, "edge2-1", node1, channels, 3), b.AvgPool("p2", node1, 3, 1, 1)});
  const int node3 = b.Add(
      "node3", {ConvEdge(b, "edge3-0", stem, channels, 3), node1, b.AvgPool("p3", node2, 3, 1, 1)});
  const int pooled = b.AvgPool("pool", b.Add("sum", {node3, node2}), 2, 2, 0);
  const int first = ConvEdge(b, "a", pooled, 2 * channels, 3, 2);
  const int shortcut =
      b.Conv("shortcut", b.AvgPool("half", pooled, 2, 2, 0), 2 * channels, 1, 1, 0);
  const int block = b.Add("block", {ConvEdge(b, "b", first, 2 * channels, 3), shortcut});
  const int head = b.Relu("head.relu", b.BatchNorm("head.bn", block, 1e-5, 0.1));
  b.Linear("linear", b.GlobalAvgPool("gap", head), 7);
  return b.Finish();
}

struct Examples {
  Examples(const Network& network, int count)
      : images(RandomFloats(count * network.input_shape().elements(), 3)), labels(count) {
    Rng rng(Key(4, "labels"));
    for (int& label : labels) label = int(rng.Below(network.classes()));
  }
  Batch batch() const { return {{images.data(), images.size()}, labels}; }

  Buffer images;
  std::vector<int> labels;
};

std::vector<double> Weights(const Network& network) {
  std::vector<double> weights(network.parameter_count());
  Rng rng(Key(5, "weights"));
  for (const Parameter& parameter : network.parameters()) {
    const bool scale = parameter.kind == ParameterKind::kScale;
    for (std::int64_t i = 0; i < parameter.elements(); ++i) {
      weights[parameter.offset + i] = (scale ? 1 : 0) + 0.3 * (2 * rng.Uniform() - 1);
    }
  }
  return weights;
}

// Logits, gradient, weights after three steps, and logits with running statistics.
std::vector<double> Transcript(const Network& network, const PlanOptions& options, int count) {
  const auto executor =
      MakeExecutor(network, MakePlan(network, Lanes(), options).value(), count + 1);
  const std::vector<double> weights = Weights(network);
  const Examples examples(network, count);
  executor->SetParameters(weights);
  executor->Reset({}, {.label_smoothing = 0.01});
  std::vector<double> transcript(std::size_t(count) * network.classes());
  executor->Logits(examples.batch(), Statistics::kBatch, transcript);
  std::vector<double> part(weights.size());
  executor->Gradient(examples.batch(), part);
  transcript.insert(transcript.end(), part.begin(), part.end());
  for (int step = 0; step < 3; ++step) {
    transcript.push_back(executor->Step(examples.batch(), 1e-3).loss);
  }
  transcript.push_back(executor->Evaluate(examples.batch(), Statistics::kRunning).loss);
  return transcript;
}

class NativeExecutor : public OnIsa {};
MOTE_EACH_ISA(NativeExecutor);

TEST_P(NativeExecutor, ComputesTheSameWithAnyFusionOff) {
  const std::pair<const char*, PlanOptions> variants[] = {
      {"winograd", {.winograd = false}},  {"merge", {.merge_convs = false}},
      {"relu", {.relu_on_load = false}},  {"sum", {.sum_on_store = false}},
      {"pool", {.pool_on_store = false}}, {"moments", {.moments_on_store = false}},
      {"norm", {.norm_on_load = false}},  {"average", {.norm_after_pool = false}},
      {"runs", {.share_blocks = false}},
  };
  for (const int channels : {8, 16}) {
    const Network network = Everything(channels, 8);
    const std::vector<double> all = Transcript(network, {}, 5);
    double largest = 0;
    for (double value : all) largest = std::max(largest, std::abs(value));
    for (const auto& [name, options] : variants) {
      SCOPED_TRACE(testing::Message() << name << " off, " << channels << " channels");
      EXPECT_THAT(Transcript(network, options, 5),
                  testing::Pointwise(testing::DoubleNear(2e-5 * largest), all));
    }
  }
}

TEST_P(NativeExecutor, ReadsNothingThatNobodyWrote) {
  for (const int channels : {5, 8, 16}) {
    for (const int side : {8, 16}) {
      for (const int count : {1, 4, 5}) {
        const Network network = Everything(channels, side);
        EXPECT_EQ(Transcript(network, {.poison = true}, count), Transcript(network, {}, count))
            << channels << " channels, " << count << " images of side " << side;
      }
    }
  }
}

// With running statistics a few images go through each size of values before the next ones do.
TEST_P(NativeExecutor, EvaluatesManyImagesLikeEachAlone) {
  for (const int channels : {8, 16}) {
    const Network network = Everything(channels, 32);
    const Examples all(network, 7);
    const auto executor =
        MakeExecutor(network, MakePlan(network, Lanes(), {.poison = true}).value(), 7);
    executor->SetParameters(Weights(network));
    executor->Reset({}, {});
    executor->Step(all.batch(), 1e-3);  // feeds the statistics
    const int classes = network.classes();
    std::vector<double> together(7 * classes);
    executor->Logits(all.batch(), Statistics::kRunning, together);
    const std::size_t image = network.input_shape().elements();
    for (int i = 0; i < 7; ++i) {
      const Batch one = {{all.images.data() + i * image, image}, {&all.labels[i], 1}};
      std::vector<double> alone(classes);
      executor->Logits(one, Statistics::kRunning, alone);
      const std::vector<double> part(together.begin() + i * classes,
                                     together.begin() + (i + 1) * classes);
      EXPECT_THAT(part, testing::Pointwise(testing::DoubleNear(1e-5), alone)) << i;
    }
  }
}

TEST_P(NativeExecutor, ShowsDivergenceInTheLoss) {
  const Network network = Everything(8, 8);
  const auto executor = MakeExecutor(network, MakePlan(network, Lanes(), {}).value(), 4);
  const Examples examples(network, 4);
  executor->SetParameters(std::vector<double>(network.parameter_count(), 1e30));
  executor->Reset({}, {});
  EXPECT_FALSE(std::isfinite(executor->Step(examples.batch(), 1e-3).loss));
}

}  // namespace
}  // namespace mote::native
