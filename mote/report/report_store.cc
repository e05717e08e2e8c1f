#include "mote/report/report_store.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <system_error>

#include "mote/base/error.h"
#include "mote/base/file.h"
#include "mote/store/database.h"
#include "mote/store/failure_name.h"
#include "mote/store/store.h"

namespace mote {
namespace {

namespace fs = std::filesystem;
using sqlite::Cursor;
using sqlite::Database;
using sqlite::Statement;
using sqlite::Transaction;

// A copy of a store and its log, in a folder of its own that is removed at the end.
class Copy {
 public:
  explicit Copy(const fs::path& file) {
    std::string name = (fs::temp_directory_path() / "mote-report-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      Throw(ErrorCode::kIo,
            "cannot make a folder in '{}' to copy '{}' to, which has a log beside it and cannot be "
            "read in place",
            fs::temp_directory_path().string(), file.string());
    }
    folder_ = name;
    try {
      fs::copy_file(file, this->file());
      fs::copy_file(file.string() + "-wal", this->file().string() + "-wal");
      fs::permissions(this->file(), fs::perms::owner_write, fs::perm_options::add);
    } catch (const fs::filesystem_error& error) {
      Remove();
      Throw(ErrorCode::kIo, "cannot copy '{}' to '{}': {}", file.string(), folder_.string(),
            error.code().message());
    }
  }
  ~Copy() { Remove(); }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;

  fs::path file() const { return folder_ / "store.sqlite"; }

 private:
  void Remove() const {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  fs::path folder_;
};

std::optional<Failure> ReadFailure(const Cursor& row, int column, const Database& database) {
  if (row.IsNull(column)) return std::nullopt;
  const auto kind = FailureOfName(row.Text(column));
  if (!kind) database.Damaged("a failure of no known kind");
  return Failure{*kind, std::string(row.Text(column + 1))};
}

void ReadEstimates(Database& database, StoreContent& content) {
  std::map<std::string, int, std::less<>> index_of;
  Statement all(database,
                "SELECT space, architecture, estimator, options, seed, replicate, value, "
                "failure_kind, failure_message FROM estimate ORDER BY rowid");
  Cursor row(all);
  while (row.Step()) {
    WrittenEstimate estimate;
    estimate.space = row.Text(0);
    estimate.architecture = row.Text(1);
    estimate.estimator = row.Text(2);
    auto options = index_of.find(row.Text(3));
    if (options == index_of.end()) {
      options = index_of.emplace(row.Text(3), int(content.options.size())).first;
      content.options.push_back(options->first);
    }
    estimate.options = options->second;
    estimate.seed = std::uint64_t(row.Integer(4));
    estimate.replicate = int(row.Integer(5));
    if (auto failure = ReadFailure(row, 7, database)) {
      estimate.value = std::move(*failure);
    } else {
      estimate.value = row.Real(6);
    }
    content.estimates.push_back(std::move(estimate));
  }
}

void ReadProbes(Database& database, StoreContent& content) {
  std::map<std::int64_t, int> index_of;  // of provenances, by their id
  Statement all(database,
                "SELECT space, architecture, probe, seed, replicate, failure_kind, "
                "failure_message, seconds, date, provenance.id, version, commit_id, compiler, "
                "backend, device, isa, dataset, provenance.fingerprint "
                "FROM probe LEFT JOIN probe_timing USING (key) "
                "LEFT JOIN provenance ON provenance.id = provenance ORDER BY probe.rowid");
  Cursor row(all);
  while (row.Step()) {
    WrittenProbe probe;
    probe.space = row.Text(0);
    probe.architecture = row.Text(1);
    probe.probe = row.Text(2);
    probe.seed = std::uint64_t(row.Integer(3));
    probe.replicate = int(row.Integer(4));
    probe.failure = ReadFailure(row, 5, database);
    if (!row.IsNull(7)) {
      probe.seconds = row.Real(7);
      probe.date = row.Text(8);
    }
    if (!row.IsNull(9)) {
      const auto [found, is_new] =
          index_of.emplace(row.Integer(9), int(content.provenances.size()));
      if (is_new) {
        const auto text = [&](int column) { return std::string(row.Text(column)); };
        content.provenances.push_back(
            {text(10), text(11), text(12), text(13), text(14), text(15), text(16), text(17)});
      }
      probe.provenance = found->second;
    }
    content.probes.push_back(std::move(probe));
  }
}

StoreContent ReadFrom(const fs::path& file, const fs::path& name) {
  // Its checks: that it is a store, whole, and of our version.
  Store::OpenReadOnly(file);
  Database database(fs::absolute(file), sqlite::AccessForReading(file), name.string());
  StoreContent content;
  Transaction moment(database, Transaction::Kind::kRead);
  ReadEstimates(database, content);
  ReadProbes(database, content);
  moment.Commit();
  return content;
}

}  // namespace

StoreContent ReadStoreContent(const fs::path& path) {
  if (fs::exists(path) && !sqlite::CanWriteBeside(path) && sqlite::HasLog(path)) {
    const Copy copy(path);
    return ReadFrom(copy.file(), path);
  }
  return ReadFrom(path, path);
}

// The system's list of locks is read rather than the lock tried: for the moment of a try, a run
// that begins just then would be refused. Some file systems are listed by another device than they
// show elsewhere; there the number of the process that the lock file holds must match.
bool IsStoreInUse(const fs::path& path) {
  const std::string lock_file = path.string() + ".lock";
  struct stat lock;
  if (::stat(lock_file.c_str(), &lock) != 0) return false;
  std::string holder;
  std::ifstream(lock_file) >> holder;
  const std::string device = fmt::format("{:02x}:{:02x}", major(lock.st_dev), minor(lock.st_dev));
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    // "1: FLOCK  ADVISORY  WRITE 18392 fe:00:11059453 0 EOF"
    std::istringstream words(line);
    std::string number, kind, force, access, process, place;
    words >> number >> kind >> force >> access >> process >> place;
    const std::size_t colon = place.rfind(':');
    if (kind != "FLOCK" || colon == std::string::npos) continue;
    if (place.substr(colon + 1) != std::to_string(lock.st_ino)) continue;
    if (place.substr(0, colon) == device || process == holder) return true;
  }
  return false;
}

}  // namespace mote
