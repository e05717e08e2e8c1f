// Whole networks: the fast backends against the reference in double precision.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "mote/backends/backend.h"
#include "mote/backends/cpu_engine.h"
#include "mote/space/operators.h"
#include "mote/space/search_space.h"
#include "tests/oracle/oracle_inputs.h"

namespace mote {
MOTE_BACKEND(native);
MOTE_BACKEND(reference);
#ifdef MOTE_HAVE_TORCH
MOTE_BACKEND(torch);
#endif
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

// The benchmark's network with one cell a stage: residual blocks, strides, and a normalised head.
Skeleton ThreeStages() {
  Skeleton skeleton = BenchmarkSkeleton();
  for (Stage& stage : skeleton.stages) stage.cells = 1;
  return skeleton;
}
const Case kBenchmark = {"benchmark", ThreeStages(), 8, 4};

// A backend and, for the engine that has several, the instruction set it computes with.
struct Engine {
  std::string backend;
  std::string isa = "";
  std::map<std::string, std::string> options = {};

  friend void PrintTo(const Engine& engine, std::ostream* out) { *out << engine.label(); }
  std::string label() const {
    return backend + (isa.empty() ? "" : "_" + isa) + (options.empty() ? "" : "_exact");
  }
};

std::vector<Engine> Engines() {
  std::vector<Engine> engines;
#ifdef MOTE_HAVE_TORCH
  engines.push_back({"torch"});
#endif
  for (const std::string& isa : EngineIsas()) engines.push_back({"native", isa});
  engines.push_back({"native", EngineIsas().front(), {{"exact", "true"}}});
  return engines;
}

std::unique_ptr<Backend> MakeBackend(const std::string& name,
                                     const std::map<std::string, std::string>& options = {}) {
  BackendRegistry registry("backend");
  RegisterBackend_native(registry);
  RegisterBackend_reference(registry);
#ifdef MOTE_HAVE_TORCH
  RegisterBackend_torch(registry);
#endif
  return registry.Create(name, options);
}

class OracleNetwork : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    if (!GetParam().isa.empty()) CapEngineIsa(GetParam().isa);
  }
  void TearDown() override { CapEngineIsa(EngineIsas().front()); }
};

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
  Pair(const Engine& engine, const Network& network, int batch, const std::string& name)
      : images(RandomImages(network, batch, name)),
        tested(MakeBackend(engine.backend, engine.options)->Compile(network, batch)),
        reference(MakeBackend("reference")->Compile(network, batch)) {
    const std::vector<double> parameters = RandomParameters(network, name);
    for (Executor* executor : {tested.get(), reference.get()}) {
      executor->SetParameters(parameters);
      executor->Reset({}, kLoss);
    }
  }

  Images images;
  std::unique_ptr<Executor> tested;
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

// The parameters whose gradients differ by more than 1e-4 of their norm, beyond
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
      names.push_back(fmt::format("{}: {:.2g} of its norm and {:.2g} allowed", parameter.name,
                                  Distance(PartOf(actual, parameter), part) / Norm(part),
                                  allowance[i] / Norm(part)));
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

// By how much plain float32 arithmetic misses each parameter's gradient: where large terms cancel,
// as before the mean of normalised values, no float32 engine does better.
std::vector<double> RoundingErrors(Executor& reference, const Batch& batch,
                                   std::span<const double> expected) {
  const Network& network = reference.network();
  const auto plain =
      MakeBackend("reference", {{"precision", "float"}})->Compile(network, batch.size());
  std::vector<double> parameters(expected.size());
  reference.GetParameters(parameters);
  plain->SetParameters(parameters);
  plain->Reset({}, kLoss);
  double loss = 0;
  const std::vector<double> gradient = GradientOf(*plain, batch, loss);
  std::vector<double> errors;
  for (const Parameter& parameter : network.parameters()) {
    errors.push_back(Distance(PartOf(gradient, parameter), PartOf(expected, parameter)));
  }
  return errors;
}

void ExpectEqualLossAndGradient(const Engine& engine, const Case& example) {
  const auto space = MakeSpace();
  int flips = 0;
  for (const Architecture& cell : RandomCells(*space, 40)) {
    SCOPED_TRACE(cell.text());
    const Network network =
        space->Build(cell, example.skeleton, {example.size, example.size, 3, 10}, BuildForm::kFull);
    const std::string name = example.name + cell.text();
    Pair pair(engine, network, example.batch, name);
    const Batch batch = pair.images.batch();
    double loss = 0;
    double expected_loss = 0;
    const std::vector<double> gradient = GradientOf(*pair.tested, batch, loss);
    const std::vector<double> expected = GradientOf(*pair.reference, batch, expected_loss);
    EXPECT_NEAR(loss, expected_loss, 1e-4 * expected_loss);
    std::vector<double> allowance(network.parameters().size());
    if (Differences(network, gradient, expected, allowance).empty()) continue;
    ++flips;
    const std::vector<double> errors = RoundingErrors(*pair.reference, batch, expected);
    allowance = Jumps(*pair.reference, batch, expected, name);
    for (std::size_t i = 0; i < allowance.size(); ++i) {
      allowance[i] = 2 * std::max(allowance[i], errors[i]);
    }
    EXPECT_THAT(Differences(network, gradient, expected, allowance), testing::IsEmpty());
  }
  EXPECT_LE(flips, 8);  // the allowance must not become the rule
}

TEST_P(OracleNetwork, HasReferenceLossAndGradientInARow) {
  ExpectEqualLossAndGradient(GetParam(), kRow);
}

TEST_P(OracleNetwork, HasReferenceLossAndGradientInThePapersSkeleton) {
  ExpectEqualLossAndGradient(GetParam(), kPaper);
}

TEST_P(OracleNetwork, HasReferenceLossAndGradientInTheBenchmarksSkeleton) {
  ExpectEqualLossAndGradient(GetParam(), kBenchmark);
}

TEST_P(OracleNetwork, FollowsTheReferenceForTenSteps) {
  const auto space = MakeSpace();
  for (const Architecture& cell : RandomCells(*space, 5)) {
    SCOPED_TRACE(cell.text());
    const Network network = space->Build(cell, kRow.skeleton, {kRow.size, kRow.size, 3, 10});
    Pair pair(GetParam(), network, kRow.batch, "curve" + cell.text());
    for (int step = 0; step < 10; ++step) {
      SCOPED_TRACE(step);
      const double expected = pair.reference->Step(pair.images.batch(), 1e-3).loss;
      EXPECT_NEAR(pair.tested->Step(pair.images.batch(), 1e-3).loss, expected, 1e-3 * expected);
    }
    // The running statistics of ten steps.
    const double expected =
        pair.reference->Evaluate(pair.images.batch(), Statistics::kRunning).loss;
    EXPECT_NEAR(pair.tested->Evaluate(pair.images.batch(), Statistics::kRunning).loss, expected,
                1e-3 * expected);
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, OracleNetwork, testing::ValuesIn(Engines()),
                         [](const auto& info) { return info.param.label(); });

}  // namespace
}  // namespace mote::oracle
