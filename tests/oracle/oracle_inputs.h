// Inputs of the oracle's tests: functions of a name.
#pragma once

#include <string_view>
#include <vector>

#include "mote/backends/executor.h"
#include "mote/graph/network.h"

namespace mote::oracle {

struct Images {
  std::vector<float> pixels;
  std::vector<int> labels;

  Batch batch() const { return {pixels, labels}; }
};

// Uniform pixels and labels.
Images RandomImages(const Network& network, int count, std::string_view name);

// Kernels and weights of Glorot & Bengio's scale, gamma around 1, beta and bias around 0.
std::vector<double> RandomParameters(const Network& network, std::string_view name);

double Norm(std::span<const double> values);

// The norm of the difference.
double Distance(std::span<const double> a, std::span<const double> b);

}  // namespace mote::oracle
