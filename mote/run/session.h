// A session: everything that scores architectures, made from names and paths as a user gives them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "mote/run/catalog.h"
#include "mote/run/evaluator.h"

namespace mote {

struct ScoreSettings {
  std::string space = "nasbench201";
  std::string data = "fashion-mnist";  // a named dataset or a path
  int image_size = 32;                 // of image folders
  std::string preset = "fast";
  std::vector<std::string> estimators = {"mote"};
  std::vector<std::string> set;  // component.option=value
  std::string backend;           // empty: the best there is
  std::string device = "cpu";
  std::uint64_t score_seed = 0;
  int workers = 0;              // 0: one per core
  std::filesystem::path store;  // empty: in memory
};

// The score seeds of one estimate: replicates 0 .. replicates-1 of `seed`, averaged.
struct Seeds {
  std::uint64_t seed = 0;
  int replicates = 1;
};

// Not copyable; the parts refer to each other.
class Session {
 public:
  // Throws Error on unknown names (listing candidates), data that cannot be loaded, and recipes
  // that the data cannot serve (images too small), before anything long begins. Writes nothing.
  Session(const Catalog& catalog, const ScoreSettings& settings, const StopToken& stop);

  const SearchSpace& space() const { return *space_; }
  const Dataset& dataset() const { return data_->dataset(); }
  const Backend& backend() const { return *backend_; }
  const Preset& preset() const { return *preset_; }
  const std::vector<ConfiguredEstimator>& estimators() const { return estimators_; }
  DataCache& data() { return *data_; }
  const Provenance& provenance() const { return provenance_; }
  int workers() const { return workers_; }

  // Opens or makes the store's file, as Store::Open does. What needs it does so by itself; called
  // early, its errors come early.
  void OpenStore();
  // Instead of OpenStore: what is measured is kept in memory, and lost at the end.
  void ForgoStore();
  Store& store();
  Evaluator& evaluator();

  // Another estimator of this session's preset, options and dataset.
  ConfiguredEstimator Configure(const std::string& name) const;

  // Mean over the replicates of each estimator; a failed replicate fails the mean.
  // scores[e][a] belongs to architecture a.
  std::vector<std::vector<Outcome<double>>> Score(std::span<const ConfiguredEstimator> estimators,
                                                  std::span<const Architecture> architectures,
                                                  const Seeds& seeds,
                                                  const ProgressCallback& progress = {});

  // Wall seconds that `probes` probes of the estimators will take on all workers, from a probe
  // shortened to one epoch on three cells. Only for people: nothing depends on it. 0 if nothing
  // trains.
  double ForecastSeconds(std::span<const ConfiguredEstimator> estimators, int probes) const;

 private:
  const Catalog& catalog_;
  const StopToken& stop_;
  ScoreSettings settings_;
  Assignments assignments_;
  std::unique_ptr<SearchSpace> space_;
  std::unique_ptr<Preset> preset_;
  std::unique_ptr<DataCache> data_;
  std::unique_ptr<Backend> backend_;
  std::unique_ptr<Store> store_;
  std::vector<ConfiguredEstimator> estimators_;
  Provenance provenance_;
  int workers_;
  std::unique_ptr<Evaluator> evaluator_;
};

}  // namespace mote
