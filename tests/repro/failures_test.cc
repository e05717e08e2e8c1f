// One candidate fails, the world fails, or someone wants to stop: what is kept, and what goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <new>

#include "tests/repro/fakes.h"
#include "tests/repro/small_runs.h"

namespace mote {
namespace {

using testing::AllEstimates;
using ::testing::AllOf;
using testing::AllProbes;
using testing::CatalogWithChoosyBackend;
using testing::CatalogWithFakeProbe;
using testing::CatalogWithFakeReading;
using testing::DifferentCells;
using testing::EssenceOf;
using testing::ExpectEqualStores;
using ::testing::Ge;
using ::testing::Gt;
using ::testing::HasSubstr;
using ::testing::Le;
using testing::SmallScores;
using testing::SmallSearch;
using testing::TempFolder;

ScoreSettings FakeScores(int workers, const std::filesystem::path& store = {}) {
  ScoreSettings settings = SmallScores("reference", workers, store);
  settings.estimators = {"fake"};
  return settings;
}

// A fake probe that always answers. Sessions refer to their catalog, so it is made once.
const Catalog& Untroubled() {
  static const Catalog catalog =
      CatalogWithFakeProbe([](const Architecture&) { return std::nullopt; });
  return catalog;
}

SearchSettings FakeSearch(int workers, const std::filesystem::path& store = {}) {
  SearchSettings settings = SmallSearch("reference", workers, store);
  settings.score.estimators = {"fake"};
  settings.score.set.push_back("mote-nas.iterations=4");
  settings.judging = Judging::kNone;
  return settings;
}

// An arbitrary third of all architectures.
bool IsUnlucky(const Architecture& architecture) { return architecture.id().low % 3 == 0; }

int CountFailures(Store& store, FailureKind kind) {
  int count = 0;
  store.ForEachProbe([&](const auto& probe) {
    if (!probe.result && probe.result.failure().kind == kind) ++count;
  });
  return count;
}

class CandidateFailures : public ::testing::TestWithParam<int> {};  // by workers

INSTANTIATE_TEST_SUITE_P(Workers, CandidateFailures, ::testing::Values(1, 2, 8));

TEST_P(CandidateFailures, OfABackendAreStoredAndTheSearchGoesOn) {
  const StopToken stop;
  std::atomic<int> compiled = 0;
  const Catalog catalog = CatalogWithChoosyBackend(
      [](const Network& network) -> std::optional<std::string> {
        if (network.parameter_count() < 1500) return "it takes no networks so small";
        return std::nullopt;
      },
      [&](const Network& network) {
        ++compiled;
        if (network.parameter_count() > 9000) throw std::bad_alloc();
        if (network.parameter_count() > 6500) {
          Throw(ErrorCode::kOutOfMemory, "no memory for {} parameters", network.parameter_count());
        }
      });
  const TempFolder folder;
  SearchSettings settings = SmallSearch("choosy", GetParam(), folder / "a.db");
  settings.judging = Judging::kNone;
  int architectures = 0;
  {
    Experiment experiment(catalog, settings, stop);
    const SearchResult result = experiment.Run();
    EXPECT_TRUE(result.finished);
    architectures = result.architectures;
    EXPECT_GT(architectures, 0);
    Store& store = experiment.session().store();
    EXPECT_GT(CountFailures(store, FailureKind::kOutOfMemory), 0);
    EXPECT_GT(CountFailures(store, FailureKind::kUnsupported), 0);
    int estimates = 0, scored = 0;
    store.ForEachEstimate([&](const EstimateRecord& record) {
      if (record.replicate == 0) ++estimates;
      if (record.replicate == 0 && record.value) ++scored;
    });
    EXPECT_EQ(scored, architectures);
    EXPECT_GT(estimates, scored) << "a failed probe is a failed estimate";
    // The same at one worker.
    SearchSettings other = settings;
    other.score.store.clear();
    other.score.workers = 1;
    Experiment judge(catalog, other, stop);
    EXPECT_EQ(EssenceOf(judge.Run()), EssenceOf(result));
    ExpectEqualStores(judge.session().store(), store);
  }
  // Failures are not tried again.
  compiled = 0;
  Experiment again(catalog, settings, stop);
  const SearchResult result = again.Run();
  EXPECT_EQ(result.probes_measured, 0);
  EXPECT_EQ(compiled, 0);
  EXPECT_EQ(result.architectures, architectures);
}

TEST_P(CandidateFailures, OfAProbeAreToldWithTheirReason) {
  const StopToken stop;
  const auto fails = [](auto fail) {
    return CatalogWithFakeProbe([fail](const Architecture& architecture) {
      return IsUnlucky(architecture) ? fail() : std::nullopt;
    });
  };
  struct Case {
    Catalog catalog;
    FailureKind kind;
    std::string message;
  };
  using Answer = std::optional<Failure>;
  const Case cases[] = {
      {fails([]() -> Answer { Throw(ErrorCode::kOutOfMemory, "too large"); }),
       FailureKind::kOutOfMemory, "too large"},
      {fails([]() -> Answer { throw std::bad_alloc(); }), FailureKind::kOutOfMemory, "memory"},
      {fails([]() -> Answer { Throw(ErrorCode::kUnsupported, "too odd"); }),
       FailureKind::kUnsupported, "too odd"},
      {fails([]() -> Answer { Throw(ErrorCode::kInvalidArgument, "too small"); }),
       FailureKind::kUnsupported, "too small"},
      {fails([]() -> Answer {
         return Failure{FailureKind::kDiverged, "inf"};
       }),
       FailureKind::kDiverged, "inf"},
  };
  for (const Case& each : cases) {
    Session session(each.catalog, FakeScores(GetParam()), stop);
    const auto cells = DifferentCells(session.space(), 30);
    const auto scores = session.Score(session.estimators(), cells, {})[0];
    int unlucky = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const bool failed = IsUnlucky(session.space().Canonicalize(cells[i]));
      ASSERT_EQ(!scores[i].ok(), failed) << cells[i].text();
      if (!failed) continue;
      ++unlucky;
      EXPECT_EQ(scores[i].failure().kind, each.kind);
      EXPECT_THAT(scores[i].failure().message, HasSubstr(each.message));
    }
    EXPECT_THAT(unlucky, AllOf(Gt(0), Le(29)));
    EXPECT_EQ(CountFailures(session.store(), each.kind), unlucky);
    EXPECT_EQ(AllProbes(session.store()).size(), 30u);
    EXPECT_EQ(AllEstimates(session.store()).size(), 30u);
  }
}

TEST_P(CandidateFailures, OfAnEstimatorAreStoredToo) {
  const StopToken stop;
  const Catalog catalog =
      CatalogWithFakeReading([](const Architecture& architecture, double) -> Outcome<double> {
        if (!IsUnlucky(architecture)) return 1.0;
        if (architecture.id().high % 2 == 0) throw std::bad_alloc();
        Throw(ErrorCode::kOutOfMemory, "no memory to read {}", architecture.text());
      });
  Session session(catalog, FakeScores(GetParam()), stop);
  const auto cells = DifferentCells(session.space(), 30);
  const auto scores = session.Score(session.estimators(), cells, {})[0];
  for (std::size_t i = 0; i < cells.size(); ++i) {
    ASSERT_EQ(scores[i].ok(), !IsUnlucky(cells[i]));
    if (!scores[i]) {
      EXPECT_EQ(scores[i].failure().kind, FailureKind::kOutOfMemory);
    }
  }
  int failed = 0;
  session.store().ForEachEstimate([&](const auto& record) { failed += !record.value.ok(); });
  EXPECT_EQ(failed, std::count_if(cells.begin(), cells.end(), IsUnlucky));
}

TEST_P(CandidateFailures, OfTheWorldEndTheRunAndKeepWhatWasMeasured) {
  const StopToken stop;
  Experiment judge(Untroubled(), FakeSearch(1), stop);
  const SearchResult wanted = judge.Run();
  const int all = wanted.probes_measured;
  for (ErrorCode code :
       {ErrorCode::kIo, ErrorCode::kCorrupt, ErrorCode::kInternal, ErrorCode::kNotFound}) {
    const TempFolder folder;
    std::atomic<int> runs = 0, completed = 0;
    std::atomic<bool> disk_is_full = true;
    const Catalog catalog = CatalogWithFakeProbe([&](const Architecture&) {
      if (disk_is_full && ++runs > all / 2) Throw(code, "the disk is full");
      ++completed;
      return std::nullopt;
    });
    {
      Experiment experiment(catalog, FakeSearch(GetParam(), folder / "a.db"), stop);
      try {
        (void)experiment.Run();
        ADD_FAILURE() << "no error";
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), code);
        EXPECT_STREQ(error.what(), "the disk is full");
      }
      EXPECT_EQ(AllProbes(experiment.session().store()).size(), std::size_t(all / 2));
    }
    // With the world in order it goes on where it was.
    disk_is_full = false;
    Experiment resumed(catalog, FakeSearch(GetParam(), folder / "a.db"), stop);
    const SearchResult result = resumed.Run();
    EXPECT_EQ(result.probes_measured, all - all / 2);
    EXPECT_EQ(completed, all);
    EXPECT_EQ(EssenceOf(result), EssenceOf(wanted));
    ExpectEqualStores(resumed.session().store(), judge.session().store());
  }
}

class Stopping : public CandidateFailures {};

INSTANTIATE_TEST_SUITE_P(Workers, Stopping, ::testing::Values(1, 2, 8));

TEST_P(Stopping, KeepsWhatWasMeasured) {
  const StopToken never;
  Session judge(Untroubled(), FakeScores(1), never);
  const auto cells = DifferentCells(judge.space(), 40);
  const auto wanted = judge.Score(judge.estimators(), cells, {});

  const TempFolder folder;
  StopToken stop;
  std::atomic<int> runs = 0;
  const Catalog catalog = CatalogWithFakeProbe([&](const Architecture&) {
    if (++runs == 20) stop.Request();
    return std::nullopt;
  });
  int kept = 0, reported = 0;
  {
    Session session(catalog, FakeScores(GetParam(), folder / "a.db"), stop);
    EXPECT_THROW((void)session.Score(session.estimators(), cells, {},
                                     [&](const auto& now) { reported = now.probes_measured; }),
                 Stopped);
    kept = session.evaluator().probes_measured();
    EXPECT_EQ(AllProbes(session.store()).size(), std::size_t(kept));
    EXPECT_EQ(reported, kept);
    // The twentieth and those that others were at when it asked are lost, not one more.
    EXPECT_THAT(kept, AllOf(Le(19), Ge(20 - GetParam())));
    EXPECT_TRUE(AllEstimates(session.store()).empty());
  }
  runs = 100;
  Session resumed(catalog, FakeScores(GetParam(), folder / "a.db"), never);
  EXPECT_EQ(resumed.Score(resumed.estimators(), cells, {}), wanted);
  EXPECT_EQ(resumed.evaluator().probes_measured(), 40 - kept);
  ExpectEqualStores(resumed.store(), judge.store());
}

TEST_P(Stopping, ASearchEndsWithWhatItKnowsAndGoesOnLater) {
  const StopToken never;
  Experiment judge(Untroubled(), FakeSearch(1), never);
  const SearchResult wanted = judge.Run();
  const TempFolder folder;
  int kept = 0;
  // Stopped at the start, in the first generation, later, and in the finals.
  for (int at : {0, 3, 10, 17, wanted.probes_measured - 1}) {
    StopToken stop;
    std::atomic<int> runs = kept;
    const Catalog catalog = CatalogWithFakeProbe([&](const Architecture&) {
      if (++runs > at) stop.Request();
      return std::nullopt;
    });
    if (at == 0) stop.Request();
    Experiment experiment(catalog, FakeSearch(GetParam(), folder / "a.db"), stop);
    const SearchResult result = experiment.Run();
    EXPECT_FALSE(result.finished);
    EXPECT_LE(result.architectures, wanted.architectures);
    EXPECT_EQ(at < 10, result.ranking.empty()) << "the first generation has ten";
    kept += result.probes_measured;
    EXPECT_EQ(AllProbes(experiment.session().store()).size(), std::size_t(kept));
  }
  Experiment resumed(Untroubled(), FakeSearch(GetParam(), folder / "a.db"), never);
  const SearchResult result = resumed.Run();
  EXPECT_EQ(EssenceOf(result), EssenceOf(wanted));
  EXPECT_EQ(result.probes_measured, wanted.probes_measured - kept);
  ExpectEqualStores(resumed.session().store(), judge.session().store());
}

// A training is given up between its epochs, and nothing of it is kept.
TEST(Stopped, AmidATraining) {
  StopToken stop;
  const Catalog catalog = CatalogWithChoosyBackend([](const Network&) { return std::nullopt; },
                                                   [&](const Network&) { stop.Request(); });
  ScoreSettings settings = SmallScores("choosy", 1);
  Session session(catalog, settings, stop);
  const auto cells = DifferentCells(session.space(), 3);
  EXPECT_THROW((void)session.Score(session.estimators(), cells, {}), Stopped);
  EXPECT_TRUE(AllProbes(session.store()).empty());
  EXPECT_EQ(session.evaluator().probes_measured(), 0);
}

}  // namespace
}  // namespace mote
