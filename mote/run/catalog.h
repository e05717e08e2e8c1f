// Every component there is, one registry per kind.
#pragma once

#include "mote/backends/backend.h"
#include "mote/data/dataset.h"
#include "mote/estimate/estimator.h"
#include "mote/estimate/preset.h"
#include "mote/estimate/ranking.h"
#include "mote/search/strategy.h"
#include "mote/space/search_space.h"

namespace mote {

struct Catalog {
  SpaceRegistry spaces{"space"};
  DatasetRegistry datasets{"dataset"};
  BackendRegistry backends{"backend"};
  PresetRegistry presets{"preset"};
  EstimatorRegistry estimators{"estimator"};
  RankingRegistry rankings{"ranking"};
  StrategyRegistry strategies{"strategy"};
};

// What this binary was built with.
const Catalog& BuiltinCatalog();

// "component.option=value" assignments, grouped by component; later ones win.
// Throws Error(kInvalidArgument) on another form, a component that is in no registry, and an option
// that it does not have or not with this value, whether the component comes to be used or not.
using Assignments = std::map<std::string, std::map<std::string, std::string>>;
Assignments ParseAssignments(const Catalog& catalog, const std::vector<std::string>& texts);

// The same texts, but files that are named are named by absolute paths, so that they are found
// again from any folder. Throws as ParseAssignments does.
std::vector<std::string> WithAbsolutePaths(const Catalog& catalog, std::vector<std::string> texts);

// The backend of that name, "check(A,B)" or, if empty, the one of highest priority. `device` is
// given to backends with an option of that name; another than "cpu" is refused by the rest.
std::unique_ptr<Backend> MakeBackend(const Catalog& catalog, const std::string& name,
                                     const std::string& device, const Assignments& assignments);

}  // namespace mote
