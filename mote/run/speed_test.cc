#include "mote/run/speed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mote/run/catalog.h"

namespace mote {
namespace {

const SearchSpace& NasBench201() {
  static const auto space = BuiltinCatalog().spaces.Create("nasbench201", {});
  return *space;
}

Workload TinyWorkload(Pass pass) {
  Workload workload;
  workload.name = "tiny";
  workload.cells = {CellOfLetters(NasBench201(), "3ns3ns"), CellOfLetters(NasBench201(), "1n1sn1")};
  workload.skeleton = RowSkeleton(1, 4);
  workload.task = {.height = 4, .width = 4, .channels = 3, .classes = 3};
  workload.batch_size = 2;
  workload.pass = pass;
  return workload;
}

std::vector<std::unique_ptr<Backend>> Backends(const std::vector<std::string>& names) {
  std::vector<std::unique_ptr<Backend>> backends;
  for (const std::string& name : names) {
    backends.push_back(BuiltinCatalog().backends.Create(name, {}));
  }
  return backends;
}

TEST(MeasureSpeed, TimesEveryBackendOnEveryNetwork) {
  const StopToken stop;
  for (Pass pass : {Pass::kTrainingStep, Pass::kInference}) {
    const Workload workload = TinyWorkload(pass);
    int networks = 0;
    const auto speeds = MeasureSpeed(workload, NasBench201(), Backends({"native", "reference"}), 2,
                                     stop, [&] { ++networks; });
    ASSERT_EQ(speeds.size(), 2u);
    EXPECT_EQ(networks, 2);
    double flops = 0;
    for (const Architecture& cell : workload.cells) {
      flops += DirectFlops(NasBench201().Build(cell, workload.skeleton, workload.task), pass);
    }
    for (const Speed& speed : speeds) {
      EXPECT_GT(speed.seconds, 0);
      EXPECT_LT(speed.seconds, 10);
      EXPECT_DOUBLE_EQ(speed.flops, flops);  // two images, mean of two cells
    }
  }
}

TEST(MeasureSpeed, StopsOnRequest) {
  StopToken stop;
  stop.Request();
  EXPECT_THROW(
      MeasureSpeed(TinyWorkload(Pass::kTrainingStep), NasBench201(), Backends({"native"}), 1, stop),
      Stopped);
}

}  // namespace
}  // namespace mote
