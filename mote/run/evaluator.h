// The evaluator: from architectures to estimates, through the store.
//
// What the store holds is looked up; what is missing is measured once per class of equal networks,
// in parallel over architectures, and stored as soon as it is there.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "mote/backends/backend.h"
#include "mote/base/stop.h"
#include "mote/data/prepared_data.h"
#include "mote/estimate/estimator.h"
#include "mote/record/provenance.h"
#include "mote/store/store.h"

namespace mote {

// An estimator as it was asked for.
struct ConfiguredEstimator {
  std::string name;  // "mote", or with a preset of its own "mote@wide"
  std::unique_ptr<Estimator> estimator;
  std::string options;  // JSON text of the options it and its preset were made with
};

// One estimate to be had: of one architecture, with the seeds of one replicate.
struct Job {
  Architecture architecture;
  int replicate = 0;
};

// How far an Estimate call is; from any worker, one at a time.
struct EvaluationProgress {
  int probes_done = 0;  // of this call, measured or found
  int probes_total = 0;
  int probes_measured = 0;
};
using ProgressCallback = std::function<void(const EvaluationProgress&)>;

// What a set of estimates is made from. All of it outlives the evaluator.
struct Workshop {
  const SearchSpace& space;  // jobs are of it or of its supernet
  const Backend& backend;
  DataCache& data;
  Store& store;
  const StopToken& stop;
  Provenance provenance;
  int workers = 1;
};

class Evaluator {
 public:
  explicit Evaluator(Workshop workshop);

  // results[e][j] is estimator e's reading of job j, also stored. Deterministic: independent of the
  // number of workers and of what the store held before. Throws Stopped when the stop token is set;
  // what was measured until then is in the store. Errors of the world (a full disk, a missing
  // split) are thrown; a candidate's own error is its Failure.
  std::vector<std::vector<Outcome<double>>> Estimate(
      std::span<const ConfiguredEstimator> estimators, std::span<const Job> jobs,
      std::uint64_t seed, const ProgressCallback& progress = {});

  // The same for a probe that is wanted for itself: its result for each job.
  std::vector<Outcome<ProbeResult>> Measure(const std::shared_ptr<const Probe>& probe,
                                            std::span<const Job> jobs, std::uint64_t seed,
                                            const ProgressCallback& progress = {});

  // By estimator of the last Estimate, or of the probe of the last Measure, and by job: the core
  // seconds that its probes took when they were measured, now or before.
  const std::vector<std::vector<double>>& seconds() const { return seconds_; }
  // Their means over the jobs.
  std::vector<double> seconds_per_job() const;

  // Probes measured by this evaluator so far, and the core seconds they took.
  int probes_measured() const { return probes_measured_; }
  double probe_seconds() const { return probe_seconds_; }

 private:
  struct Pending;
  class Wanted;
  struct Found;

  Architecture RepresentativeOf(const Job& job) const;
  ProbeRecord MeasureOne(const Pending& pending, std::uint64_t seed) const;
  // What is wanted, out of the store or measured.
  std::vector<Found> Gather(const Wanted& wanted, std::uint64_t seed,
                            const ProgressCallback& progress);
  EstimateRecord Describe(const ConfiguredEstimator& configured, const Job& job, std::uint64_t seed,
                          const Outcome<double>& value) const;

  Workshop workshop_;
  BackendTraits traits_;
  std::vector<std::vector<double>> seconds_;  // by estimator, job
  int probes_measured_ = 0;
  double probe_seconds_ = 0;
};

}  // namespace mote
