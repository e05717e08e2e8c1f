// Kills, full disks, and a reader beside a writer.
#include <gmock/gmock.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <cstdlib>
#include <sstream>

#include "mote/store/store.h"
#include "mote/store/store_testing.h"

namespace mote {
namespace {

using testing::AllEstimates;
using ::testing::AllOf;
using testing::AllProbes;
using testing::ExpectSame;
using ::testing::HasSubstr;
using testing::InChild;
using testing::NumberedEstimate;
using testing::NumberedProbe;
using testing::Report;
using testing::SomeProvenance;
using ::testing::StartsWith;
using testing::TempFolder;

constexpr int kBatch = 20;  // estimates per transaction

std::vector<EstimateRecord> Batch(int number) {
  std::vector<EstimateRecord> batch;
  for (int i = 0; i < kBatch; ++i) batch.push_back(NumberedEstimate(number * kBatch + i));
  return batch;
}

// Writes record after record, and tells the pipe the number of each when it is stored.
[[noreturn]] void WriteForever(const std::filesystem::path& path, int first, int pipe) {
  const auto store = Store::Open(path);
  for (int number = first;; ++number) {
    store->PutProbe(NumberedProbe(number), SomeProvenance());
    store->PutEstimates(Batch(number));
    if (::write(pipe, &number, sizeof number) != sizeof number) ::_exit(3);
  }
}

// Every record that is there is whole, and those below `acknowledged` are there.
void ExpectWhole(Store& store, int acknowledged) {
  std::size_t probes = 0, estimates = 0;
  int number = 0;
  for (; store.FindProbe(NumberedProbe(number).key); ++number, ++probes) {
    ExpectSame(*store.FindProbe(NumberedProbe(number).key), NumberedProbe(number));
  }
  EXPECT_GE(number, acknowledged);
  for (number = 0; store.FindEstimate(NumberedEstimate(number * kBatch).key); ++number) {
    for (const EstimateRecord& record : Batch(number)) {
      const auto found = store.FindEstimate(record.key);
      ASSERT_TRUE(found) << "half a transaction";
      ExpectSame(*found, record);
      ++estimates;
    }
  }
  EXPECT_GE(number, acknowledged);
  EXPECT_EQ(AllProbes(store).size(), probes);
  EXPECT_EQ(AllEstimates(store).size(), estimates);
}

void ExpectIntegrity(const std::filesystem::path& path) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  for (const char* sql :
       {"PRAGMA integrity_check", "SELECT count(*) = 0 FROM pragma_foreign_key_check",
        "SELECT count(*) = (SELECT count(*) FROM probe) FROM probe_timing"}) {
    sqlite3_stmt* statement = nullptr;
    ASSERT_EQ(sqlite3_prepare_v2(database, sql, -1, &statement, nullptr), SQLITE_OK);
    ASSERT_EQ(sqlite3_step(statement), SQLITE_ROW);
    const std::string answer = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    EXPECT_TRUE(answer == "ok" || answer == "1") << sql << ": " << answer;
    sqlite3_finalize(statement);
  }
  sqlite3_close(database);
}

TEST(StoreCrash, AKilledWriterLosesNothingItAcknowledged) {
  Rng rng(Key(1, "kills"));
  int acknowledged_in_all = 0;
  int early = 0;
  for (int store_number = 0; store_number < 6; ++store_number) {
    const TempFolder folder(TempFolder::Where::kDisk);
    const auto path = folder / "a.db";
    int acknowledged = 0;
    for (int kill = 0; kill < 5; ++kill) {
      int pipe[2];
      ASSERT_EQ(::pipe(pipe), 0);
      const pid_t child = ::fork();
      if (child == 0) {
        ::close(pipe[0]);
        WriteForever(path, acknowledged, pipe[1]);
      }
      ::close(pipe[1]);
      // The first is killed while it makes the file, the others in the midst of writing; after
      // about fifty records the log is moved into the file for the first time.
      const int wanted = kill == 0 ? 0 : int(rng.Below(80));
      const auto delay_us = useconds_t(kill == 0 ? store_number * 500 : int(rng.Below(2000)));
      int number = 0;
      for (int i = 0; i < wanted; ++i) {
        ASSERT_EQ(::read(pipe[0], &number, sizeof number), ssize_t(sizeof number));
        acknowledged = number + 1;
      }
      ::usleep(delay_us);
      ::kill(child, SIGKILL);
      int status = 0;
      ASSERT_EQ(::waitpid(child, &status, 0), child);
      ASSERT_TRUE(WIFSIGNALED(status));
      while (::read(pipe[0], &number, sizeof number) == ssize_t(sizeof number)) {
        acknowledged = number + 1;
      }
      ::close(pipe[0]);

      if (acknowledged == 0) {
        ++early;  // the file may be missing or empty, or have its tables
        EXPECT_THAT(Report([&] { Store::OpenReadOnly(path); }),
                    ::testing::AnyOf("ok", StartsWith("not found: "), StartsWith("input/output")));
      } else {
        ExpectWhole(*Store::OpenReadOnly(path), acknowledged);  // from the log of the killed one
      }
      ExpectWhole(*Store::Open(path), acknowledged);
      ExpectIntegrity(path);
    }
    acknowledged_in_all += acknowledged;
  }
  EXPECT_GT(acknowledged_in_all, 300);
  EXPECT_GT(early, 0);
}

TEST(StoreCrash, AReaderSeesAGrowingWholeWhileAnotherProcessWrites) {
  const TempFolder folder(TempFolder::Where::kDisk);
  const auto path = folder / "a.db";
  Store::Open(path);
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  const pid_t child = ::fork();
  if (child == 0) WriteForever(path, 0, pipe[1]);
  ::close(pipe[1]);
  int acknowledged = 0;
  for (int round = 0; round < 10; ++round) {
    int number = 0;
    for (int i = 0; i < 10; ++i) {
      ASSERT_EQ(::read(pipe[0], &number, sizeof number), ssize_t(sizeof number));
      acknowledged = number + 1;
    }
    const auto reader = Store::OpenReadOnly(path);
    const auto probes = AllProbes(*reader);
    EXPECT_GE(int(probes.size()), acknowledged);
    for (int i = 0; i < acknowledged; ++i) {
      ExpectSame(*reader->FindProbe(NumberedProbe(i).key), NumberedProbe(i));
    }
    EXPECT_GE(int(AllEstimates(*reader).size()), acknowledged * kBatch);
    reader->ContentHash();
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(pipe[0]);
  ExpectWhole(*Store::Open(path), acknowledged);
}

void LimitFileSize(rlim_t bytes) {
  struct rlimit limit;
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = bytes;
  if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(4);
}

TEST(StoreFullDisk, IsAnErrorThatLeavesWhatWasStored) {
  const TempFolder folder(TempFolder::Where::kDisk);
  const auto path = folder / "a.db";
  // The child says how many probes it stored, what it was told, and what worked after that.
  const std::string answer = InChild([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const auto store = Store::Open(path);
    LimitFileSize(400'000);
    int stored = 0;
    std::string report;
    while ((report = Report([&] {
              store->PutProbe(NumberedProbe(stored), SomeProvenance());
              store->PutEstimates(Batch(stored));
            })) == "ok") {
      ++stored;
    }
    const bool reads = stored > 0 && store->FindProbe(NumberedProbe(stored - 1).key).has_value();
    const std::string again = Report([&] { store->PutEstimates(Batch(stored)); });
    LimitFileSize(RLIM_INFINITY);
    const std::string after = Report([&] {
      store->PutProbe(NumberedProbe(stored), SomeProvenance());
      store->PutEstimates(Batch(stored));
    });
    return fmt::format("{}\n{}\n{}\n{}\n{}", stored + 1, report, reads, again, after);
  });
  std::vector<std::string> lines;
  std::istringstream stream(answer);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  ASSERT_EQ(lines.size(), 5u) << answer;
  const int stored = std::atoi(lines[0].c_str());
  EXPECT_GT(stored, 10);
  EXPECT_EQ(lines[1],
            fmt::format("input/output error: cannot write '{}': disk full, or the file may "
                        "grow no further (ulimit -f); make room and start again, what is "
                        "stored already is kept",
                        path.string()));
  EXPECT_EQ(lines[2], "true");
  EXPECT_THAT(lines[3], HasSubstr("disk full"));
  EXPECT_EQ(lines[4], "ok");
  ExpectWhole(*Store::OpenReadOnly(path), stored);
  ExpectWhole(*Store::Open(path), stored);
  ExpectIntegrity(path);
}

TEST(StoreFullDisk, StopsAtEveryStageOfOpening) {
  for (rlim_t limit : {0, 1, 100, 4096, 8192, 20'000, 32'768, 60'000}) {
    const TempFolder folder(TempFolder::Where::kDisk);
    const auto path = folder / "a.db";
    const std::string report = InChild([&] {
      ::signal(SIGXFSZ, SIG_IGN);
      LimitFileSize(limit);
      return Report([&] {
        const auto store = Store::Open(path);
        for (int i = 0; i < 300; ++i) store->PutProbe(NumberedProbe(i), SomeProvenance());
      });
    });
    EXPECT_THAT(report,
                AllOf(StartsWith("input/output error: cannot write"), HasSubstr(path.string())))
        << limit;
    // What it left is a store, or becomes one.
    const auto store = Store::Open(path);
    store->PutProbe(NumberedProbe(1000), SomeProvenance());
    EXPECT_TRUE(store->FindProbe(NumberedProbe(1000).key));
  }
}

TEST(StoreFullDisk, CountsWhatIsStoredBeforeALimitMetWhileMovingTheLog) {
  const TempFolder folder(TempFolder::Where::kDisk);
  const auto path = folder / "a.db";
  {
    const auto store = Store::Open(path);
    for (int i = 0; i < 100; ++i) store->PutProbe(NumberedProbe(i), SomeProvenance());
  }
  // Closing moves the log into the file, which may not grow: the log stays, and nothing is lost.
  const std::string answer = InChild([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    auto store = Store::Open(path);
    for (int i = 100; i < 200; ++i) store->PutProbe(NumberedProbe(i), SomeProvenance());
    LimitFileSize(1000);
    return Report([&] { store.reset(); });
  });
  EXPECT_EQ(answer, "ok");
  EXPECT_TRUE(std::filesystem::exists(path.string() + "-wal"));
  for (const auto& store : {Store::OpenReadOnly(path), Store::Open(path)}) {
    ASSERT_EQ(AllProbes(*store).size(), 200u);
    for (int i = 0; i < 200; ++i) {
      ExpectSame(*store->FindProbe(NumberedProbe(i).key), NumberedProbe(i));
    }
  }
}

}  // namespace
}  // namespace mote
