// Whole networks: backend `torch` against the reference in double precision.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "mote/backends/backend.h"
#include "mote/space/operators.h"
#include "mote/space/search_space.h"
#include "tests/oracle/oracle_inputs.h"

namespace mote {
MOTE_BACKEND(reference);
MOTE_BACKEND(torch);
MOTE_SPACE(nasbench201);
}  // namespace mote

namespace mote::oracle {
namespace {

constexpr LossOptions kLoss = {.label_smoothing = 0.01};

struct Case {
  std::string name;
  Skeleton skeleton;
  int size;   // of the square images
  int batch;  // small: a rounding error cannot hide in the mean
};

const Case kRow = {"row", RowSkeleton(2, 4), 8, 12};
const Case kPaper = {"paper", PaperSkeleton(), 16, 6};

std::unique_ptr<Backend> MakeBackend(const std::string& name) {
  BackendRegistry registry("backend");
  RegisterBackend_reference(registry);
  RegisterBackend_torch(registry);
  return registry.Create(name, {});
}

std::unique_ptr<SearchSpace> MakeSpace() {
  SpaceRegistry registry("space");
  RegisterSpace_nasbench201(registry);
  return registry.Create("nasbench201", {});
}

std::vector<Architecture> RandomCells(const SearchSpace& space, int count) {
  Rng rng(Key(0, "oracle cells"));
  std::vector<Architecture> cells;
  while (std::ssize(cells) < count) cells.push_back(SampleUniform(space, rng));
  return cells;
}

// The same network, weights and images on both sides.
struct Pair {
  Pair(const Network& network, int batch, const std::string& name)
      : images(RandomImages(network, batch, name)),
        torch(MakeBackend("torch")->Compile(network, batch)),
        reference(MakeBackend("reference")->Compile(network, batch)) {
    const std::vector<double> parameters = RandomParameters(network, name);
    for (Executor* executor : {torch.get(), reference.get()}) {
      executor->SetParameters(parameters);
      executor->Reset({}, kLoss);
    }
  }

  Images images;
  std::unique_ptr<Executor> torch;
  std::unique_ptr<Executor> reference;
};

std::vector<double> GradientOf(Executor& executor, const Batch& batch, double& loss) {
  std::vector<double> gradient(executor.network().parameter_count());
  loss = executor.Gradient(batch, gradient);
  return gradient;
}

std::span<const double> PartOf(std::span<const double> flat, const Parameter& parameter) {
  return flat.subspan(parameter.offset, parameter.elements());
}

// Names of the parameters whose gradients differ by more than 1e-4 of their norm, beyond
// `allowance`, one per parameter.
std::vector<std::string> Differences(const Network& network, std::span<const double> actual,
                                     std::span<const double> expected,
                                     std::span<const double> allowance) {
  // A parameter without influence (a kernel before a normalisation, along itself) has a gradient
  // of rounding errors: they are measured against the whole gradient's norm.
  const double floor = 1e-6 * Norm(expected);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < network.parameters().size(); ++i) {
    const Parameter& parameter = network.parameters()[i];
    const std::span<const double> part = PartOf(expected, parameter);
    if (!(Distance(PartOf(actual, parameter), part) <= 1e-4 * Norm(part) + floor + allowance[i])) {
      names.push_back(parameter.name);
    }
  }
  return names;
}

// By how much the reference's gradient of each parameter changes if all weights move by up to 1e-5
// of themselves, a few times what rounding to float32 does to the values. Where a ReLU's input is
// that close to zero it flips in some of the draws, and the gradient jumps.
std::vector<double> Jumps(Executor& reference, const Batch& batch, std::span<const double> expected,
                          const std::string& name) {
  const std::vector<Parameter>& parameters = reference.network().parameters();
  Rng rng(Key(0, "nearby", name));
  std::vector<double> centre(expected.size());
  reference.GetParameters(centre);
  std::vector<double> jumps(parameters.size());
  for (int draw = 0; draw < 16; ++draw) {
    std::vector<double> moved = centre;
    for (double& weight : moved) weight *= 1 + 1e-5 * (2 * rng.Uniform() - 1);
    reference.SetParameters(moved);
    double loss = 0;
    const std::vector<double> gradient = GradientOf(reference, batch, loss);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      jumps[i] = std::max(
          jumps[i], Distance(PartOf(gradient, parameters[i]), PartOf(expected, parameters[i])));
    }
  }
  return jumps;
}

void ExpectEqualLossAndGradient(const Case& example) {
  const auto space = MakeSpace();
  int flips = 0;
  for (const Architecture& cell : RandomCells(*space, 20)) {
    SCOPED_TRACE(cell.text());
    const Network network =
        space->Build(cell, example.skeleton, {example.size, example.size, 3, 10}, BuildForm::kFull);
    const std::string name = example.name + cell.text();
    Pair pair(network, example.batch, name);
    const Batch batch = pair.images.batch();
    double loss = 0;
    double expected_loss = 0;
    const std::vector<double> gradient = GradientOf(*pair.torch, batch, loss);
    const std::vector<double> expected = GradientOf(*pair.reference, batch, expected_loss);
    EXPECT_NEAR(loss, expected_loss, 1e-4 * expected_loss);
    std::vector<double> allowance(network.parameters().size());
    if (Differences(network, gradient, expected, allowance).empty()) continue;
    ++flips;
    allowance = Jumps(*pair.reference, batch, expected, name);
    for (double& jump : allowance) jump *= 2;
    EXPECT_THAT(Differences(network, gradient, expected, allowance), testing::IsEmpty());
  }
  EXPECT_LE(flips, 4);  // the allowance must not become the rule
}

TEST(OracleNetwork, HasReferenceLossAndGradientInARow) { ExpectEqualLossAndGradient(kRow); }

TEST(OracleNetwork, HasReferenceLossAndGradientInThePapersSkeleton) {
  ExpectEqualLossAndGradient(kPaper);
}

TEST(OracleNetwork, FollowsTheReferenceForTenSteps) {
  const auto space = MakeSpace();
  for (const Architecture& cell : RandomCells(*space, 5)) {
    SCOPED_TRACE(cell.text());
    const Network network = space->Build(cell, kRow.skeleton, {kRow.size, kRow.size, 3, 10});
    Pair pair(network, kRow.batch, "curve" + cell.text());
    for (int step = 0; step < 10; ++step) {
      SCOPED_TRACE(step);
      const double expected = pair.reference->Step(pair.images.batch(), 1e-3).loss;
      EXPECT_NEAR(pair.torch->Step(pair.images.batch(), 1e-3).loss, expected, 1e-3 * expected);
    }
    // The running statistics of ten steps.
    const double expected =
        pair.reference->Evaluate(pair.images.batch(), Statistics::kRunning).loss;
    EXPECT_NEAR(pair.torch->Evaluate(pair.images.batch(), Statistics::kRunning).loss, expected,
                1e-3 * expected);
  }
}

}  // namespace
}  // namespace mote::oracle
