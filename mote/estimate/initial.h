// What the files of estimators without training have in common.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "mote/estimate/probe_reader.h"
#include "mote/probe/initial_probe.h"

namespace mote {

// The estimator that reads one probe, whose series of several repeats follow each other; cost
// kPasses.
std::unique_ptr<Estimator> MakeInitialEstimator(EstimatorInfo info,
                                                std::shared_ptr<const InitialProbe> probe,
                                                ReadingOf reading);

// Mean over the repeats of the sum of a series.
double SumOf(const ProbeResult& result, std::string_view series);

// Applies `reading` to each repeat's equal share of a series, and returns the mean; the first
// failure otherwise.
Outcome<double> MeanOverRepeats(
    const ProbeResult& result, std::string_view series,
    const std::function<Outcome<double>(std::span<const double>)>& reading);

// Options that most have: {images} and {repeats} with these defaults.
OptionSpec ImagesOption(int images);
OptionSpec RepeatsOption(int repeats);

// The recipe of such an estimator: its network, on `images` images of the task.
InitialRecipe RecipeOn(const NetworkChoice& network, int images);

}  // namespace mote
