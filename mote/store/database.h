// A thin cover over SQLite: handles that close themselves, typed columns, and its result codes
// turned into mote::Error with the file's name and what to do.
//
// Not thread-safe; Store serialises.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace mote::sqlite {

enum class Access {
  kReadWrite,  // makes the file if there is none
  kReadOnly,
  kImmutable,  // reads a file that nobody can change, in a folder where nothing can be written
};

// Of the file of a database: whether its folder can be written, and whether a write-ahead log with
// something in it lies beside it.
bool CanWriteBeside(const std::filesystem::path& file);
bool HasLog(const std::filesystem::path& file);

// How to read `file`. SQLite reads a write-ahead log only through an index file beside it:
// where none can be made, and no log is there that would need it, it is read as immutable.
Access AccessForReading(const std::filesystem::path& file);

class Database {
 public:
  // `file` is absolute, or empty for a database in memory; `name` is what messages call it.
  Database(const std::filesystem::path& file, Access access, std::string name);
  ~Database();

  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Runs statements without parameters, and drops their rows.
  void Execute(const std::string& sql);
  // The first column of the first row.
  std::int64_t QueryInteger(std::string_view sql);
  std::string QueryText(std::string_view sql);

  // Whether the system lets us only read the file, whatever was asked for.
  bool read_only() const;
  // Rows that the last INSERT, UPDATE or DELETE touched.
  int changes() const;
  const std::string& name() const { return name_; }

  // Throws the Error that a result code of SQLite means.
  [[noreturn]] void Fail(int code) const;
  // Throws Error(kCorrupt).
  [[noreturn]] void Damaged(std::string_view what) const;

 private:
  friend class Statement;
  friend class Transaction;

  const std::string name_;
  sqlite3* handle_ = nullptr;
};

// A prepared statement, kept to be run many times, one Cursor at a time.
class Statement {
 public:
  // Throws Error(kCorrupt) if the database lacks a table or column of it.
  Statement(Database& database, std::string_view sql);
  ~Statement();

  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

 private:
  friend class Cursor;

  Database& database_;
  sqlite3_stmt* handle_ = nullptr;
};

// One run of a statement: its parameters, then its rows. Rewinds the statement at the end.
//
//   Cursor row(find, key);
//   while (row.Step()) Use(row.Text(0));
//
// Columns count from 0. Reading one as another type than it has is Error(kCorrupt).
class Cursor {
 public:
  // Parameters are copied: nullptr, std::int64_t, double, text or bytes.
  template <typename... Parameters>
  explicit Cursor(Statement& statement, const Parameters&... parameters) : statement_(statement) {
    Begin();
    int index = 0;
    (Bind(++index, parameters), ...);
  }
  ~Cursor();

  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  // To the next row; false after the last one.
  bool Step();

  bool IsNull(int column) const;
  std::int64_t Integer(int column) const;
  double Real(int column) const;
  // Valid until the next step.
  std::string_view Text(int column) const;
  std::span<const std::byte> Blob(int column) const;

  // Appends type, length and bytes of the row's first `columns` columns: equal bytes, equal rows.
  void AppendTo(std::string& bytes, int columns) const;

 private:
  void Begin();
  void Bind(int index, std::nullptr_t);
  void Bind(int index, std::int64_t value);
  void Bind(int index, double value);
  void Bind(int index, std::string_view text);
  void Bind(int index, std::span<const std::byte> bytes);
  void Expect(int column, int type) const;

  Statement& statement_;
};

// All or nothing: rolls back unless committed. Every Cursor of it ends before it does.
class Transaction {
 public:
  enum class Kind { kRead, kWrite };

  Transaction(Database& database, Kind kind);
  ~Transaction();

  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void Commit();

 private:
  Database& database_;
};

}  // namespace mote::sqlite
