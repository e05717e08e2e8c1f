// Registers every component of the build by an explicit call: the list comes from mote_component.
#include "mote/run/catalog.h"

namespace mote {

#define MOTE_DECLARE_estimator(name) MOTE_ESTIMATOR(name);
#define MOTE_DECLARE_ranking(name) MOTE_RANKING(name);
#define MOTE_DECLARE_preset(name) MOTE_PRESET(name);
#define MOTE_DECLARE_dataset(name) MOTE_DATASET(name);
#define MOTE_DECLARE_space(name) MOTE_SPACE(name);
#define MOTE_DECLARE_strategy(name) MOTE_STRATEGY(name);
#define MOTE_DECLARE_backend(name) MOTE_BACKEND(name);
#define MOTE_COMPONENT(kind, name) MOTE_DECLARE_##kind(name)
#include "mote/run/components.inc"
#undef MOTE_COMPONENT

const Catalog& BuiltinCatalog() {
  static const Catalog* const catalog = [] {
    auto* made = new Catalog;
#define MOTE_REGISTER_estimator(name) RegisterEstimator_##name(made->estimators);
#define MOTE_REGISTER_ranking(name) RegisterRanking_##name(made->rankings);
#define MOTE_REGISTER_preset(name) RegisterPreset_##name(made->presets);
#define MOTE_REGISTER_dataset(name) RegisterDataset_##name(made->datasets);
#define MOTE_REGISTER_space(name) RegisterSpace_##name(made->spaces);
#define MOTE_REGISTER_strategy(name) RegisterStrategy_##name(made->strategies);
#define MOTE_REGISTER_backend(name) RegisterBackend_##name(made->backends);
#define MOTE_COMPONENT(kind, name) MOTE_REGISTER_##kind(name)
#include "mote/run/components.inc"
#undef MOTE_COMPONENT
    return made;
  }();
  return *catalog;
}

}  // namespace mote
