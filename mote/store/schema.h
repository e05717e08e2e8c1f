// The tables of a store file. docs/store.md explains them to readers with other programs.
#pragma once

#include <cstdint>

namespace mote {

// "MOTE" in ASCII, at byte 68 of the file: what tells our files from other SQLite databases.
inline constexpr std::int64_t kApplicationId = 0x4D4F5445;

// Raise Store::kSchemaVersion with every change that an older or newer program would misread.
inline constexpr const char* kSchema = R"sql(
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE provenance (
  id INTEGER PRIMARY KEY,
  version TEXT NOT NULL,
  commit_id TEXT NOT NULL,
  compiler TEXT NOT NULL,
  backend TEXT NOT NULL,
  device TEXT NOT NULL,
  isa TEXT NOT NULL,
  dataset TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  UNIQUE (version, commit_id, compiler, backend, device, isa, dataset, fingerprint)
) STRICT;

CREATE TABLE probe (
  key BLOB PRIMARY KEY NOT NULL CHECK (length(key) = 16),
  space TEXT NOT NULL,
  architecture TEXT NOT NULL,
  probe TEXT NOT NULL,
  options TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  seed INTEGER NOT NULL,  -- unsigned 64 bits, kept as the signed number of the same bits
  replicate INTEGER NOT NULL,
  series BLOB,  -- NULL if the probe failed
  failure_kind TEXT,
  failure_message TEXT,
  CHECK ((series IS NULL) = (failure_kind IS NOT NULL)),
  CHECK ((failure_kind IS NULL) = (failure_message IS NULL))
) STRICT;

CREATE TABLE probe_timing (
  key BLOB PRIMARY KEY NOT NULL REFERENCES probe (key),
  seconds REAL NOT NULL,
  date TEXT NOT NULL,  -- when it was stored, UTC
  provenance INTEGER NOT NULL REFERENCES provenance (id)
) STRICT;

CREATE TABLE estimate (
  key BLOB PRIMARY KEY NOT NULL CHECK (length(key) = 16),
  space TEXT NOT NULL,
  architecture TEXT NOT NULL,
  estimator TEXT NOT NULL,
  options TEXT NOT NULL,
  seed INTEGER NOT NULL,  -- as in probe
  replicate INTEGER NOT NULL,
  value ANY CHECK (typeof(value) IN ('real', 'null')),  -- ANY, because REAL would lose -0.0
  failure_kind TEXT,
  failure_message TEXT,
  CHECK ((value IS NULL) = (failure_kind IS NOT NULL)),
  CHECK ((failure_kind IS NULL) = (failure_message IS NULL))
) STRICT;
)sql";

}  // namespace mote
