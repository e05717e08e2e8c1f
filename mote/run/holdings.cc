#include "mote/run/holdings.h"

namespace mote {

std::shared_ptr<DataCache> Holdings::Data(const DatasetRegistry& registry,
                                          const std::string& source, const LoadOptions& options) {
  const std::lock_guard guard(mutex_);
  auto& held = data_[{source, options.image_size, options.seed}];
  if (!held) held = std::make_shared<DataCache>(LoadDataset(registry, source, options));
  return held;
}

std::shared_ptr<const Table> Holdings::Joined(std::span<const std::filesystem::path> paths,
                                              const SearchSpace& space) {
  std::string name(space.name());
  for (const std::filesystem::path& path : paths) name += '\0' + path.string();
  const std::lock_guard guard(mutex_);
  auto& held = tables_[name];
  if (!held) held = std::make_shared<const Table>(Table::Load(paths, space));
  return held;
}

std::shared_ptr<Store> Holdings::OpenStore(const std::filesystem::path& path) {
  if (path.empty()) return Store::InMemory();
  const std::lock_guard guard(mutex_);
  auto& held = stores_[path];
  if (!held) held = Store::Open(path);
  return held;
}

}  // namespace mote
