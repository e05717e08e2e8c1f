// Estimators that only look: a number counted from the architecture, without any training. They are
// the baselines that an estimate has to beat.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "mote/estimate/estimator.h"

namespace mote {

using Count = std::function<double(const Subject&)>;

// Higher is better: on image benchmarks larger networks are more accurate. Never fails.
std::unique_ptr<Estimator> MakeCounter(std::string name, std::string unit, Count count);

// The benchmark's network of the subject for its target, built in the given form.
Network BenchmarkNetwork(const Subject& subject, BuildForm form);

}  // namespace mote
