#include "mote/store/store.h"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>

#include "mote/store/store_testing.h"

namespace mote {
namespace {

using testing::AllEstimates;
using testing::AllProbes;
using testing::ExpectSame;
using ::testing::HasSubstr;
using testing::NumberedEstimate;
using testing::NumberedProbe;
using testing::Report;
using testing::SomeProvenance;
using testing::TempFolder;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// One number out of a store file, asked as another program would.
std::int64_t Ask(const std::filesystem::path& path, const std::string& sql) {
  sqlite3* database = nullptr;
  sqlite3_stmt* statement = nullptr;
  EXPECT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr), SQLITE_OK)
      << sqlite3_errmsg(database);
  EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
  const std::int64_t answer = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  sqlite3_close(database);
  return answer;
}

TEST(Store, FindsNothingWhenEmpty) {
  const auto store = Store::InMemory();
  EXPECT_FALSE(store->FindProbe({1, 2}));
  EXPECT_FALSE(store->FindEstimate({1, 2}));
  EXPECT_FALSE(store->Meta("a"));
  EXPECT_TRUE(AllProbes(*store).empty());
  EXPECT_TRUE(AllEstimates(*store).empty());
  store->PutEstimates({});
}

TEST(Store, ReturnsProbesAsTheyWere) {
  const auto store = Store::InMemory();
  for (int i = 0; i < 20; ++i) store->PutProbe(NumberedProbe(i), SomeProvenance());
  for (int i = 0; i < 20; ++i) {
    const auto found = store->FindProbe(NumberedProbe(i).key);
    ASSERT_TRUE(found);
    ExpectSame(*found, NumberedProbe(i));
    EXPECT_EQ(found->seconds, 0.25 * i);
  }
  EXPECT_FALSE(store->FindProbe(NumberedProbe(20).key));
}

TEST(Store, ReturnsEdgeValuesBitForBit) {
  using Limits = std::numeric_limits<double>;
  const std::vector<double> edges = {
      -0.0, 0.0, Limits::denorm_min(), -Limits::denorm_min(), Limits::max(), kInfinity, -kInfinity,
      1.0,  0.1};
  const auto store = Store::InMemory();
  ProbeRecord probe;
  probe.key = {~0ull, ~0ull};
  probe.seed = ~0ull;
  probe.replicate = std::numeric_limits<int>::min();
  probe.architecture = std::string("a\0b'\"\xff\n", 7);
  probe.seconds = 3;
  ProbeResult result;
  result.Set("edges", edges);
  result.Set("empty", {});
  probe.result = result;
  store->PutProbe(probe, Provenance());
  const auto found = store->FindProbe(probe.key);
  ASSERT_TRUE(found);
  ExpectSame(*found, probe);
  EXPECT_EQ(found->seconds, 3.0);
  EXPECT_TRUE(std::signbit((*found->result)["edges"][0]));

  std::vector<EstimateRecord> estimates;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    EstimateRecord record;
    record.key = {i, 0};
    record.value = edges[i];
    estimates.push_back(record);
  }
  store->PutEstimates(estimates);
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const auto value = store->FindEstimate({i, 0})->value;
    EXPECT_EQ(*value, edges[i]);
    EXPECT_EQ(std::signbit(*value), std::signbit(edges[i])) << i;
  }
}

TEST(Store, KeepsAResultWithoutSeries) {
  const auto store = Store::InMemory();
  ProbeRecord record;
  store->PutProbe(record, Provenance());  // its key is zero, too
  const auto found = store->FindProbe(Hash128());
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->result.ok());
  EXPECT_TRUE(found->result->series().empty());
  EXPECT_EQ(AllProbes(*store).size(), 1u);
}

TEST(Store, KeepsEveryKindOfFailure) {
  const auto store = Store::InMemory();
  std::uint64_t number = 0;
  for (const FailureKind kind :
       {FailureKind::kDiverged, FailureKind::kUnsupported, FailureKind::kOutOfMemory,
        FailureKind::kMissing, FailureKind::kUndefined}) {
    ProbeRecord probe;
    probe.key = {0, ++number};
    probe.result = Failure{kind, "why"};
    store->PutProbe(probe, Provenance());
    EXPECT_EQ(store->FindProbe(probe.key)->result, probe.result);
    EstimateRecord estimate;
    estimate.key = {0, number};
    estimate.value = Failure{kind, ""};
    store->PutEstimates({estimate});
    EXPECT_EQ(store->FindEstimate(estimate.key)->value, estimate.value);
  }
}

TEST(Store, KeepsTheFirstOfTwoWithOneKey) {
  const TempFolder folder;
  ProbeRecord first = NumberedProbe(1), second = NumberedProbe(2);
  second.key = first.key;
  EstimateRecord early = NumberedEstimate(1), late = NumberedEstimate(2);
  late.key = early.key;
  {
    const auto store = Store::Open(folder / "a.db");
    EXPECT_EQ(store->PutProbe(first, SomeProvenance()), first.seconds);
    Provenance other = SomeProvenance();
    other.device = "another";
    EXPECT_EQ(store->PutProbe(second, other), first.seconds);
    ExpectSame(*store->FindProbe(first.key), first);
    EXPECT_EQ(store->FindProbe(first.key)->seconds, first.seconds);
    store->PutEstimates({early, late});
    store->PutEstimates({late});
    ExpectSame(*store->FindEstimate(early.key), early);
  }
  EXPECT_EQ(Ask(folder / "a.db", "SELECT count(*) FROM probe_timing"), 1);
  EXPECT_EQ(Ask(folder / "a.db", "SELECT count(*) FROM provenance"), 1);
}

TEST(Store, KeepsEachProvenanceOnce) {
  const TempFolder folder;
  {
    const auto store = Store::Open(folder / "a.db");
    Provenance other = SomeProvenance();
    other.device = "gpu";
    for (int i = 0; i < 6; ++i) store->PutProbe(NumberedProbe(i), i < 4 ? SomeProvenance() : other);
  }
  EXPECT_EQ(Ask(folder / "a.db", "SELECT count(*) FROM provenance"), 2);
  EXPECT_EQ(Ask(folder / "a.db",
                "SELECT count(*) FROM probe_timing t JOIN provenance p "
                "ON p.id = t.provenance WHERE p.device = 'gpu' AND "
                "p.commit_id = 'abc' AND t.date LIKE '20__-__-__T__:__:__Z'"),
            2);
}

TEST(Store, VisitsInTheOrderOfKeysOverManyPages) {
  const auto store = Store::InMemory();
  std::vector<EstimateRecord> estimates;
  for (int i = 0; i < 1000; ++i) {
    store->PutProbe(NumberedProbe(i), SomeProvenance());
    estimates.push_back(NumberedEstimate(i));
  }
  store->PutEstimates(estimates);
  const auto by_key = [](const auto& a, const auto& b) { return a.key < b.key; };
  const auto probes = AllProbes(*store);
  ASSERT_EQ(probes.size(), 1000u);
  EXPECT_TRUE(std::is_sorted(probes.begin(), probes.end(), by_key));
  for (const ProbeRecord& record : probes) {
    ASSERT_TRUE(record.key == testing::NumberedKey("probe", int(record.seconds * 4)));
  }
  std::sort(estimates.begin(), estimates.end(), by_key);
  const auto found = AllEstimates(*store);
  ASSERT_EQ(found.size(), 1000u);
  for (std::size_t i = 0; i < found.size(); ++i) ExpectSame(found[i], estimates[i]);
}

TEST(Store, LetsTheVisitorUseIt) {
  const auto store = Store::InMemory();
  for (int i = 0; i < 10; ++i) store->PutProbe(NumberedProbe(i), SomeProvenance());
  int visited = 0;
  store->ForEachProbe([&](const ProbeRecord& record) {
    EXPECT_TRUE(store->FindProbe(record.key));
    EXPECT_EQ(AllProbes(*store).size(), 10u);
    store->SetMeta("visited", std::to_string(++visited));
  });
  EXPECT_EQ(store->Meta("visited"), "10");
}

TEST(Store, GoesOnAfterAVisitorThrows) {
  const auto store = Store::InMemory();
  store->PutProbe(NumberedProbe(0), SomeProvenance());
  EXPECT_THROW(store->ForEachProbe([](const ProbeRecord&) { throw std::runtime_error("enough"); }),
               std::runtime_error);
  EXPECT_EQ(AllProbes(*store).size(), 1u);
}

TEST(Store, ReplacesMeta) {
  const TempFolder folder;
  {
    const auto store = Store::Open(folder / "a.db");
    store->SetMeta("a", "1");
    store->SetMeta("a", std::string("2\0\n", 3));
    store->SetMeta("", "");
  }
  const auto store = Store::Open(folder / "a.db");
  EXPECT_EQ(store->Meta("a"), std::string("2\0\n", 3));
  EXPECT_EQ(store->Meta(""), "");
  EXPECT_FALSE(store->Meta("b"));
}

TEST(Store, RemembersAfterReopening) {
  const TempFolder folder;
  Hash128 hash;
  {
    const auto store = Store::Open(folder / "a.db");
    for (int i = 0; i < 50; ++i) store->PutProbe(NumberedProbe(i), SomeProvenance());
    store->PutEstimates({NumberedEstimate(0), NumberedEstimate(6)});
    hash = store->ContentHash();
  }
  for (const auto& store : {Store::Open(folder / "a.db"), Store::OpenReadOnly(folder / "a.db")}) {
    for (int i = 0; i < 50; ++i) {
      ExpectSame(*store->FindProbe(NumberedProbe(i).key), NumberedProbe(i));
    }
    ExpectSame(*store->FindEstimate(NumberedEstimate(6).key), NumberedEstimate(6));
    EXPECT_EQ(store->ContentHash(), hash);
  }
}

TEST(Store, RefusesWhatIsNotANumber) {
  const auto store = Store::InMemory();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EstimateRecord bad = NumberedEstimate(1);
  bad.value = nan;
  EXPECT_THAT(Report([&] {
                store->PutEstimates({NumberedEstimate(0), bad});
              }),
              HasSubstr("internal error: estimate mote@1 of"));
  EXPECT_TRUE(AllEstimates(*store).empty());
  ProbeRecord probe = NumberedProbe(0);
  probe.seconds = nan;
  EXPECT_THAT(Report([&] { store->PutProbe(probe, {}); }), HasSubstr("internal error"));
  EXPECT_TRUE(AllProbes(*store).empty());
}

TEST(StoreContentHash, ForgetsOrderSecondsAndProvenance) {
  const TempFolder folder;
  const auto a = Store::InMemory();
  const auto b = Store::Open(folder / "b.db");
  Provenance other = SomeProvenance();
  other.device = "elsewhere";
  for (int i = 0; i < 30; ++i) {
    a->PutProbe(NumberedProbe(i), SomeProvenance());
    a->PutEstimates({NumberedEstimate(i)});
    ProbeRecord slower = NumberedProbe(29 - i);
    slower.seconds *= 2;
    b->PutProbe(slower, i % 2 ? other : SomeProvenance());
  }
  std::vector<EstimateRecord> estimates;
  for (int i = 0; i < 30; ++i) estimates.push_back(NumberedEstimate(29 - i));
  b->PutEstimates(estimates);
  b->SetMeta("command", "mote search");
  EXPECT_EQ(a->ContentHash(), b->ContentHash());
}

TEST(StoreContentHash, SeesEveryDeterministicColumn) {
  const auto hash_of_probe = [](const std::function<void(ProbeRecord&)>& change) {
    const auto store = Store::InMemory();
    ProbeRecord record = NumberedProbe(1);
    change(record);
    store->PutProbe(record, SomeProvenance());
    return store->ContentHash();
  };
  const auto hash_of_estimate = [](const std::function<void(EstimateRecord&)>& change) {
    const auto store = Store::InMemory();
    EstimateRecord record = NumberedEstimate(1);
    record.value = 0.0;
    change(record);
    store->PutEstimates({record});
    return store->ContentHash();
  };
  std::vector<Hash128> hashes = {
      Store::InMemory()->ContentHash(),
      hash_of_probe([](ProbeRecord&) {}),
      hash_of_probe([](ProbeRecord& r) { r.key.low ^= 1; }),
      hash_of_probe([](ProbeRecord& r) { r.space += "x"; }),
      hash_of_probe([](ProbeRecord& r) { r.architecture += "x"; }),
      hash_of_probe([](ProbeRecord& r) { r.probe += "x"; }),
      hash_of_probe([](ProbeRecord& r) { r.options += "x"; }),
      hash_of_probe([](ProbeRecord& r) { r.fingerprint += "x"; }),
      hash_of_probe([](ProbeRecord& r) { r.seed ^= 1ull << 63; }),
      hash_of_probe([](ProbeRecord& r) { r.replicate += 1; }),
      hash_of_probe([](ProbeRecord& r) { r.result = ProbeResult(); }),
      hash_of_probe([](ProbeRecord& r) {
        r.result = Failure{FailureKind::kDiverged, ""};
      }),
      hash_of_probe([](ProbeRecord& r) {
        r.result = Failure{FailureKind::kDiverged, "x"};
      }),
      hash_of_probe([](ProbeRecord& r) {
        r.result = Failure{FailureKind::kMissing, ""};
      }),
      hash_of_estimate([](EstimateRecord&) {}),
      hash_of_estimate([](EstimateRecord& r) { r.key.low ^= 1; }),
      hash_of_estimate([](EstimateRecord& r) { r.space += "x"; }),
      hash_of_estimate([](EstimateRecord& r) { r.architecture += "x"; }),
      hash_of_estimate([](EstimateRecord& r) { r.estimator += "x"; }),
      hash_of_estimate([](EstimateRecord& r) { r.options += "x"; }),
      hash_of_estimate([](EstimateRecord& r) { r.seed += 1; }),
      hash_of_estimate([](EstimateRecord& r) { r.replicate += 1; }),
      hash_of_estimate([](EstimateRecord& r) { r.value = -0.0; }),
      hash_of_estimate([](EstimateRecord& r) { r.value = 5e-324; }),
      hash_of_estimate([](EstimateRecord& r) {
        r.value = Failure{FailureKind::kMissing, ""};
      }),
  };
  std::sort(hashes.begin(), hashes.end());
  EXPECT_EQ(std::adjacent_find(hashes.begin(), hashes.end()), hashes.end());
}

TEST(StoreContentHash, TellsWhereOneTextEndsAndTheNextBegins) {
  const auto hash = [](std::string space, std::string architecture) {
    const auto store = Store::InMemory();
    EstimateRecord record;
    record.space = std::move(space);
    record.architecture = std::move(architecture);
    store->PutEstimates({record});
    return store->ContentHash();
  };
  EXPECT_NE(hash("ab", "c"), hash("a", "bc"));
  EXPECT_NE(hash("3:1:", ""), hash("", "3:1:"));
}

TEST(StoreThreads, WriteAtOnce) {
  const TempFolder folder;
  constexpr int kThreads = 8, kEach = 40;
  {
    const auto store = Store::Open(folder / "a.db");
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&store, t] {
        for (int i = 0; i < kEach; ++i) {
          const int number = t * kEach + i;
          store->PutProbe(NumberedProbe(number), SomeProvenance());
          store->PutProbe(NumberedProbe(i), SomeProvenance());  // all threads the same ones
          store->PutEstimates({NumberedEstimate(number), NumberedEstimate(i)});
          ExpectSame(*store->FindProbe(NumberedProbe(number).key), NumberedProbe(number));
          if (i % 10 == 0) store->ContentHash();
          if (i % 10 == 5) AllProbes(*store);
          store->SetMeta("thread", std::to_string(t));
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  const auto store = Store::Open(folder / "a.db");
  EXPECT_EQ(AllProbes(*store).size(), std::size_t(kThreads * kEach));
  EXPECT_EQ(AllEstimates(*store).size(), std::size_t(kThreads * kEach));
  for (int i = 0; i < kThreads * kEach; ++i) {
    ExpectSame(*store->FindProbe(NumberedProbe(i).key), NumberedProbe(i));
    ExpectSame(*store->FindEstimate(NumberedEstimate(i).key), NumberedEstimate(i));
  }
}

}  // namespace
}  // namespace mote
