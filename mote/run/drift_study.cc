#include "mote/run/drift_study.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "mote/base/check.h"
#include "mote/estimate/mote_terms.h"
#include "mote/reading/training_speed.h"
#include "mote/run/mote_series.h"

namespace mote {
namespace {

// What is read of one training at one checkpoint; higher is better.
struct Moment {
  const ProbeResult& run;
  int checkpoint;  // its place among the checkpoints
  int epoch;
  double seconds;  // counted, of the whole training
};

double At(const Moment& moment, const char* series) {
  return moment.run[series][moment.checkpoint];
}

std::span<const double> LossesUntil(const Moment& moment) {
  return moment.run["epoch_loss"].first(moment.epoch);
}

double LandscapeAt(const Moment& moment, std::size_t points) {
  return LandscapeTerm(moment.run["line_loss"].subspan(moment.checkpoint * points, points),
                       MoteForm::kReleased);
}

double SpeedAt(const Moment& moment) {
  const auto epochs = double(moment.run["epoch_loss"].size());
  return SpeedTerm(LossesUntil(moment), moment.seconds * moment.epoch / epochs,
                   MoteForm::kReleased);
}

class Study {
 public:
  Study(const DriftRecipe& recipe, std::span<const std::vector<Outcome<ProbeResult>>> results,
        std::span<const LiveEdges> live, std::span<const double> truths, const Key& key)
      : recipe_(recipe), results_(results), live_(live), truths_(truths), key_(key) {
    members_.resize(truths.size());
    std::iota(members_.begin(), members_.end(), 0);
  }

  // Of a measure of single trainings, from the first checkpoint at `first_epoch` or later.
  DriftCurve Curve(const std::string& measure, int first_epoch,
                   const std::function<double(const Moment&)>& read) const {
    return CurveOf(measure, first_epoch, [&](std::size_t seed, int checkpoint) {
      return ReadAll(seed, checkpoint, read);
    });
  }

  // MOTE: its constants are fitted to the scores of all architectures of the seed.
  DriftCurve MoteCurve() const {
    const std::size_t points = recipe_.training.line_points.size();
    return CurveOf("MOTE", 1, [&](std::size_t seed, int checkpoint) {
      const ScoreSeries landscape = ReadAll(
          seed, checkpoint, [points](const Moment& moment) { return LandscapeAt(moment, points); });
      const ScoreSeries speed = ReadAll(seed, checkpoint, SpeedAt);
      return JoinOnOwnScale(landscape, speed);
    });
  }

 private:
  ScoreSeries ReadAll(std::size_t seed, int checkpoint,
                      const std::function<double(const Moment&)>& read) const {
    ScoreSeries series;
    for (std::size_t a = 0; a < truths_.size(); ++a) {
      const Outcome<ProbeResult>& run = results_[seed][a];
      series.push_back(run ? std::optional(read({.run = *run,
                                                 .checkpoint = checkpoint,
                                                 .epoch = recipe_.checkpoints[checkpoint],
                                                 .seconds = CountedSeconds(live_[a])}))
                           : std::nullopt);
    }
    return series;
  }

  DriftCurve CurveOf(
      const std::string& measure, int first_epoch,
      const std::function<ScoreSeries(std::size_t seed, int checkpoint)>& scores) const {
    DriftCurve curve{.measure = measure};
    for (std::size_t c = 0; c < recipe_.checkpoints.size(); ++c) {
      if (recipe_.checkpoints[c] < first_epoch) continue;
      Contender contender{measure, {}};
      for (std::size_t seed = 0; seed < results_.size(); ++seed) {
        contender.scores.push_back(scores(seed, int(c)));
      }
      const auto compared = Compare({contender}, truths_, members_, nullptr, key_);
      const Correlation& mean = compared.front().mean;
      curve.epochs.push_back(recipe_.checkpoints[c]);
      // Equal scores rank nothing: tau-b is 0/0 there.
      curve.tau.push_back(mean.tau.value_or(0));
      curve.low.push_back(mean.tau_interval ? mean.tau_interval->low : curve.tau.back());
      curve.high.push_back(mean.tau_interval ? mean.tau_interval->high : curve.tau.back());
    }
    return curve;
  }

  const DriftRecipe& recipe_;
  std::span<const std::vector<Outcome<ProbeResult>>> results_;
  std::span<const LiveEdges> live_;
  std::span<const double> truths_;
  Key key_;
  std::vector<int> members_;
};

const DriftCurve& Find(std::span<const DriftCurve> curves, const std::string& measure) {
  for (const DriftCurve& curve : curves) {
    if (curve.measure == measure) return curve;
  }
  MOTE_CHECK(false, "no curve {}", measure);
}

// The checkpoint at which a curve is lowest.
std::size_t Lowest(const DriftCurve& curve) {
  return std::min_element(curve.tau.begin(), curve.tau.end()) - curve.tau.begin();
}

}  // namespace

std::vector<DriftCurve> DriftCurves(const DriftRecipe& recipe,
                                    std::span<const std::vector<Outcome<ProbeResult>>> results,
                                    std::span<const LiveEdges> live, std::span<const double> truths,
                                    const Key& key) {
  MOTE_CHECK(!results.empty() && live.size() == truths.size());
  for (const auto& of_seed : results) MOTE_CHECK(of_seed.size() == truths.size());
  const Study study(recipe, results, live, truths, key);
  const std::size_t points = recipe.training.line_points.size();
  return {
      study.Curve("NTK condition", 0,
                  [](const Moment& moment) { return -At(moment, "condition"); }),
      study.Curve("NTK smallest", 0,
                  [](const Moment& moment) { return At(moment, "smallest_eigenvalue"); }),
      study.Curve("KNAS", 0, [](const Moment& moment) { return At(moment, "kernel_mean"); }),
      study.Curve("LGA", 0, [](const Moment& moment) { return At(moment, "alignment"); }),
      study.Curve("TSE", 1, [](const Moment& moment) { return -SumOfLosses(LossesUntil(moment)); }),
      study.Curve("landscape", 1,
                  [points](const Moment& moment) { return LandscapeAt(moment, points); }),
      study.Curve("speed", 1, SpeedAt),
      study.MoteCurve(),
  };
}

std::string DriftFinding(std::span<const DriftCurve> curves) {
  const DriftCurve& kernel = Find(curves, "NTK condition");
  const DriftCurve& tse = Find(curves, "TSE");
  const DriftCurve& mote = Find(curves, "MOTE");
  const std::size_t lowest = Lowest(kernel);
  const double fall = kernel.tau.front() - kernel.tau[lowest];
  // Beyond what the intervals of both ends allow.
  const bool drifts = kernel.high[lowest] < kernel.low.front();
  std::string text = fmt::format(
      "The condition number ranks with tau {:.2f} before training and {:.2f} at its lowest, after "
      "{} epoch{}: {}.",
      kernel.tau.front(), kernel.tau[lowest], kernel.epochs[lowest],
      kernel.epochs[lowest] == 1 ? "" : "s",
      drifts        ? "it is not consistent while training, as the slides say"
      : fall > 0.05 ? "it falls, but within the intervals"
                    : "it does not fall while training, other than the slides say");
  const bool better = tse.low.back() > kernel.high.back();
  text += fmt::format(
      " After {} epochs TSE has {:.2f}, the condition number {:.2f}: {}. MOTE has {:.2f}.",
      tse.epochs.back(), tse.tau.back(), kernel.tau.back(),
      better                               ? "TSE ranks better, as the slides say"
      : tse.tau.back() > kernel.tau.back() ? "TSE ranks better, but within the intervals"
                                           : "TSE does not rank better, other than the slides say",
      mote.tau.back());
  return text;
}

}  // namespace mote
