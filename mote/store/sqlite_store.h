// The store over a database that has our tables.
#pragma once

#include <memory>

#include "mote/store/database.h"
#include "mote/store/file_lock.h"
#include "mote/store/store.h"

namespace mote {

// `lock` is held as long as the database is open; null if there is nothing to lock. Throws
// Error(kCorrupt) if a table or column is missing.
std::unique_ptr<Store> MakeSqliteStore(std::unique_ptr<FileLock> lock,
                                       std::unique_ptr<sqlite::Database> database);

}  // namespace mote
