// Opening a store: finding out what a file is before anything is written to it.
#include "mote/store/store.h"

#include <system_error>
#include <utility>

#include "mote/base/error.h"
#include "mote/store/database.h"
#include "mote/store/file_lock.h"
#include "mote/store/schema.h"
#include "mote/store/sqlite_store.h"

namespace mote {
namespace {

namespace fs = std::filesystem;
using sqlite::Access;
using sqlite::Database;
using sqlite::Transaction;

void RefuseEmptyPath(const fs::path& path) {
  if (path.empty()) {
    Throw(ErrorCode::kInvalidArgument, "the path of the store is empty; name a file");
  }
}

// Absolute and without symbolic links, so that one file has one lock.
fs::path Canonical(const fs::path& path) {
  std::error_code error;
  fs::path canonical = fs::weakly_canonical(path, error);
  if (!error && canonical.is_absolute()) return canonical;
  canonical = fs::absolute(path, error);
  return error ? path : canonical;
}

// Whether the database is a store; false if nothing has been written to it. Throws if it is neither
// or of another version.
bool IsStore(Database& database) {
  const std::int64_t application = database.QueryInteger("PRAGMA application_id");
  const std::int64_t version = database.QueryInteger("PRAGMA user_version");
  if (application == 0 && version == 0 &&
      database.QueryInteger("SELECT count(*) FROM sqlite_schema") == 0) {
    return false;
  }
  if (application != kApplicationId) {
    Throw(ErrorCode::kCorrupt,
          "'{}' is not a mote store but an SQLite database of another program (application id {}); "
          "name another file",
          database.name(), application);
  }
  if (version != Store::kSchemaVersion) {
    const bool newer = version > Store::kSchemaVersion;
    Throw(ErrorCode::kUnsupported,
          "'{}' is a mote store of {} version {}, and this program reads version {}; {}, or name "
          "another file",
          database.name(), newer ? "the newer" : "the older", version, Store::kSchemaVersion,
          newer ? "use a newer mote" : "use the mote that wrote it");
  }
  return true;
}

// SQLite takes a last page cut short as if zeros followed. Only a log could still complete it.
void RefuseHalfAPage(Database& database, const fs::path& file) {
  if (sqlite::HasLog(file)) return;
  std::error_code error;
  const std::uintmax_t size = fs::file_size(file, error);
  if (!error && size % std::uintmax_t(database.QueryInteger("PRAGMA page_size")) != 0) {
    database.Damaged("it ends amid a page");
  }
}

void MakeTables(Database& database) {
  Transaction transaction(database, Transaction::Kind::kWrite);
  database.Execute(kSchema);
  database.Execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}",
                               kApplicationId, Store::kSchemaVersion));
  transaction.Commit();
}

}  // namespace

std::unique_ptr<Store> Store::Open(const fs::path& path) {
  RefuseEmptyPath(path);
  const fs::path file = Canonical(path);
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (error) {
    Throw(ErrorCode::kIo, "cannot make the folder of '{}': {}", path.string(), error.message());
  }
  if (fs::is_directory(file, error)) {
    Throw(ErrorCode::kIo, "'{}' is a folder; name a file in it", path.string());
  }
  auto lock = std::make_unique<FileLock>(file.string() + ".lock", path.string());
  auto database = std::make_unique<Database>(file, Access::kReadWrite, path.string());
  // Asked before anything is written, so that a stranger's file stays as it is.
  const bool is_store = IsStore(*database);
  RefuseHalfAPage(*database, file);
  if (database->read_only()) {
    Throw(ErrorCode::kIo,
          "cannot write '{}': it may only be read; allow writing or name another "
          "file",
          path.string());
  }
  if (database->QueryText("PRAGMA journal_mode = WAL") != "wal") {
    Throw(ErrorCode::kIo,
          "the file system of '{}' cannot hold a store (no write-ahead log); name a "
          "file on a local disk",
          path.string());
  }
  database->Execute("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
  if (!is_store) MakeTables(*database);
  return MakeSqliteStore(std::move(lock), std::move(database));
}

std::unique_ptr<Store> Store::OpenReadOnly(const fs::path& path) {
  RefuseEmptyPath(path);
  const fs::path file = Canonical(path);
  std::error_code error;
  if (!fs::exists(file, error)) {
    Throw(ErrorCode::kNotFound, "there is no store '{}'", path.string());
  }
  auto database = std::make_unique<Database>(file, sqlite::AccessForReading(file), path.string());
  if (!IsStore(*database)) {
    Throw(ErrorCode::kNotFound, "the store '{}' is empty: no run has written to it yet",
          path.string());
  }
  RefuseHalfAPage(*database, file);
  return MakeSqliteStore(nullptr, std::move(database));
}

std::unique_ptr<Store> Store::InMemory() {
  auto database = std::make_unique<Database>("", Access::kReadWrite, "the store in memory");
  database->Execute("PRAGMA foreign_keys = ON");
  MakeTables(*database);
  return MakeSqliteStore(nullptr, std::move(database));
}

}  // namespace mote
