#include "mote/store/sqlite_store.h"

#include <array>
#include <cmath>
#include <limits>
#include <mutex>
#include <utility>

#include "mote/base/error.h"
#include "mote/store/failure_name.h"
#include "mote/store/series_codec.h"

namespace mote {
namespace {

using sqlite::Cursor;
using sqlite::Database;
using sqlite::Statement;
using sqlite::Transaction;

// The deterministic columns, in the order in which rows are read and hashed.
#define MOTE_PROBE_COLUMNS                                                           \
  "key, space, architecture, probe, options, fingerprint, seed, replicate, series, " \
  "failure_kind, failure_message"
#define MOTE_ESTIMATE_COLUMNS                                              \
  "key, space, architecture, estimator, options, seed, replicate, value, " \
  "failure_kind, failure_message"
constexpr int kProbeColumns = 11;
constexpr int kEstimateColumns = 10;

// Rows that ForEach... holds at a time.
constexpr std::int64_t kPage = 256;

// Big-endian, so that SQLite orders keys as Hash128 does.
std::array<std::byte, 16> Bytes(const Hash128& key) {
  std::array<std::byte, 16> bytes;
  for (int i = 0; i < 8; ++i) {
    bytes[std::size_t(i)] = std::byte(key.high >> (56 - 8 * i) & 0xff);
    bytes[8 + std::size_t(i)] = std::byte(key.low >> (56 - 8 * i) & 0xff);
  }
  return bytes;
}

// Reads rows back, and refuses those that no program of ours wrote.
class RowReader {
 public:
  RowReader(const Cursor& row, const Database& database) : row_(row), database_(database) {}

  Hash128 Key() {
    const auto bytes = row_.Blob(column_++);
    if (bytes.size() != 16) database_.Damaged("a key has not 16 bytes");
    Hash128 key;
    for (std::size_t i = 0; i < 8; ++i) {
      key.high = key.high << 8 | std::uint64_t(bytes[i]);
      key.low = key.low << 8 | std::uint64_t(bytes[8 + i]);
    }
    return key;
  }

  std::string Text() { return std::string(row_.Text(column_++)); }
  std::uint64_t Seed() { return std::uint64_t(row_.Integer(column_++)); }
  double Real() { return row_.Real(column_++); }

  int Int() {
    const std::int64_t value = row_.Integer(column_++);
    if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max()) {
      database_.Damaged(fmt::format("a replicate is {}", value));
    }
    return int(value);
  }

  // The next three columns: a value or NULL, and the failure or NULLs. `read` reads a value.
  template <typename T, typename Read>
  Outcome<T> Result(Read read) {
    const int value = column_, kind = column_ + 1, message = column_ + 2;
    column_ += 3;
    if (row_.IsNull(value) == row_.IsNull(kind)) {
      database_.Damaged("a record has not exactly one of value and failure");
    }
    if (row_.IsNull(kind)) return read(value);
    if (const auto known = FailureOfName(row_.Text(kind))) {
      return Failure{*known, std::string(row_.Text(message))};
    }
    database_.Damaged(fmt::format("unknown kind of failure '{}'", row_.Text(kind)));
  }

 private:
  const Cursor& row_;
  const Database& database_;
  int column_ = 0;
};

ProbeRecord ReadProbe(const Cursor& row, const Database& database) {
  RowReader reader(row, database);
  ProbeRecord record;
  record.key = reader.Key();
  record.space = reader.Text();
  record.architecture = reader.Text();
  record.probe = reader.Text();
  record.options = reader.Text();
  record.fingerprint = reader.Text();
  record.seed = reader.Seed();
  record.replicate = reader.Int();
  record.result = reader.Result<ProbeResult>([&](int column) {
    return DecodeSeries(row.Blob(column),
                        fmt::format("'{}', probe {}", database.name(), record.key.Hex()));
  });
  record.seconds = reader.Real();
  return record;
}

EstimateRecord ReadEstimate(const Cursor& row, const Database& database) {
  RowReader reader(row, database);
  EstimateRecord record;
  record.key = reader.Key();
  record.space = reader.Text();
  record.architecture = reader.Text();
  record.estimator = reader.Text();
  record.options = reader.Text();
  record.seed = reader.Seed();
  record.replicate = reader.Int();
  record.value = reader.Result<double>([&](int column) { return row.Real(column); });
  return record;
}

// Every statement, prepared once: a file that lacks a table is met when it is opened.
struct Statements {
  explicit Statements(Database& database)
      : find_probe(database, "SELECT " MOTE_PROBE_COLUMNS
                             ", seconds "
                             "FROM probe LEFT JOIN probe_timing USING (key) WHERE key = ?"),
        probe_page(database, "SELECT " MOTE_PROBE_COLUMNS
                             ", seconds "
                             "FROM probe LEFT JOIN probe_timing USING (key) "
                             "WHERE key > ? ORDER BY key LIMIT ?"),
        all_probes(database, "SELECT " MOTE_PROBE_COLUMNS " FROM probe ORDER BY key"),
        put_probe(database, "INSERT INTO probe (" MOTE_PROBE_COLUMNS
                            ") "
                            "VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (key) DO NOTHING"),
        put_timing(database,
                   "INSERT INTO probe_timing (key, seconds, date, provenance) "
                   "VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?)"),
        find_provenance(database,
                        "SELECT id FROM provenance WHERE version = ? AND commit_id = ? "
                        "AND compiler = ? AND backend = ? AND device = ? AND isa = ? "
                        "AND dataset = ? AND fingerprint = ?"),
        put_provenance(database,
                       "INSERT INTO provenance (version, commit_id, compiler, backend, "
                       "device, isa, dataset, fingerprint) VALUES (?,?,?,?,?,?,?,?) RETURNING id"),
        find_estimate(database, "SELECT " MOTE_ESTIMATE_COLUMNS " FROM estimate WHERE key = ?"),
        estimate_page(database, "SELECT " MOTE_ESTIMATE_COLUMNS
                                " FROM estimate "
                                "WHERE key > ? ORDER BY key LIMIT ?"),
        all_estimates(database, "SELECT " MOTE_ESTIMATE_COLUMNS " FROM estimate ORDER BY key"),
        put_estimate(database, "INSERT INTO estimate (" MOTE_ESTIMATE_COLUMNS
                               ") "
                               "VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT (key) DO NOTHING"),
        find_meta(database, "SELECT value FROM meta WHERE name = ?"),
        put_meta(database,
                 "INSERT INTO meta (name, value) VALUES (?, ?) "
                 "ON CONFLICT (name) DO UPDATE SET value = excluded.value") {}

  Statement find_probe, probe_page, all_probes, put_probe, put_timing;
  Statement find_provenance, put_provenance;
  Statement find_estimate, estimate_page, all_estimates, put_estimate;
  Statement find_meta, put_meta;
};

class SqliteStore final : public Store {
 public:
  SqliteStore(std::unique_ptr<FileLock> lock, std::unique_ptr<Database> database)
      : lock_(std::move(lock)), database_(std::move(database)), statements_(*database_) {}

  std::optional<ProbeRecord> FindProbe(const Hash128& key) override {
    const std::lock_guard guard(mutex_);
    Cursor row(statements_.find_probe, Bytes(key));
    if (!row.Step()) return std::nullopt;
    return ReadProbe(row, *database_);
  }

  double PutProbe(const ProbeRecord& record, const Provenance& provenance) override {
    if (std::isnan(record.seconds)) {
      Throw(ErrorCode::kInternal, "the duration of probe {} of {} is not a number", record.probe,
            record.architecture);
    }
    const std::lock_guard guard(mutex_);
    Transaction transaction(*database_, Transaction::Kind::kWrite);
    double seconds = record.seconds;
    if (InsertProbe(record)) {
      const std::int64_t provenance_id = ProvenanceId(provenance);
      Cursor(statements_.put_timing, Bytes(record.key), record.seconds, provenance_id).Step();
    } else {
      Cursor row(statements_.find_probe, Bytes(record.key));
      row.Step();
      seconds = ReadProbe(row, *database_).seconds;
    }
    transaction.Commit();
    return seconds;
  }

  std::optional<EstimateRecord> FindEstimate(const Hash128& key) override {
    const std::lock_guard guard(mutex_);
    Cursor row(statements_.find_estimate, Bytes(key));
    if (!row.Step()) return std::nullopt;
    return ReadEstimate(row, *database_);
  }

  void PutEstimates(const std::vector<EstimateRecord>& records) override {
    for (const EstimateRecord& record : records) {
      if (record.value.ok() && std::isnan(*record.value)) {
        Throw(ErrorCode::kInternal,
              "estimate {} of {} is not a number, where it should have been a "
              "failure",
              record.estimator, record.architecture);
      }
    }
    if (records.empty()) return;
    const std::lock_guard guard(mutex_);
    Transaction transaction(*database_, Transaction::Kind::kWrite);
    for (const EstimateRecord& record : records) InsertEstimate(record);
    transaction.Commit();
  }

  void ForEachProbe(const std::function<void(const ProbeRecord&)>& visit) override {
    ForEach<ProbeRecord>(statements_.probe_page, ReadProbe, visit);
  }

  void ForEachEstimate(const std::function<void(const EstimateRecord&)>& visit) override {
    ForEach<EstimateRecord>(statements_.estimate_page, ReadEstimate, visit);
  }

  void SetMeta(const std::string& name, const std::string& value) override {
    const std::lock_guard guard(mutex_);
    Cursor(statements_.put_meta, name, value).Step();
  }

  std::optional<std::string> Meta(const std::string& name) override {
    const std::lock_guard guard(mutex_);
    Cursor row(statements_.find_meta, name);
    if (!row.Step()) return std::nullopt;
    return std::string(row.Text(0));
  }

  Hash128 ContentHash() override {
    const std::lock_guard guard(mutex_);
    Transaction snapshot(*database_, Transaction::Kind::kRead);
    // The hash of the rows' hashes: XXH3 comes in one shot, and a store may be large.
    std::string hashes;
    std::string row_bytes;
    const auto append = [&](std::string_view table, Statement& all, int columns) {
      hashes += table;
      Cursor row(all);
      while (row.Step()) {
        row_bytes.clear();
        row.AppendTo(row_bytes, columns);
        hashes += HashOf(row_bytes).Hex();
      }
    };
    append("probe;", statements_.all_probes, kProbeColumns);
    append("estimate;", statements_.all_estimates, kEstimateColumns);
    snapshot.Commit();
    return HashOf(hashes);
  }

 private:
  // Whether the record is new.
  bool InsertProbe(const ProbeRecord& record) {
    const auto put = [&](const auto& series, const auto& kind, const auto& message) {
      Cursor(statements_.put_probe, Bytes(record.key), record.space, record.architecture,
             record.probe, record.options, record.fingerprint, std::int64_t(record.seed),
             std::int64_t(record.replicate), series, kind, message)
          .Step();
    };
    if (record.result.ok()) {
      put(EncodeSeries(*record.result), nullptr, nullptr);
    } else {
      const Failure& failure = record.result.failure();
      put(nullptr, StoredName(failure.kind), failure.message);
    }
    return database_->changes() > 0;
  }

  void InsertEstimate(const EstimateRecord& record) {
    const auto put = [&](const auto& value, const auto& kind, const auto& message) {
      Cursor(statements_.put_estimate, Bytes(record.key), record.space, record.architecture,
             record.estimator, record.options, std::int64_t(record.seed),
             std::int64_t(record.replicate), value, kind, message)
          .Step();
    };
    if (record.value.ok()) {
      put(*record.value, nullptr, nullptr);
    } else {
      const Failure& failure = record.value.failure();
      put(nullptr, StoredName(failure.kind), failure.message);
    }
  }

  std::int64_t ProvenanceId(const Provenance& p) {
    {
      Cursor row(statements_.find_provenance, p.version, p.commit, p.compiler, p.backend, p.device,
                 p.isa, p.dataset, p.fingerprint);
      if (row.Step()) return row.Integer(0);
    }
    Cursor row(statements_.put_provenance, p.version, p.commit, p.compiler, p.backend, p.device,
               p.isa, p.dataset, p.fingerprint);
    if (!row.Step()) database_->Damaged("no id for a provenance");
    const std::int64_t id = row.Integer(0);
    row.Step();  // an INSERT is done when its rows have been read
    return id;
  }

  // Page by page, and unlocked while visiting: `visit` may use the store, other threads go on, and
  // no long read keeps the write-ahead log from being emptied.
  template <typename Record, typename Read>
  void ForEach(Statement& page, Read read, const std::function<void(const Record&)>& visit) {
    std::optional<Hash128> last;
    std::vector<Record> records;
    do {
      records.clear();
      {
        const std::lock_guard guard(mutex_);
        const auto from = last ? Bytes(*last) : std::array<std::byte, 16>();
        // Nothing sorts before the empty blob; the zero key is a key like any other.
        Cursor row(page, std::span(from).first(last ? from.size() : 0), kPage);
        while (row.Step()) {
          records.push_back(read(row, *database_));
          // In a damaged index the pages might never end.
          if (last && records.back().key <= *last) database_->Damaged("keys out of order");
          last = records.back().key;
        }
      }
      for (const Record& record : records) visit(record);
    } while (!records.empty());
  }

  std::mutex mutex_;
  const std::unique_ptr<FileLock> lock_;  // null if there is nothing to lock; freed last
  const std::unique_ptr<Database> database_;
  Statements statements_;
};

}  // namespace

std::unique_ptr<Store> MakeSqliteStore(std::unique_ptr<FileLock> lock,
                                       std::unique_ptr<sqlite::Database> database) {
  return std::make_unique<SqliteStore>(std::move(lock), std::move(database));
}

}  // namespace mote
