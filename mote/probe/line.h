// The loss along the straight line between two sets of weights (Goodfellow, Vinyals, Saxe:
// "Qualitatively characterizing neural network optimization problems", ICLR 2015).
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "mote/backends/executor.h"
#include "mote/data/prepared_data.h"

namespace mote {

// Steps of the landscape term's line: the paper's G.
inline constexpr double kLineSteps = 10;

// (1 - share) from + share to, element by element. Sizes are equal.
std::vector<double> PointOnLine(std::span<const double> from, std::span<const double> to,
                                double share);

// `count` images of the data, drawn by seed: the files of a folder come class by class, and batch
// statistics of one class would say nothing of the landscape. 0 or more than there are: all.
PreparedData LineImages(const PreparedData& data, int count, std::uint64_t seed, int replicate);

}  // namespace mote
