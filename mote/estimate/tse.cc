// Training speed estimate (Ru, Lyle, Schut, Fil, van der Wilk, Gal: "Speedy performance estimation
// for neural architecture search", NeurIPS 2021; first called SoTL). With the mean training losses
// l_1 .. l_T of a training run's epochs, lower is better:
//
//   tse      sum of all l_t
//   tse-e    sum of the last E; the authors recommend E = 1
//   tse-ema  form code:  a_1 = l_1, a_t = (1 - mu) a_(t-1) + mu l_t, mu = .9 on the newest epoch,
//                        as the authors' code has it
//            form paper: sum of gamma^(T-t) l_t, gamma = .999
//
// Read here off the preset's training of a reduced network, at no cost beside mote; label smoothing
// is in the loss, weight decay is not.
#include <algorithm>
#include <functional>
#include <memory>

#include "mote/estimate/probe_reader.h"
#include "mote/estimate/training_losses.h"
#include "mote/reading/training_speed.h"

namespace mote {
namespace {

using Reading = std::function<double(std::span<const double> epoch_losses)>;

std::unique_ptr<Estimator> MakeTse(std::string name, const Preset& preset, const Reading& reading) {
  return MakeProbeReader({.name = std::move(name),
                          .unit = "nat",
                          .direction = Direction::kLowerIsBetter,
                          .cost = CostClass::kTraining,
                          .citation = "Ru et al., NeurIPS 2021"},
                         std::make_shared<TrainingProbe>(preset.recipe),
                         [preset, reading](const ProbeResult& run) {
                           return reading(Losses(preset, run, "epoch_loss"));
                         });
}

}  // namespace

MOTE_ESTIMATOR(tse) {
  registry.Add("tse", "sum of the training losses of all epochs", {},
               [](const Options&, const Setting& setting) {
                 return MakeTse("tse", setting.preset,
                                [](std::span<const double> losses) { return SumOfLosses(losses); });
               });
  registry.Add("tse-e", "sum of the training losses of the last epochs",
               {{.name = "window",
                 .default_value = std::int64_t(1),
                 .help = "how many of the last epochs",
                 .minimum = 1}},
               [](const Options& options, const Setting& setting) {
                 const std::int64_t window = options.Int("window");
                 return MakeTse("tse-e", setting.preset, [=](std::span<const double> losses) {
                   return SumOfLastLosses(losses, int(std::min(window, std::ssize(losses))));
                 });
               });
  registry.Add("tse-ema", "exponentially weighted training losses",
               {{.name = "form",
                 .default_value = std::string("code"),
                 .help = "code: recursive average; paper: discounted sum",
                 .choices = {"code", "paper"}},
                {.name = "mu",
                 .default_value = 0.9,
                 .help = "weight of the newest epoch (code)",
                 .minimum = 0,
                 .maximum = 1},
                {.name = "gamma",
                 .default_value = 0.999,
                 .help = "discount per epoch (paper)",
                 .minimum = 0,
                 .maximum = 1}},
               [](const Options& options, const Setting& setting) {
                 const bool paper = options.Text("form") == "paper";
                 const double mu = options.Real("mu"), gamma = options.Real("gamma");
                 return MakeTse("tse-ema", setting.preset, [=](std::span<const double> losses) {
                   return paper ? DiscountedSumOfLosses(losses, gamma)
                                : NormalisedMovingAverage(losses, 1 - mu);
                 });
               });
}

}  // namespace mote
