// What the sessions and searches of one process hold together, so that no data set or table is
// loaded twice and no store opened twice.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <tuple>

#include "mote/data/prepared_data.h"
#include "mote/run/table.h"
#include "mote/store/store.h"

namespace mote {

// Thread-safe. Keeps what it has given until its own end; calls that load wait for each other.
class Holdings {
 public:
  // As LoadDataset; one for each source, size and seed.
  std::shared_ptr<DataCache> Data(const DatasetRegistry& registry, const std::string& source,
                                  const LoadOptions& options);

  // As Table::Load of several; one for each list of paths and space.
  std::shared_ptr<const Table> Joined(std::span<const std::filesystem::path> paths,
                                      const SearchSpace& space);

  // As Store::Open, one for each path. Of no path there is a new one in memory at each call.
  std::shared_ptr<Store> OpenStore(const std::filesystem::path& path);

 private:
  std::mutex mutex_;
  std::map<std::tuple<std::string, int, std::uint64_t>, std::shared_ptr<DataCache>> data_;
  std::map<std::string, std::shared_ptr<const Table>> tables_;
  std::map<std::filesystem::path, std::shared_ptr<Store>> stores_;
};

}  // namespace mote
