#include "mote/run/evaluator.h"

#include <time.h>

#include <mutex>
#include <new>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "mote/base/stats.h"
#include "mote/base/thread_pool.h"

namespace mote {
namespace {

// Processor time of the calling thread, in seconds: what a probe cost, whatever else ran.
double ThreadSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

// A candidate that cannot be measured fails; a world that is wrong ends the run.
Failure AsFailure(const Error& error) {
  switch (error.code()) {
    case ErrorCode::kInternal:
    case ErrorCode::kIo:
    case ErrorCode::kCorrupt:
    case ErrorCode::kNotFound:
      throw error;
    case ErrorCode::kOutOfMemory:
      return {FailureKind::kOutOfMemory, error.what()};
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kUnsupported:
      return {FailureKind::kUnsupported, error.what()};
  }
  throw error;
}

template <typename Act>
auto Attempt(Act act) -> decltype(act()) {
  try {
    return act();
  } catch (const Error& error) {
    return AsFailure(error);
  } catch (const std::bad_alloc&) {
    return Failure{FailureKind::kOutOfMemory, "the network does not fit into memory"};
  }
}

}  // namespace

struct Evaluator::Pending {
  Hash128 key;
  std::shared_ptr<const Probe> probe;
  Architecture representative;
  int replicate;
};

// Distinct probes of distinct networks, each once and in the order in which they are first asked
// for.
class Evaluator::Wanted {
 public:
  Wanted(const Workshop& workshop, const BackendTraits& traits, std::uint64_t seed)
      : workshop_(workshop), traits_(traits), seed_(seed) {}

  // The place of this probe's result of the class of `representative`.
  std::size_t Add(const std::shared_ptr<const Probe>& probe, const Architecture& representative,
                  int replicate) {
    const Hash128 key =
        ProbeKey(*probe, representative.id(), workshop_.data.dataset(), seed_, replicate, traits_);
    const auto [found, is_new] = position_.emplace(key, pending_.size());
    if (is_new) pending_.push_back({key, probe, representative, replicate});
    return found->second;
  }

  const std::vector<Pending>& pending() const { return pending_; }

 private:
  const Workshop& workshop_;
  const BackendTraits& traits_;
  std::uint64_t seed_;
  std::vector<Pending> pending_;
  std::unordered_map<Hash128, std::size_t> position_;
};

struct Evaluator::Found {
  std::optional<Outcome<ProbeResult>> result;
  double seconds = 0;
};

Evaluator::Evaluator(Workshop workshop)
    : workshop_(std::move(workshop)), traits_(workshop_.backend.traits()) {}

Architecture Evaluator::RepresentativeOf(const Job& job) const {
  return workshop_.space.SpaceOf(job.architecture).Canonicalize(job.architecture);
}

ProbeRecord Evaluator::MeasureOne(const Pending& pending, std::uint64_t seed) const {
  ProbeRecord record;
  record.key = pending.key;
  const SearchSpace& space = workshop_.space.SpaceOf(pending.representative);
  record.space = space.name();
  record.architecture = pending.representative.text();
  record.probe = fmt::format("{}@{}", pending.probe->name(), pending.probe->version());
  record.options = pending.probe->ToJson().dump();
  if (pending.probe->uses_dataset()) {
    record.fingerprint = workshop_.data.dataset().fingerprint().Hex();
  }
  record.seed = seed;
  record.replicate = pending.replicate;
  const ProbeContext context{.space = space,
                             .backend = workshop_.backend,
                             .data = workshop_.data,
                             .seed = seed,
                             .replicate = pending.replicate,
                             .check_stop = [this] { workshop_.stop.ThrowIfRequested(); }};
  const double start = ThreadSeconds();
  record.result = Attempt([&] { return pending.probe->Run(context, pending.representative); });
  record.seconds = ThreadSeconds() - start;
  return record;
}

EstimateRecord Evaluator::Describe(const ConfiguredEstimator& configured, const Job& job,
                                   std::uint64_t seed, const Outcome<double>& value) const {
  const EstimatorInfo info = configured.estimator->info();
  EstimateRecord record;
  record.space = job.architecture.space();
  record.architecture = job.architecture.text();
  record.estimator = fmt::format("{}@{}", info.name, info.version);
  record.options = nlohmann::json{
      {"options", nlohmann::json::parse(configured.options)},
      {"dataset", workshop_.data.dataset().fingerprint().Hex()},
      {"backend", fmt::format("{}@{}", traits_.name, traits_.version)},
      {"device", traits_.device},
      {"isa",
       traits_.isa}}.dump();
  record.seed = seed;
  record.replicate = job.replicate;
  record.value = value;
  record.key = HashOf(nlohmann::json{record.space, record.architecture, record.estimator,
                                     record.options, record.seed, record.replicate}
                          .dump());
  return record;
}

std::vector<Evaluator::Found> Evaluator::Gather(const Wanted& wanted, std::uint64_t seed,
                                                const ProgressCallback& progress) {
  const std::vector<Pending>& pending = wanted.pending();
  std::vector<Found> found(pending.size());
  EvaluationProgress state{.probes_total = int(pending.size())};
  std::vector<std::size_t> missing;
  for (std::size_t p = 0; p < pending.size(); ++p) {
    if (auto record = workshop_.store.FindProbe(pending[p].key)) {
      found[p] = {std::move(record->result), record->seconds};
      ++state.probes_done;
    } else {
      missing.push_back(p);
    }
  }
  if (progress) progress(state);
  std::mutex mutex;
  ThreadPool pool(workshop_.workers);
  for (std::size_t p : missing) {
    pool.Submit([&, p](int) {
      workshop_.stop.ThrowIfRequested();
      const ProbeRecord record = MeasureOne(pending[p], seed);
      std::scoped_lock lock(mutex);
      // Another search may have measured the same meanwhile: what it took then is what counts.
      found[p] = {record.result, workshop_.store.PutProbe(record, workshop_.provenance)};
      ++state.probes_done;
      ++state.probes_measured;
      ++probes_measured_;
      probe_seconds_ += record.seconds;
      if (progress) progress(state);
    });
  }
  pool.Wait();
  return found;
}

std::vector<double> Evaluator::seconds_per_job() const {
  std::vector<double> means;
  for (const std::vector<double>& seconds : seconds_) {
    means.push_back(seconds.empty() ? 0 : Mean(seconds));
  }
  return means;
}

std::vector<Outcome<ProbeResult>> Evaluator::Measure(const std::shared_ptr<const Probe>& probe,
                                                     std::span<const Job> jobs, std::uint64_t seed,
                                                     const ProgressCallback& progress) {
  Wanted wanted(workshop_, traits_, seed);
  std::vector<std::size_t> places;
  for (const Job& job : jobs) {
    places.push_back(wanted.Add(probe, RepresentativeOf(job), job.replicate));
  }
  const std::vector<Found> found = Gather(wanted, seed, progress);
  std::vector<Outcome<ProbeResult>> results;
  seconds_.assign(1, {});
  for (std::size_t place : places) {
    results.push_back(*found[place].result);
    seconds_[0].push_back(found[place].seconds);
  }
  return results;
}

std::vector<std::vector<Outcome<double>>> Evaluator::Estimate(
    std::span<const ConfiguredEstimator> estimators, std::span<const Job> jobs, std::uint64_t seed,
    const ProgressCallback& progress) {
  Wanted wanted(workshop_, traits_, seed);
  std::vector<std::vector<std::vector<std::size_t>>> places(
      estimators.size(), std::vector<std::vector<std::size_t>>(jobs.size()));
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    const Architecture representative = RepresentativeOf(jobs[j]);
    for (std::size_t e = 0; e < estimators.size(); ++e) {
      for (const auto& probe : estimators[e].estimator->Needs()) {
        places[e][j].push_back(wanted.Add(probe, representative, jobs[j].replicate));
      }
    }
  }
  const std::vector<Found> found = Gather(wanted, seed, progress);

  const Dataset& dataset = workshop_.data.dataset();
  const Task target = TaskOf(dataset);
  std::vector<std::vector<Outcome<double>>> estimates(estimators.size());
  std::vector<EstimateRecord> records;
  seconds_.assign(estimators.size(), std::vector<double>(jobs.size()));
  for (std::size_t e = 0; e < estimators.size(); ++e) {
    for (std::size_t j = 0; j < jobs.size(); ++j) {
      const Architecture& architecture = jobs[j].architecture;
      const Subject subject{workshop_.space.SpaceOf(architecture), architecture, target};
      std::vector<const ProbeResult*> read;
      const Failure* failure = nullptr;
      for (std::size_t place : places[e][j]) {
        const Outcome<ProbeResult>& result = *found[place].result;
        seconds_[e][j] += found[place].seconds;
        if (result) {
          read.push_back(&*result);
        } else if (!failure) {
          failure = &result.failure();
        }
      }
      estimates[e].push_back(failure ? Outcome<double>(*failure) : Attempt([&] {
        return estimators[e].estimator->Read(subject, read);
      }));
      records.push_back(Describe(estimators[e], jobs[j], seed, estimates[e].back()));
    }
  }
  workshop_.store.PutEstimates(records);
  return estimates;
}

}  // namespace mote
