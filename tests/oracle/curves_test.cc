// Whole trainings: the losses of ten epochs on each instruction set beside libtorch's. Rounding
// errors grow with every step, so this asks less digits than one step and finds what one step
// hides: an error in the optimiser's state or in the running statistics.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "mote/backends/backend.h"
#include "mote/backends/cpu_engine.h"
#include "mote/run/workload.h"
#include "mote/space/search_space.h"
#include "tests/oracle/oracle_inputs.h"

namespace mote {
MOTE_BACKEND(native);
MOTE_BACKEND(torch);
MOTE_SPACE(nasbench201);
}  // namespace mote

namespace mote::oracle {
namespace {

constexpr int kEpochs = 10;
constexpr int kBatches = 4;
constexpr int kBatchSize = 64;
constexpr Task kTask = {.height = 8, .width = 8, .channels = 3, .classes = 10};

std::unique_ptr<Backend> MakeBackend(const std::string& name) {
  BackendRegistry registry("backend");
  RegisterBackend_native(registry);
  RegisterBackend_torch(registry);
  return registry.Create(name, {});
}

// Mean loss of each epoch, then the loss with running statistics.
std::vector<double> Curve(const Backend& backend, const Network& network) {
  std::vector<Images> batches;
  for (int b = 0; b < kBatches; ++b) {
    batches.push_back(RandomImages(network, kBatchSize, "curve" + std::to_string(b)));
  }
  const auto executor = backend.Compile(network, kBatchSize);
  executor->SetParameters(RandomParameters(network, "curve"));
  executor->Reset({}, {.label_smoothing = 0.01});
  std::vector<double> curve;
  for (int epoch = 0; epoch < kEpochs; ++epoch) {
    double loss = 0;
    for (const Images& batch : batches) loss += executor->Step(batch.batch(), 1e-3).loss;
    curve.push_back(loss / kBatches);
  }
  curve.push_back(executor->Evaluate(batches[0].batch(), Statistics::kRunning).loss);
  return curve;
}

class OracleCurves : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { CapEngineIsa(GetParam()); }
  void TearDown() override { CapEngineIsa(EngineIsas().front()); }
};

TEST_P(OracleCurves, FollowLibtorchForTenEpochs) {
  SpaceRegistry spaces("space");
  RegisterSpace_nasbench201(spaces);
  const auto space = spaces.Create("nasbench201", {});
  std::vector<Architecture> cells = RandomCells(*space);
  cells.push_back(CellOfLetters(*space, "333333"));
  ASSERT_EQ(cells.size(), 20u);
  double worst = 0;
  for (const Architecture& cell : cells) {
    SCOPED_TRACE(cell.text());
    const Network network = space->Build(cell, RowSkeleton(2, 16), kTask);
    const std::vector<double> ours = Curve(*MakeBackend("native"), network);
    const std::vector<double> theirs = Curve(*MakeBackend("torch"), network);
    for (int epoch = 0; epoch < kEpochs; ++epoch) {
      worst = std::max(worst, std::abs(ours[epoch] / theirs[epoch] - 1));
      EXPECT_NEAR(ours[epoch], theirs[epoch], 2e-3 * theirs[epoch]) << "epoch " << epoch;
    }
    EXPECT_LT(ours[kEpochs - 1], ours[0]) << "nothing was learnt";
    // Statistics of the last steps alone, through which every difference of weights counts twice.
    EXPECT_NEAR(ours[kEpochs], theirs[kEpochs], 3e-2 * theirs[kEpochs]) << "running statistics";
  }
  RecordProperty("largest_relative_difference", std::to_string(worst));
}

INSTANTIATE_TEST_SUITE_P(Isas, OracleCurves, testing::ValuesIn(EngineIsas()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace mote::oracle
