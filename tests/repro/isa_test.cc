// What instruction sets measure stays apart: their bits differ.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mote/backends/cpu_engine.h"
#include "tests/repro/small_runs.h"

namespace mote {
namespace {

using testing::AllEstimates;
using testing::AllProbes;
using testing::DifferentCells;
using testing::SmallScores;
using testing::TempFolder;

class InstructionSets : public ::testing::Test {
 protected:
  void TearDown() override { CapEngineIsa(EngineIsas().front()); }
};

TEST_F(InstructionSets, FindInTheStoreOnlyTheirOwn) {
  const TempFolder folder;
  const StopToken stop;
  std::map<std::string, std::vector<Outcome<double>>> scores;
  // Twice: the second time all of it is there.
  for (int turn = 0; turn < 2; ++turn) {
    for (const std::string& isa : EngineIsas()) {
      CapEngineIsa(isa);
      Session session(BuiltinCatalog(), SmallScores("native", 1, folder / "store.db"), stop);
      EXPECT_EQ(session.backend().traits().isa, isa);
      EXPECT_EQ(session.provenance().isa, isa);
      const auto cells = DifferentCells(session.space(), 2);
      const auto found = session.Score(session.estimators(), cells, {})[0];
      EXPECT_EQ(session.evaluator().probes_measured(), turn == 0 ? 2 : 0) << isa;
      if (turn == 0) scores[isa] = found;
      EXPECT_EQ(found, scores[isa]) << isa;
    }
  }
  Session session(BuiltinCatalog(), SmallScores("native", 1, folder / "store.db"), stop);
  const std::size_t isas = EngineIsas().size();
  EXPECT_EQ(AllProbes(session.store()).size(), 2 * isas);
  EXPECT_EQ(AllEstimates(session.store()).size(), 2 * isas);
}

// Of backends that do not depend on it, results are one.
TEST_F(InstructionSets, ShareWhatDoesNotDependOnThem) {
  const TempFolder folder;
  const StopToken stop;
  int measured = 1;
  for (const std::string& isa : EngineIsas()) {
    CapEngineIsa(isa);
    Session session(BuiltinCatalog(), SmallScores("reference", 1, folder / "store.db"), stop);
    (void)session.Score(session.estimators(), DifferentCells(session.space(), 1), {});
    EXPECT_EQ(session.evaluator().probes_measured(), measured) << isa;
    measured = 0;
  }
}

}  // namespace
}  // namespace mote
