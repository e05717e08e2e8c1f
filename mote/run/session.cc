#include "mote/run/session.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "mote/base/cpu.h"
#include "mote/base/file.h"
#include "mote/estimate/calibration.h"

namespace mote {
namespace {

std::map<std::string, std::string> OptionsOf(const Assignments& assignments,
                                             const std::string& component) {
  const auto found = assignments.find(component);
  return found == assignments.end() ? std::map<std::string, std::string>() : found->second;
}

nlohmann::json ToJson(const Options& options) {
  nlohmann::json json = nlohmann::json::object();
  for (const auto& [name, value] : options.values()) json[name] = ToText(value);
  return json;
}

nlohmann::json ToJson(const Preset& preset) {
  nlohmann::json json;
  if (preset.released) json["released"] = ToJson(*preset.released);
  if (preset.slides) json["slides"] = ToJson(*preset.slides);
  return json;
}

// A cell that every skeleton can be tried on: nothing but skips, if the space has them.
Architecture AnyConnected(const SearchSpace& space) {
  for (std::int64_t index = 0; index < space.size(); ++index) {
    Architecture architecture = space.At(index);
    if (space.IsConnected(architecture)) return architecture;
  }
  Throw(ErrorCode::kInternal, "space {} has no connected architecture", space.name());
}

}  // namespace

Session::Session(const Catalog& catalog, const ScoreSettings& settings, const StopToken& stop)
    : catalog_(catalog),
      stop_(stop),
      settings_(settings),
      assignments_(ParseAssignments(catalog, settings.set)),
      workers_(settings.workers > 0 ? settings.workers : AvailableCores()) {
  space_ = catalog.spaces.Create(settings.space, OptionsOf(assignments_, settings.space));
  preset_ = catalog.presets.Create(settings.preset, OptionsOf(assignments_, settings.preset));
  backend_ = MakeBackend(catalog, settings.backend, settings.device, assignments_);
  for (const std::string& name : settings.estimators) estimators_.push_back(Configure(name));

  LoadOptions load;
  // Noise is drawn at the size that the network takes: shrunk, it would turn grey.
  load.image_size =
      settings.data == "noise" ? preset_->recipe.data.image_size : settings.image_size;
  load.seed = settings.score_seed;
  data_ = std::make_unique<DataCache>(LoadDataset(catalog.datasets, settings.data, load));

  const BackendTraits traits = backend_->traits();
  provenance_ = BuildProvenance();
  provenance_.backend = fmt::format("{}@{}", traits.name, traits.version);
  provenance_.device = traits.device;
  provenance_.isa = traits.isa;
  provenance_.dataset = dataset().Describe();
  provenance_.fingerprint = dataset().fingerprint().Hex();

  const Architecture any = AnyConnected(*space_);
  for (const ConfiguredEstimator& configured : estimators_) {
    for (const auto& probe : configured.estimator->Needs()) {
      probe->ForecastMacs(*space_, any, dataset());
    }
  }
}

void Session::OpenStore() {
  if (store_) return;
  store_ = settings_.store.empty() ? Store::InMemory() : Store::Open(settings_.store);
  evaluator_ = std::make_unique<Evaluator>(Workshop{.space = *space_,
                                                    .backend = *backend_,
                                                    .data = *data_,
                                                    .store = *store_,
                                                    .stop = stop_,
                                                    .provenance = provenance_,
                                                    .workers = workers_});
}

void Session::ForgoStore() {
  settings_.store.clear();
  OpenStore();
}

Store& Session::store() {
  OpenStore();
  return *store_;
}

Evaluator& Session::evaluator() {
  OpenStore();
  return *evaluator_;
}

ConfiguredEstimator Session::Configure(const std::string& name) const {
  const auto& entry = catalog_.estimators.Find(name);
  const Options options(name, entry.options, OptionsOf(assignments_, name));
  const auto& preset_entry = catalog_.presets.Find(settings_.preset);
  const Options preset_options(settings_.preset, preset_entry.options,
                               OptionsOf(assignments_, settings_.preset));
  ConfiguredEstimator configured;
  configured.estimator = entry.factory(options, *preset_);
  nlohmann::json json = {{"estimator", ToJson(options)}};
  if (!configured.estimator->Needs().empty()) {
    json["preset"] = {{"name", settings_.preset}, {"options", ToJson(preset_options)}};
  }
  // Constants are part of what an estimate is: of the preset, or of a file that may change.
  if (name == "mote") {
    const std::string& file = options.Text("calibration");
    json["constants"] =
        file.empty() ? ToJson(*preset_) : nlohmann::json(HashOf(ReadFile(file)).Hex());
  }
  configured.options = json.dump();
  return configured;
}

std::vector<std::vector<Outcome<double>>> Session::Score(
    std::span<const ConfiguredEstimator> estimators, std::span<const Architecture> architectures,
    const Seeds& seeds, const ProgressCallback& progress) {
  const int replicates = seeds.replicates;
  std::vector<Job> jobs;
  for (const Architecture& architecture : architectures) {
    for (int replicate = 0; replicate < replicates; ++replicate) {
      jobs.push_back({architecture, replicate});
    }
  }
  const auto readings = evaluator().Estimate(estimators, jobs, seeds.seed, progress);
  std::vector<std::vector<Outcome<double>>> scores(estimators.size());
  for (std::size_t e = 0; e < estimators.size(); ++e) {
    for (std::size_t a = 0; a < architectures.size(); ++a) {
      double sum = 0;
      const Failure* failure = nullptr;
      for (int r = 0; r < replicates; ++r) {
        const Outcome<double>& reading = readings[e][a * replicates + r];
        if (reading) {
          sum += *reading;
        } else if (!failure) {
          failure = &reading.failure();
        }
      }
      scores[e].push_back(failure ? Outcome<double>(*failure) : sum / replicates);
    }
  }
  return scores;
}

double Session::ForecastSeconds(std::span<const ConfiguredEstimator> estimators, int probes) const {
  const TrainingProbe* training = nullptr;
  std::shared_ptr<const Probe> held;
  for (const ConfiguredEstimator& configured : estimators) {
    for (const auto& probe : configured.estimator->Needs()) {
      if (const auto* found = dynamic_cast<const TrainingProbe*>(probe.get())) {
        training = found;
        held = probe;
      }
    }
  }
  if (!training) return 0;
  TrainingRecipe recipe = training->recipe();
  recipe.training.epochs = 1;
  recipe.line = LineMode::kNone;
  const TrainingProbe trial(recipe);
  const ProbeContext context{.space = *space_,
                             .backend = *backend_,
                             .data = *data_,
                             .seed = settings_.score_seed,
                             .replicate = 0,
                             .check_stop = {}};
  double seconds = 0;
  // The mean over the space of an epoch is near that of three cells of little, some and much work;
  // the first run only warms up. Time goes with multiply-adds where they dominate, with steps where
  // calls do: both scale with the epochs.
  const std::int64_t size = space_->size();
  for (std::int64_t index : {size / 2, size / 3, size / 2, 3 * size / 4}) {
    const Architecture cell = space_->Canonicalize(space_->At(index));
    const auto start = std::chrono::steady_clock::now();
    (void)trial.Run(context, cell);
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    const double share = trial.ForecastMacs(*space_, cell, dataset());
    const double whole = training->ForecastMacs(*space_, cell, dataset());
    seconds = seconds == 0 ? 1e-9 : seconds + passed.count() * whole / std::max(1.0, share) / 3;
  }
  return seconds * probes / workers_;
}

}  // namespace mote
