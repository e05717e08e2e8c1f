// The study behind the MOTE slides' "NTK is not consistent after training": how well readings of
// the tangent kernel, of the training losses and of the loss landscape rank architectures, against
// the epoch of training at which they are taken.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "mote/probe/drift_probe.h"
#include "mote/run/comparison.h"

namespace mote {

// How one measure ranks at the checkpoints that it is defined at, against one target.
struct DriftCurve {
  std::string measure;
  std::vector<int> epochs = {};
  std::vector<double> tau = {};             // Kendall's tau-b, mean over the seeds
  std::vector<double> low = {}, high = {};  // 95 % bootstrap interval over the architectures
};

// In the order of the curves:
//   NTK condition        -lambda_max / lambda_min         from epoch 0
//   NTK smallest         lambda_min (Eigen-NAS)           from epoch 0
//   KNAS                 mean of the kernel               from epoch 0
//   LGA                  alignment with the labels        from epoch 0
//   TSE                  -sum of the epochs' losses       from epoch 1
//   landscape            sum of reciprocal losses on the line to the present weights, from epoch 1
//   speed                counted seconds so far / mean loss so far, from epoch 1
//   MOTE                 both terms, Box-Cox and scaled on these unlabelled scores, from epoch 1
// results[seed][a] is DriftProbe's of architecture a. What failed ranks last.
// Cost: 1,000 rank correlations per curve, checkpoint and seed.
std::vector<DriftCurve> DriftCurves(const DriftRecipe& recipe,
                                    std::span<const std::vector<Outcome<ProbeResult>>> results,
                                    std::span<const LiveEdges> live, std::span<const double> truths,
                                    const Key& key);

// What the curves say of the slides' claims, in two or three sentences for people: whether the
// kernel's ranking changes while training, and whether TSE ranks better after it.
std::string DriftFinding(std::span<const DriftCurve> curves);

}  // namespace mote
