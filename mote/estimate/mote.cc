// MOTE (Zhang, Hsieh, Li, Chang, Lee, Fan: "MOTE-NAS: Multi-Objective Training-based Estimate for
// Efficient Neural Architecture Search", NeurIPS 2024), and its two terms alone.
//
//   MOTE = f(landscape term) + f(speed term),   f: Box-Cox, then an affine map.
//
// A reduced network is trained on reduced data. The landscape term reads the losses at points of
// the straight line from its initial to its trained weights, a macro view of the non-convex
// landscape; the speed term joins the losses of all epochs with the time they took, a micro view.
//
//   form slides:    sum of losses;      sum over epochs of loss / time;  lower is better
//   form released:  sum of 1 / losses;  time / mean loss;                higher is better
//
// Deviations from the authors' code: the time is counted from the live convolutions by default (it
// ranks better than seconds on a V100 and is reproducible), and the presets decide network, data,
// points of the line and whether they are evaluated or trained on (mote list presets).
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>

#include "mote/base/file.h"
#include "mote/estimate/calibration.h"
#include "mote/estimate/estimator.h"
#include "mote/estimate/mote_terms.h"
#include "mote/estimate/training_losses.h"

namespace mote {
namespace {

enum class Part { kBoth, kLandscape, kSpeed };

std::vector<OptionSpec> MoteOptions() {
  return {
      {.name = "form",
       .default_value = std::string("preset"),
       .help =
           "slides: sums of losses, lower is better; released: of reciprocals, higher is better",
       .choices = {"preset", "slides", "released"}},
      {.name = "time",
       .default_value = std::string("counted"),
       .help = "counted: from the live convolutions, reproducible; wall: measured",
       .choices = {"counted", "wall"}},
      {.name = "calibration",
       .default_value = std::string(),
       .help = "file of `mote calibrate` to join the terms by; empty: the preset's own constants",
       .is_path = true},
  };
}

MoteForm FormOf(const Options& options, const Preset& preset) {
  if (options.Text("form") == "slides") return MoteForm::kSlides;
  if (options.Text("form") == "released") return MoteForm::kReleased;
  return preset.form;
}

// The constants of one form, out of a calibration file if one was named.
Calibration FindCalibration(const std::string& file, const Preset& preset, MoteForm form) {
  const bool slides = form == MoteForm::kSlides;
  const char* form_name = slides ? "slides" : "released";
  if (!file.empty()) {
    const auto json = nlohmann::json::parse(ReadFile(file), nullptr, /*allow_exceptions=*/false);
    if (!json.is_object() || !json.contains(form_name)) {
      Throw(ErrorCode::kCorrupt,
            "'{}' holds no calibration of form {}; make one with "
            "`mote calibrate --preset {} --out {}`",
            file, form_name, preset.name, file);
    }
    return CalibrationFromJson(json[form_name], file);
  }
  const std::optional<Calibration>& own = slides ? preset.slides : preset.released;
  if (!own) {
    Throw(
        ErrorCode::kUnsupported,
        "preset {} has no constants for form {}; measure them with "
        "`mote calibrate --preset {} --out FILE` and name the file by --set mote.calibration=FILE",
        preset.name, form_name, preset.name);
  }
  return *own;
}

class Mote : public Estimator {
 public:
  Mote(const Options& options, const Preset& preset, Part part)
      : preset_(preset),
        part_(part),
        form_(FormOf(options, preset)),
        wall_clock_(options.Text("time") == "wall") {
    if (part == Part::kBoth) {
      calibration_ = FindCalibration(options.Text("calibration"), preset, form_);
    }
    TrainingRecipe recipe = preset.recipe;
    recipe.record_seconds = wall_clock_;
    probe_ = std::make_shared<TrainingProbe>(std::move(recipe));
  }

  EstimatorInfo info() const override {
    const bool slides = form_ == MoteForm::kSlides;
    EstimatorInfo info;
    info.direction = slides ? Direction::kLowerIsBetter : Direction::kHigherIsBetter;
    info.cost = CostClass::kTraining;
    info.citation = "Zhang et al., NeurIPS 2024";
    switch (part_) {
      case Part::kBoth:
        info.name = "mote";
        info.unit = "1";
        break;
      case Part::kLandscape:
        info.name = "mote.landscape";
        info.unit = slides ? "nat" : "1/nat";
        break;
      case Part::kSpeed:
        info.name = "mote.speed";
        info.unit = slides ? "nat/s" : "s/nat";
        break;
    }
    return info;
  }

  std::vector<std::shared_ptr<const Probe>> Needs() const override { return {probe_}; }

  Outcome<double> Read(const Subject& subject,
                       std::span<const ProbeResult* const> results) const override {
    const ProbeResult& run = *results[0];
    if (part_ == Part::kLandscape) return Landscape(run);
    if (part_ == Part::kSpeed) return Speed(subject, run);
    return JoinTerms(Landscape(run), Speed(subject, run), calibration_);
  }

 private:
  double Landscape(const ProbeResult& run) const {
    return LandscapeTerm(Losses(preset_, run, "line_loss"), form_);
  }

  double Speed(const Subject& subject, const ProbeResult& run) const {
    const double seconds = wall_clock_ ? WallSeconds(run)
                                       : CountedSeconds(subject.space.CountLiveEdges(
                                             subject.space.Canonicalize(subject.architecture)));
    return SpeedTerm(Losses(preset_, run, "epoch_loss"), seconds, form_);
  }

  static double WallSeconds(const ProbeResult& run) {
    const auto seconds = run["epoch_seconds"];
    return std::accumulate(seconds.begin(), seconds.end(), 0.0);
  }

  Preset preset_;
  Part part_;
  MoteForm form_;
  bool wall_clock_;
  Calibration calibration_;
  std::shared_ptr<const TrainingProbe> probe_;
};

}  // namespace

MOTE_ESTIMATOR(mote) {
  const auto add = [&registry](const char* name, const char* summary, Part part) {
    registry.Add(name, summary, MoteOptions(),
                 [part](const Options& options, const Setting& setting) {
                   return std::make_unique<Mote>(options, setting.preset, part);
                 });
  };
  add("mote", "landscape and speed term joined: the estimate of MOTE-NAS", Part::kBoth);
  add("mote.landscape", "its macro view: losses on the line from initial to trained weights",
      Part::kLandscape);
  add("mote.speed", "its micro view: how fast the loss falls for the time it costs", Part::kSpeed);
}

}  // namespace mote
