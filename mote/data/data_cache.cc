#include <nlohmann/json.hpp>

#include "mote/data/prepared_data.h"

namespace mote {

std::shared_ptr<const PreparedData> DataCache::Get(std::string_view split, const DataRecipe& recipe,
                                                   std::uint64_t seed, int replicate) {
  // A selection that draws nothing is the same for every seed and is kept once.
  const bool draws = recipe.source != "task" || recipe.images > 0 || recipe.classes > 0;
  std::string text = fmt::format("{}:{}{}", split.size(), split, recipe.ToJson().dump());
  if (draws) text += fmt::format("#{}#{}", seed, replicate);
  // Held while preparing: who needs the same selection has to wait anyway, and each is made once.
  const std::lock_guard lock(mutex_);
  std::shared_ptr<const PreparedData>& prepared = prepared_[text];
  if (!prepared) {
    try {
      prepared = std::make_shared<const PreparedData>(*dataset_, split, recipe,
                                                      Key(seed, "probe-data", replicate));
    } catch (...) {
      prepared_.erase(text);
      throw;
    }
  }
  return prepared;
}

const ChannelStatistics& DataCache::statistics() {
  std::call_once(statistics_taken_,
                 [this] { statistics_ = StatisticsOf(dataset_->split(Dataset::kTrain)); });
  return statistics_;
}

}  // namespace mote
