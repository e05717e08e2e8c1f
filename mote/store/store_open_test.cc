// Opening: what is accepted, what is refused and in which words, and what damage does.
#include <gmock/gmock.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <cstring>
#include <fstream>

#include "mote/base/file.h"
#include "mote/store/schema.h"
#include "mote/store/store.h"
#include "mote/store/store_testing.h"

namespace mote {
namespace {

using testing::AllEstimates;
using ::testing::AllOf;
using testing::AllProbes;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using testing::InChild;
using testing::NumberedEstimate;
using testing::NumberedProbe;
using testing::Report;
using testing::SomeProvenance;
using ::testing::StartsWith;
using testing::TempFolder;

namespace fs = std::filesystem;

std::string ReportOpen(const fs::path& path) {
  return Report([&] { Store::Open(path); });
}

std::string ReportRead(const fs::path& path) {
  return Report([&] { Store::OpenReadOnly(path); });
}

void RunSql(const fs::path& path, const std::string& sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(database);
  sqlite3_close(database);
}

void MakeStore(const fs::path& path, int records) {
  const auto store = Store::Open(path);
  for (int i = 0; i < records; ++i) store->PutProbe(NumberedProbe(i), SomeProvenance());
  for (int i = 0; i < records; ++i) store->PutEstimates({NumberedEstimate(i)});
  store->SetMeta("records", std::to_string(records));
}

// Everything that a store can be asked, on a file that may be damaged.
void UseAll(Store& store) {
  AllProbes(store);
  AllEstimates(store);
  store.ContentHash();
  store.Meta("records");
  for (int i = 0; i < 5; ++i) {
    store.FindProbe(NumberedProbe(i).key);
    store.FindEstimate(NumberedEstimate(i).key);
  }
}

TEST(StoreOpen, LeavesOneFileWhenClosed) {
  const TempFolder folder;
  MakeStore(folder / "a.db", 3);
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    names.push_back(entry.path().filename());
  }
  EXPECT_EQ(names, std::vector<std::string>{"a.db"});
}

TEST(StoreOpen, MakesMissingParents) {
  const TempFolder folder;
  EXPECT_EQ(ReportOpen(folder / "x/y/a.db"), "ok");
  EXPECT_EQ(ReportRead(folder / "x/y/a.db"), "ok");
}

TEST(StoreOpen, TakesOddNames) {
  const TempFolder folder;
  for (const char* name : {"a b?c#d%20.db", ":memory:", "file:x.db", "ä'\".db"}) {
    EXPECT_EQ(ReportOpen(folder / name), "ok");
    EXPECT_TRUE(fs::exists(folder / name)) << name;
    EXPECT_EQ(ReportRead(folder / name), "ok");
  }
}

TEST(StoreOpen, TakesAnEmptyFile) {
  const TempFolder folder;
  std::ofstream(folder / "a.db").flush();
  EXPECT_THAT(ReportRead(folder / "a.db"), AllOf(StartsWith("not found: "), HasSubstr("is empty")));
  EXPECT_EQ(ReportOpen(folder / "a.db"), "ok");
  EXPECT_EQ(ReportRead(folder / "a.db"), "ok");
}

TEST(StoreOpen, RefusesEmptyPathsAndFolders) {
  const TempFolder folder;
  EXPECT_THAT(ReportOpen(""), StartsWith("invalid argument: "));
  EXPECT_THAT(ReportRead(""), StartsWith("invalid argument: "));
  EXPECT_THAT(ReportOpen(folder.path()), HasSubstr("is a folder"));
  EXPECT_THAT(ReportRead(folder.path()), StartsWith("input/output error: "));
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(StoreOpen, FindsNoStoreToRead) {
  const TempFolder folder;
  EXPECT_EQ(ReportRead(folder / "none.db"),
            fmt::format("not found: there is no store '{}'", (folder / "none.db").string()));
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(StoreOpen, RefusesAFolderBelowAFile) {
  const TempFolder folder;
  std::ofstream(folder / "file") << "x";
  EXPECT_THAT(ReportOpen(folder / "file/a.db"),
              AllOf(StartsWith("input/output error: "), HasSubstr((folder / "file/a.db").string()),
                    HasSubstr("Not a directory")));
  EXPECT_THAT(ReportRead(folder / "file/a.db"), StartsWith("not found: "));
}

TEST(StoreOpen, RefusesWhatIsNoDatabase) {
  const TempFolder folder;
  const std::string text = "operation,accuracy\n" + std::string(5000, 'x');
  std::ofstream(folder / "a.csv") << text;
  const std::string want = fmt::format(
      "corrupt data: '{}' is not a mote store, nor any SQLite "
      "database; name another file",
      (folder / "a.csv").string());
  EXPECT_EQ(ReportOpen(folder / "a.csv"), want);
  EXPECT_EQ(ReportRead(folder / "a.csv"), want);
  EXPECT_EQ(ReadFile(folder / "a.csv"), text);
  std::ofstream(folder / "short") << "hello";
  EXPECT_THAT(ReportOpen(folder / "short"), StartsWith("corrupt data: "));
  EXPECT_EQ(ReadFile(folder / "short"), "hello");
}

TEST(StoreOpen, LeavesAnotherProgramsDatabaseAlone) {
  const TempFolder folder;
  RunSql(folder / "plain.db", "CREATE TABLE t (x)");
  RunSql(folder / "named.db", "PRAGMA application_id = 77; CREATE TABLE t (x)");
  for (const char* name : {"plain.db", "named.db"}) {
    const std::string before = ReadFile(folder / name);
    EXPECT_THAT(ReportOpen(folder / name),
                AllOf(StartsWith("corrupt data: "), HasSubstr("of another program")));
    EXPECT_THAT(ReportRead(folder / name), StartsWith("corrupt data: "));
    EXPECT_EQ(ReadFile(folder / name), before);
    EXPECT_FALSE(fs::exists(folder / (std::string(name) + ".lock")));
  }
  EXPECT_THAT(ReportOpen(folder / "named.db"), HasSubstr("(application id 77)"));
}

TEST(StoreOpen, RefusesOtherSchemaVersions) {
  const TempFolder folder;
  MakeStore(folder / "a.db", 1);
  RunSql(folder / "a.db", "PRAGMA user_version = 7");
  const std::string newer = fmt::format(
      "unsupported: '{}' is a mote store of the newer version 7, and this program reads version 1; "
      "use a newer mote, or name another file",
      (folder / "a.db").string());
  EXPECT_EQ(ReportOpen(folder / "a.db"), newer);
  EXPECT_EQ(ReportRead(folder / "a.db"), newer);
  RunSql(folder / "a.db", "PRAGMA user_version = 0");
  EXPECT_EQ(ReportOpen(folder / "a.db"),
            fmt::format("unsupported: '{}' is a mote store of the older version 0, and this "
                        "program reads version 1; "
                        "use the mote that wrote it, or name another file",
                        (folder / "a.db").string()));
  RunSql(folder / "a.db", "PRAGMA user_version = 1");
  EXPECT_EQ(ReportOpen(folder / "a.db"), "ok");
}

TEST(StoreOpen, RefusesAStoreWithoutItsTables) {
  const TempFolder folder;
  MakeStore(folder / "a.db", 1);
  RunSql(folder / "a.db", "DROP TABLE estimate");
  EXPECT_THAT(ReportOpen(folder / "a.db"),
              AllOf(StartsWith("corrupt data: "), HasSubstr("no such table: estimate")));
  EXPECT_THAT(ReportRead(folder / "a.db"), StartsWith("corrupt data: "));
}

// Runs `act` as a user without rights, in a child: root may write anywhere.
std::string AsNobody(const std::function<std::string()>& act) {
  return InChild([&]() -> std::string {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) return "no nobody";
    return act();
  });
}

TEST(StoreOpen, RefusesAFileThatMayOnlyBeRead) {
  const TempFolder folder;
  MakeStore(folder / "a.db", 3);
  ::chmod((folder / "a.db").c_str(), 0444);
  ::chmod(folder.path().c_str(), 0777);
  EXPECT_THAT(AsNobody([&] { return ReportOpen(folder / "a.db"); }),
              AllOf(StartsWith("input/output error: cannot write"), HasSubstr("may only be read")));
  EXPECT_EQ(AsNobody([&] { return ReportRead(folder / "a.db"); }), "ok");
  EXPECT_EQ(AllProbes(*Store::OpenReadOnly(folder / "a.db")).size(), 3u);
}

TEST(StoreOpen, ReadsInAFolderThatMayOnlyBeRead) {
  const TempFolder folder;
  MakeStore(folder / "a?.db", 3);
  ::chmod(folder.path().c_str(), 0555);
  const auto count = [&] {
    std::size_t probes = 0;
    const std::string report =
        Report([&] { probes = AllProbes(*Store::OpenReadOnly(folder / "a?.db")).size(); });
    return fmt::format("{} {}", report, probes);
  };
  EXPECT_EQ(AsNobody(count), "ok 3");
  EXPECT_THAT(
      AsNobody([&] { return ReportOpen(folder / "a?.db"); }),
      AllOf(StartsWith("input/output error: cannot write"), HasSubstr("Permission denied")));
  {
    // While a writer's log is there, its records are seen, too.
    ::chmod(folder.path().c_str(), 0755);
    const auto writer = Store::Open(folder / "a?.db");
    writer->PutProbe(NumberedProbe(3), SomeProvenance());
    ::chmod(folder.path().c_str(), 0555);
    EXPECT_EQ(AsNobody(count), "ok 4");
  }
  ::chmod(folder.path().c_str(), 0755);
}

TEST(StoreOpen, RefusesASecondWriter) {
  const TempFolder folder;
  const auto store = Store::Open(folder / "a.db");
  EXPECT_EQ(
      InChild([&] { return ReportOpen(folder / "a.db"); }),
      fmt::format("input/output error: '{}' is in use by process {}; wait for it, stop it, or "
                  "name another file",
                  (folder / "a.db").string(), ::getpid()));
  EXPECT_THAT(ReportOpen(folder / "a.db"), HasSubstr("in use by this process"));
  fs::create_symlink(folder / "a.db", folder / "link.db");
  EXPECT_THAT(ReportOpen(folder / "link.db"), HasSubstr("in use by this process"));
  EXPECT_EQ(ReportOpen(folder / "b.db"), "ok");
  store->PutProbe(NumberedProbe(0), SomeProvenance());
}

TEST(StoreOpen, IsFreeAgainAfterClosingOrFailing) {
  const TempFolder folder;
  EXPECT_EQ(ReportOpen(folder / "a.db"), "ok");
  EXPECT_EQ(ReportOpen(folder / "a.db"), "ok");
  std::ofstream(folder / "text") << std::string(1000, 'x');
  EXPECT_THAT(ReportOpen(folder / "text"), StartsWith("corrupt data: "));
  EXPECT_THAT(ReportOpen(folder / "text"), StartsWith("corrupt data: "));
}

TEST(StoreOpenReadOnly, SeesWhatAWriterAdds) {
  const TempFolder folder;
  const auto writer = Store::Open(folder / "a.db");
  const auto reader = Store::OpenReadOnly(folder / "a.db");
  for (int i = 0; i < 5; ++i) {
    writer->PutProbe(NumberedProbe(i), SomeProvenance());
    EXPECT_EQ(AllProbes(*reader).size(), std::size_t(i + 1));
  }
  EXPECT_EQ(reader->ContentHash(), writer->ContentHash());
}

TEST(StoreOpenReadOnly, CannotWrite) {
  const TempFolder folder;
  MakeStore(folder / "a.db", 2);
  const auto reader = Store::OpenReadOnly(folder / "a.db");
  EXPECT_THAT(Report([&] { reader->PutProbe(NumberedProbe(5), SomeProvenance()); }),
              AllOf(StartsWith("input/output error: cannot write"), HasSubstr("may only be read")));
  EXPECT_THAT(Report([&] { reader->PutEstimates({NumberedEstimate(5)}); }),
              StartsWith("input/output error: "));
  EXPECT_THAT(Report([&] { reader->SetMeta("a", "b"); }), StartsWith("input/output error: "));
  EXPECT_EQ(AllProbes(*reader).size(), 2u);
}

TEST(StoreDamage, TruncatedFilesAreRefused) {
  const TempFolder folder;
  MakeStore(folder / "a.db", 40);
  const std::string whole = ReadFile(folder / "a.db");
  ASSERT_GT(whole.size(), 20'000u);
  for (const std::size_t size :
       {std::size_t(2), std::size_t(50), std::size_t(99), std::size_t(100), std::size_t(511),
        std::size_t(512), std::size_t(4095), std::size_t(4096), std::size_t(8192), whole.size() / 2,
        whole.size() - 4096, whole.size() - 1}) {
    std::ofstream(folder / "b.db", std::ios::binary) << whole.substr(0, size);
    EXPECT_THAT(ReportRead(folder / "b.db"), StartsWith("corrupt data: ")) << size;
    EXPECT_THAT(ReportOpen(folder / "b.db"), StartsWith("corrupt data: ")) << size;
    EXPECT_EQ(ReadFile(folder / "b.db").size(), size);
  }
}

TEST(StoreDamage, AFlippedMagicIsRefused) {
  const TempFolder folder;
  MakeStore(folder / "a.db", 2);
  const std::string whole = ReadFile(folder / "a.db");
  const auto expect_refused = [&](std::size_t at) {
    std::string damaged = whole;
    damaged[at] = char(damaged[at] ^ 0x20);
    std::ofstream(folder / "b.db", std::ios::binary) << damaged;
    EXPECT_THAT(ReportOpen(folder / "b.db"),
                AnyOf(StartsWith("corrupt data: "), StartsWith("unsupported: ")))
        << at;
  };
  for (std::size_t at = 0; at < 16; ++at) expect_refused(at);   // "SQLite format 3"
  for (std::size_t at = 60; at < 64; ++at) expect_refused(at);  // user_version
  for (std::size_t at = 68; at < 72; ++at) expect_refused(at);  // application_id
}

// Whatever is damaged: an Error or an answer, never a crash, a hang or another exception.
TEST(StoreDamage, RandomFlipsEndInAnErrorOrAnAnswer) {
  const TempFolder folder;
  MakeStore(folder / "a.db", 12);
  const std::string whole = ReadFile(folder / "a.db");
  Rng rng(Key(1, "flips"));
  int refused = 0;
  for (int round = 0; round < 300; ++round) {
    std::string damaged = whole;
    // In turn: the header, the first page with the schema, all of it.
    const std::size_t range = round % 3 == 0 ? 100 : round % 3 == 1 ? 4096 : whole.size();
    for (std::uint64_t flips = 1 + rng.Below(4); flips > 0; --flips) {
      const std::size_t at = rng.Below(range);
      damaged[at] = char(damaged[at] ^ (1 << rng.Below(8)));
    }
    std::ofstream(folder / "b.db", std::ios::binary) << damaged;
    for (const bool write : {false, true}) {
      const std::string report = Report([&] {
        const auto store =
            write ? Store::Open(folder / "b.db") : Store::OpenReadOnly(folder / "b.db");
        UseAll(*store);
        if (write) {
          for (int i = 0; i < 20; ++i) store->PutProbe(NumberedProbe(i), SomeProvenance());
        }
      });
      EXPECT_THAT(report, AnyOf("ok", StartsWith("corrupt data: "), StartsWith("unsupported: "),
                                StartsWith("not found: "), StartsWith("input/output error: ")));
      refused += report != "ok";
    }
    for (const char* rest : {"b.db", "b.db-wal", "b.db-shm", "b.db-journal"}) {
      fs::remove(folder / rest);
    }
  }
  EXPECT_GT(refused, 100);
}

TEST(StoreDamage, RowsThatNoProgramOfOursWroteAreRefused) {
  const TempFolder folder;
  const auto report_after = [&](const std::string& sql) {
    fs::remove(folder / "a.db");
    MakeStore(folder / "a.db", 7);
    RunSql(folder / "a.db", "PRAGMA ignore_check_constraints = ON; " + sql);
    return Report([&] { UseAll(*Store::Open(folder / "a.db")); });
  };
  EXPECT_EQ(report_after("SELECT 1"), "ok");
  EXPECT_THAT(report_after("UPDATE probe SET series = substr(series, 1, length(series) - 1) "
                           "WHERE series IS NOT NULL"),
              AllOf(StartsWith("corrupt data: "), HasSubstr("a.db', probe "),
                    HasSubstr("it ends too early")));
  EXPECT_THAT(report_after("UPDATE probe SET failure_kind = 'tired', failure_message = '' "
                           "WHERE series IS NULL"),
              HasSubstr("unknown kind of failure 'tired'"));
  EXPECT_THAT(report_after("UPDATE probe SET failure_kind = 'missing'"),
              StartsWith("corrupt data: "));
  EXPECT_THAT(report_after("UPDATE probe SET series = NULL"), StartsWith("corrupt data: "));
  EXPECT_THAT(report_after("UPDATE probe SET failure_message = NULL"),
              StartsWith("corrupt data: "));
  EXPECT_THAT(report_after("UPDATE probe SET replicate = 1 << 40"), HasSubstr("a replicate is"));
  EXPECT_THAT(report_after("UPDATE estimate SET key = x'00' WHERE replicate = 0 AND seed = 0"),
              HasSubstr("a key has not 16 bytes"));
  EXPECT_THAT(report_after("UPDATE estimate SET value = 'x'"), HasSubstr("wrong type"));
  EXPECT_THAT(report_after("DELETE FROM probe_timing"), HasSubstr("wrong type"));
}

TEST(StoreSchema, NamesOurFilesAtTheDocumentedPlace) {
  const TempFolder folder;
  MakeStore(folder / "a.db", 0);
  EXPECT_EQ(ReadFile(folder / "a.db").substr(68, 4), "MOTE");
}

}  // namespace
}  // namespace mote
