#include "mote/run/session.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "mote/base/cpu.h"
#include "mote/base/file.h"
#include "mote/estimate/calibration.h"
#include "mote/probe/gradient_probe.h"
#include "mote/probe/training_probe.h"

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

// Images of the pass that a forecast is made from.
constexpr int kForecastImages = 8;

// The network that --network names; none if it names none.
std::optional<NetworkChoice> ChooseNetwork(const Catalog& catalog, const std::string& name,
                                           const Assignments& assignments) {
  if (name.empty()) return std::nullopt;
  if (name == "full") return FullNetwork();
  if (name == "reduced") return ReducedNetwork();
  if (!catalog.presets.Contains(name)) {
    Throw(ErrorCode::kInvalidArgument, "--network {}: there is full, reduced and the presets {}",
          name, ListOr(catalog.presets.Names()));
  }
  return NetworkOf(*catalog.presets.Create(name, OptionsOf(assignments, name)));
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

Session::Session(const Catalog& catalog, const ScoreSettings& settings, const StopToken& stop,
                 std::shared_ptr<Holdings> holdings)
    : catalog_(catalog),
      stop_(stop),
      holdings_(std::move(holdings)),
      settings_(settings),
      assignments_(ParseAssignments(catalog, settings.set)),
      workers_(settings.workers > 0 ? settings.workers : AvailableCores()) {
  space_ = catalog.spaces.Create(settings.space, OptionsOf(assignments_, settings.space));
  preset_ = catalog.presets.Create(settings.preset, OptionsOf(assignments_, settings.preset));
  backend_ = MakeBackend(catalog, settings.backend, settings.device, assignments_);
  for (const std::string& name : settings.estimators) Ask(name);
  if (!settings.aggregate.empty()) AskForRanking("aggregate", {.members = settings.aggregate});

  LoadOptions load;
  // Noise is drawn at the size that the network takes: shrunk, it would turn grey.
  load.image_size =
      settings.data == "noise" ? preset_->recipe.data.image_size : settings.image_size;
  load.seed = settings.score_seed;
  data_ = holdings_->Data(catalog.datasets, settings.data, load);

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
  store_ = holdings_->OpenStore(settings_.store);
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

int Session::AddEstimator(const std::string& name) {
  for (std::size_t e = 0; e < estimators_.size(); ++e) {
    if (estimators_[e].name == name) return int(e);
  }
  estimators_.push_back(Configure(name));
  return int(estimators_.size()) - 1;
}

void Session::AskForRanking(const std::string& name, const Ranking& ranking) {
  AskedScore asked{.name = name, .info = {}, .members = {}, .ranks = true};
  asked.info = {.name = name, .unit = "nat", .citation = ranking.citation};
  for (const std::string& member : ranking.members) {
    const int e = AddEstimator(member);
    asked.info.cost = std::max(asked.info.cost, estimators_[e].estimator->info().cost);
    asked.members.push_back(e);
  }
  asked_.push_back(std::move(asked));
}

void Session::Ask(const std::string& name) {
  if (catalog_.rankings.Contains(name)) {
    AskForRanking(name, *catalog_.rankings.Create(name, OptionsOf(assignments_, name)));
    return;
  }
  const int e = AddEstimator(name);
  asked_.push_back({.name = name, .info = estimators_[e].estimator->info(), .members = {e}});
}

ConfiguredEstimator Session::Configure(const std::string& asked) const {
  const std::size_t at = asked.find('@');
  const std::string name = asked.substr(0, at);
  const std::string preset_name = at == std::string::npos ? settings_.preset : asked.substr(at + 1);
  const auto& entry = catalog_.estimators.Find(name);
  const Options options(name, entry.options, OptionsOf(assignments_, name));
  const auto& preset_entry = catalog_.presets.Find(preset_name);
  const Options preset_options(preset_name, preset_entry.options,
                               OptionsOf(assignments_, preset_name));
  const auto preset = preset_entry.factory(preset_options);
  const Setting setting{.preset = *preset,
                        .network = ChooseNetwork(catalog_, settings_.network, assignments_)};
  ConfiguredEstimator configured;
  configured.name = asked;
  configured.estimator = entry.factory(options, setting);
  nlohmann::json json = {{"estimator", ToJson(options)}};
  const CostClass cost = configured.estimator->info().cost;
  if (cost == CostClass::kTraining) {
    json["preset"] = {{"name", preset_name}, {"options", ToJson(preset_options)}};
  }
  if (cost == CostClass::kPasses) {
    for (const auto& probe : configured.estimator->Needs())
      json["probe"].push_back(probe->ToJson());
  }
  // Constants are part of what an estimate is: of the preset, or of a file that may change.
  if (name == "mote") {
    const std::string& file = options.Text("calibration");
    json["constants"] =
        file.empty() ? ToJson(*preset) : nlohmann::json(HashOf(ReadFile(file)).Hex());
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

double Session::ForecastSeconds(const Probe& probe, const Probe& shortened, int networks) const {
  const ProbeContext context{.space = *space_,
                             .backend = *backend_,
                             .data = *data_,
                             .seed = settings_.score_seed,
                             .replicate = 0,
                             .check_stop = {}};
  // The mean over the space is near that of three cells of little, some and much work; the first
  // run only warms up. Time goes with multiply-adds where they dominate, with steps where calls do:
  // both scale with the epochs and the passes.
  const std::int64_t size = space_->size();
  double seconds = 0;
  bool warm = false;
  for (std::int64_t index : {size / 2, size / 3, size / 2, 3 * size / 4}) {
    const Architecture cell = space_->Canonicalize(space_->At(index));
    const auto start = std::chrono::steady_clock::now();
    (void)shortened.Run(context, cell);
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    const double share = shortened.ForecastMacs(*space_, cell, dataset());
    const double whole = probe.ForecastMacs(*space_, cell, dataset());
    if (warm) seconds += passed.count() * whole / std::max(1.0, share) / 3;
    warm = true;
  }
  return seconds * networks / workers_;
}

double Session::ForecastSeconds(std::span<const ConfiguredEstimator> estimators,
                                int networks) const {
  std::map<std::string, std::shared_ptr<const Probe>> probes;  // each once
  for (const ConfiguredEstimator& configured : estimators) {
    for (const auto& probe : configured.estimator->Needs()) {
      probes.emplace(probe->name() + probe->ToJson().dump(), probe);
    }
  }
  double seconds = 0;
  for (const auto& [key, probe] : probes) {
    if (const auto* training = dynamic_cast<const TrainingProbe*>(probe.get())) {
      TrainingRecipe recipe = training->recipe();
      recipe.training.epochs = 1;
      recipe.line = LineMode::kNone;
      seconds += ForecastSeconds(*probe, TrainingProbe(recipe), networks);
    } else if (const auto* initial = dynamic_cast<const InitialProbe*>(probe.get())) {
      InitialRecipe recipe = initial->recipe();
      recipe.batch.images = std::min(recipe.batch.images, kForecastImages);
      recipe.repeats = 1;
      seconds += ForecastSeconds(*probe, GradientProbe(recipe), networks);
    }
  }
  return seconds;
}

std::vector<Scores> Combine(std::span<const AskedScore> asked,
                            std::span<const ConfiguredEstimator> estimators,
                            std::span<const Scores> by_estimator) {
  std::vector<Scores> columns;
  for (const AskedScore& score : asked) {
    if (!score.ranks) {
      columns.push_back(by_estimator[score.members[0]]);
      continue;
    }
    std::vector<ScoreColumn> members;
    for (int e : score.members) {
      members.push_back({by_estimator[e], estimators[e].estimator->info().direction});
    }
    const std::vector<double> sums = SumOfLogRanks(members);
    columns.emplace_back(sums.begin(), sums.end());
  }
  return columns;
}

}  // namespace mote
