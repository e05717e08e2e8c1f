#include "mote/store/database.h"

#include <sqlite3.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "mote/base/check.h"
#include "mote/base/error.h"

namespace mote::sqlite {
namespace {

// How long another program may keep the file for itself: a report that opens it, a sqlite3 shell.
constexpr int kPatienceMs = 10'000;

constexpr std::string_view kRestore = "restore it from a copy, or move it away and start anew";

// As the path of a URI, in which these characters mean something else.
std::string Escaped(const std::string& path) {
  std::string escaped;
  for (const char letter : path) {
    if (letter == '%' || letter == '?' || letter == '#') {
      escaped += fmt::format("%{:02x}", static_cast<unsigned char>(letter));
    } else {
      escaped += letter;
    }
  }
  return escaped;
}

}  // namespace

bool CanWriteBeside(const std::filesystem::path& file) {
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  return ::access(folder.c_str(), W_OK) == 0;
}

bool HasLog(const std::filesystem::path& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file.string() + "-wal", error);
  return !error && size > 0;
}

Access AccessForReading(const std::filesystem::path& file) {
  std::error_code error;
  const bool has_index = std::filesystem::exists(file.string() + "-shm", error);
  return CanWriteBeside(file) || HasLog(file) || has_index ? Access::kReadOnly : Access::kImmutable;
}

Database::Database(const std::filesystem::path& file, Access access, std::string name)
    : name_(std::move(name)) {
  std::string address = file.empty() ? ":memory:" : file.string();
  int flags = SQLITE_OPEN_NOMUTEX;
  switch (access) {
    case Access::kReadWrite:
      flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
      break;
    case Access::kReadOnly:
      flags |= SQLITE_OPEN_READONLY;
      break;
    case Access::kImmutable:
      flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
      address = "file:" + Escaped(address) + "?immutable=1";
      break;
  }
  try {
    if (const int code = sqlite3_open_v2(address.c_str(), &handle_, flags, nullptr)) Fail(code);
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, kPatienceMs);
    // A file from elsewhere gets no chance to run anything, and a damaged page is met early.
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    Execute("PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY");
  } catch (...) {
    sqlite3_close(handle_);
    throw;
  }
}

Database::~Database() { sqlite3_close(handle_); }

void Database::Execute(const std::string& sql) {
  errno = 0;
  if (const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr)) Fail(code);
}

std::int64_t Database::QueryInteger(std::string_view sql) {
  Statement statement(*this, sql);
  Cursor row(statement);
  if (!row.Step()) Damaged(fmt::format("no answer to '{}'", sql));
  return row.Integer(0);
}

std::string Database::QueryText(std::string_view sql) {
  Statement statement(*this, sql);
  Cursor row(statement);
  if (!row.Step()) Damaged(fmt::format("no answer to '{}'", sql));
  return std::string(row.Text(0));
}

bool Database::read_only() const { return sqlite3_db_readonly(handle_, "main") == 1; }

int Database::changes() const { return sqlite3_changes(handle_); }

void Database::Damaged(std::string_view what) const {
  Throw(ErrorCode::kCorrupt, "'{}' is damaged ({}); {}", name_, what, kRestore);
}

void Database::Fail(int code) const {
  // SQLite notes the system's reason, except for a COMMIT that fails: then errno still has it.
  int error = errno;
  if (handle_ != nullptr && sqlite3_system_errno(handle_) != 0) {
    error = sqlite3_system_errno(handle_);
  }
  const std::string detail = handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
  const bool full =
      (code & 0xff) == SQLITE_IOERR && (error == ENOSPC || error == EDQUOT || error == EFBIG);
  if (full) code = SQLITE_FULL;
  if (code == SQLITE_IOERR_NOMEM) code = SQLITE_NOMEM;
  if (code == SQLITE_IOERR_SHORT_READ) code = SQLITE_CORRUPT;
  switch (code & 0xff) {
    case SQLITE_FULL:
      Throw(ErrorCode::kIo,
            "cannot write '{}': disk full{}; make room and start again, what is stored already is "
            "kept",
            name_, error == EFBIG ? ", or the file may grow no further (ulimit -f)" : "");
    case SQLITE_IOERR:
      Throw(ErrorCode::kIo, "cannot read or write '{}': {}; see whether its disk is well", name_,
            error != 0 ? std::strerror(error) : detail);
    case SQLITE_CANTOPEN:
      Throw(ErrorCode::kIo, "cannot open '{}': {}; name a file in a folder you may write to", name_,
            error != 0 ? std::strerror(error) : detail);
    case SQLITE_READONLY:
    case SQLITE_PERM:
      Throw(ErrorCode::kIo, "cannot write '{}': it may only be read ({})", name_, detail);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      Throw(ErrorCode::kIo,
            "'{}' is held by another program, perhaps an open sqlite3 shell; "
            "close that and try again",
            name_);
    case SQLITE_NOMEM:
      Throw(ErrorCode::kOutOfMemory, "no memory left to use '{}'", name_);
    case SQLITE_TOOBIG:
      Throw(ErrorCode::kUnsupported, "a record is too large for '{}' (limit 1 GB)", name_);
    case SQLITE_NOTADB:
      Throw(ErrorCode::kCorrupt,
            "'{}' is not a mote store, nor any SQLite database; name another "
            "file",
            name_);
    // Our statements are fixed and tested: one that does not fit has met another schema.
    case SQLITE_CORRUPT:
    case SQLITE_ERROR:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_SCHEMA:
      Damaged(detail);
    default:
      Throw(ErrorCode::kInternal, "'{}': SQLite says {} ({})", name_, detail, code);
  }
}

Statement::Statement(Database& database, std::string_view sql) : database_(database) {
  const int code = sqlite3_prepare_v3(database.handle_, sql.data(), int(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
  if (code != SQLITE_OK) database.Fail(code);
}

Statement::~Statement() { sqlite3_finalize(handle_); }

void Cursor::Begin() {
  MOTE_CHECK(!sqlite3_stmt_busy(statement_.handle_), "two cursors on one statement: {}",
             sqlite3_sql(statement_.handle_));
}

Cursor::~Cursor() {
  sqlite3_reset(statement_.handle_);
  sqlite3_clear_bindings(statement_.handle_);
}

bool Cursor::Step() {
  errno = 0;
  const int code = sqlite3_step(statement_.handle_);
  if (code != SQLITE_ROW && code != SQLITE_DONE) statement_.database_.Fail(code);
  return code == SQLITE_ROW;
}

void Cursor::Bind(int index, std::nullptr_t) {
  const int code = sqlite3_bind_null(statement_.handle_, index);
  if (code != SQLITE_OK) statement_.database_.Fail(code);
}

void Cursor::Bind(int index, std::int64_t value) {
  const int code = sqlite3_bind_int64(statement_.handle_, index, value);
  if (code != SQLITE_OK) statement_.database_.Fail(code);
}

void Cursor::Bind(int index, double value) {
  const int code = sqlite3_bind_double(statement_.handle_, index, value);
  if (code != SQLITE_OK) statement_.database_.Fail(code);
}

// A null pointer would bind NULL, so nothing at all is bound as "".
void Cursor::Bind(int index, std::string_view text) {
  const int code = sqlite3_bind_text64(statement_.handle_, index, text.empty() ? "" : text.data(),
                                       text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (code != SQLITE_OK) statement_.database_.Fail(code);
}

void Cursor::Bind(int index, std::span<const std::byte> bytes) {
  const void* data = bytes.empty() ? "" : static_cast<const void*>(bytes.data());
  const int code =
      sqlite3_bind_blob64(statement_.handle_, index, data, bytes.size(), SQLITE_TRANSIENT);
  if (code != SQLITE_OK) statement_.database_.Fail(code);
}

void Cursor::Expect(int column, int type) const {
  if (sqlite3_column_type(statement_.handle_, column) == type) return;
  statement_.database_.Damaged(fmt::format("column '{}' has the wrong type",
                                           sqlite3_column_name(statement_.handle_, column)));
}

bool Cursor::IsNull(int column) const {
  return sqlite3_column_type(statement_.handle_, column) == SQLITE_NULL;
}

std::int64_t Cursor::Integer(int column) const {
  Expect(column, SQLITE_INTEGER);
  return sqlite3_column_int64(statement_.handle_, column);
}

double Cursor::Real(int column) const {
  Expect(column, SQLITE_FLOAT);
  return sqlite3_column_double(statement_.handle_, column);
}

std::string_view Cursor::Text(int column) const {
  Expect(column, SQLITE_TEXT);
  const unsigned char* text = sqlite3_column_text(statement_.handle_, column);
  if (text == nullptr) statement_.database_.Fail(SQLITE_NOMEM);
  return {reinterpret_cast<const char*>(text),
          std::size_t(sqlite3_column_bytes(statement_.handle_, column))};
}

std::span<const std::byte> Cursor::Blob(int column) const {
  Expect(column, SQLITE_BLOB);
  const void* data = sqlite3_column_blob(statement_.handle_, column);  // null for an empty one
  const int size = sqlite3_column_bytes(statement_.handle_, column);
  if (data == nullptr && size > 0) statement_.database_.Fail(SQLITE_NOMEM);
  return {static_cast<const std::byte*>(data), std::size_t(size)};
}

void Cursor::AppendTo(std::string& bytes, int columns) const {
  for (int column = 0; column < columns; ++column) {
    const int type = sqlite3_column_type(statement_.handle_, column);
    const auto append = [&](std::string_view content) {
      bytes += fmt::format("{}:{}:", type, content.size());
      bytes += content;
    };
    switch (type) {
      case SQLITE_INTEGER:
        append(fmt::format("{}", Integer(column)));
        break;
      case SQLITE_FLOAT:
        append(fmt::format("{:016x}", std::bit_cast<std::uint64_t>(Real(column))));
        break;
      case SQLITE_TEXT:
        append(Text(column));
        break;
      case SQLITE_BLOB: {
        const auto blob = Blob(column);
        append({reinterpret_cast<const char*>(blob.data()), blob.size()});
        break;
      }
      default:
        append({});
        break;
    }
  }
}

Transaction::Transaction(Database& database, Kind kind) : database_(database) {
  // A writer asks for the file at once, so that no half-done transaction has to be given up later.
  database.Execute(kind == Kind::kWrite ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  // After some errors SQLite has rolled back by itself.
  if (!sqlite3_get_autocommit(database_.handle_)) {
    sqlite3_exec(database_.handle_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void Transaction::Commit() { database_.Execute("COMMIT"); }

}  // namespace mote::sqlite
