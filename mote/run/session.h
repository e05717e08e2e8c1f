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
#include "mote/run/holdings.h"

namespace mote {

struct ScoreSettings {
  std::string space = "nasbench201";
  std::string data = "fashion-mnist";  // a named dataset or a path
  int image_size = 32;                 // of image folders
  std::string preset = "fast";
  // Names of estimators, also with a preset of their own ("mote@wide"), and of rankings.
  std::vector<std::string> estimators = {"mote"};
  std::vector<std::string> aggregate;  // estimators joined by rank into one more; empty: none
  // Of estimators that train nothing: "full", "reduced", a preset; empty: each its own.
  std::string network;
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

// One column of what the user asked for: an estimator, or several joined by rank.
struct AskedScore {
  std::string name;
  EstimatorInfo info;
  std::vector<int> members;  // indices of Session::estimators(); one, unless it ranks
  bool ranks = false;  // by SumOfLogRanks: a value depends on all architectures scored with it
};

using Scores = std::vector<Outcome<double>>;

// The columns asked for, out of the scores of all estimators: by_estimator[e][a] belongs to
// architecture a.
std::vector<Scores> Combine(std::span<const AskedScore> asked,
                            std::span<const ConfiguredEstimator> estimators,
                            std::span<const Scores> by_estimator);

// Not copyable; the parts refer to each other.
class Session {
 public:
  // Throws Error on unknown names (listing candidates), data that cannot be loaded, and recipes
  // that the data cannot serve (images too small), before anything long begins. Writes nothing.
  // Data and store are taken from `holdings`, which other sessions may share.
  Session(const Catalog& catalog, const ScoreSettings& settings, const StopToken& stop,
          std::shared_ptr<Holdings> holdings = std::make_shared<Holdings>());

  const SearchSpace& space() const { return *space_; }
  const Dataset& dataset() const { return data_->dataset(); }
  const Backend& backend() const { return *backend_; }
  const Preset& preset() const { return *preset_; }
  // The different estimators behind what was asked for, and what was asked for, in its order.
  const std::vector<ConfiguredEstimator>& estimators() const { return estimators_; }
  const std::vector<AskedScore>& asked() const { return asked_; }
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

  // Another estimator of this session's preset, or of that behind an @, options and dataset.
  ConfiguredEstimator Configure(const std::string& asked) const;

  // Mean over the replicates of each estimator; a failed replicate fails the mean.
  // scores[e][a] belongs to architecture a.
  std::vector<std::vector<Outcome<double>>> Score(std::span<const ConfiguredEstimator> estimators,
                                                  std::span<const Architecture> architectures,
                                                  const Seeds& seeds,
                                                  const ProgressCallback& progress = {});

  // Wall seconds that `networks` networks of the estimators will take on all workers, from
  // shortened probes on three cells. Only for people: nothing depends on it. 0 if nothing is to be
  // measured.
  double ForecastSeconds(std::span<const ConfiguredEstimator> estimators, int networks) const;
  // The same for one probe, from another that does a share of its work.
  double ForecastSeconds(const Probe& probe, const Probe& shortened, int networks) const;

 private:
  int AddEstimator(const std::string& name);
  void Ask(const std::string& name);
  void AskForRanking(const std::string& name, const Ranking& ranking);

  const Catalog& catalog_;
  const StopToken& stop_;
  std::shared_ptr<Holdings> holdings_;
  ScoreSettings settings_;
  Assignments assignments_;
  std::unique_ptr<SearchSpace> space_;
  std::unique_ptr<Preset> preset_;
  std::shared_ptr<DataCache> data_;
  std::unique_ptr<Backend> backend_;
  std::shared_ptr<Store> store_;
  std::vector<ConfiguredEstimator> estimators_;
  std::vector<AskedScore> asked_;
  Provenance provenance_;
  int workers_;
  std::unique_ptr<Evaluator> evaluator_;
};

}  // namespace mote
