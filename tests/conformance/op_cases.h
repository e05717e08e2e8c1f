// One table of small networks around the operation under test, for every backend and every mode:
// against the reference, against finite differences, twice for equal bits.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "mote/graph/network.h"
#include "tests/conformance/subjects.h"

namespace mote::conformance {

struct OpCase {
  std::string name;
  std::function<Network()> build;
  int batch = 4;
  // By how much a float32 engine may differ from the reference in double precision: losses, logits
  // and gradients, relative to the largest magnitude in their vector. The reference in single
  // precision stays within half of it.
  double bound = 2e-6;
  // Likewise after three steps of an optimiser, for losses, parameters and logits with running
  // statistics.
  double trained_bound = 5e-6;
};

const std::vector<OpCase>& OpCases();

// Random weights of the size that training meets, representable in float32, and random images with
// labels: both the same in every run.
std::vector<double> WeightsFor(const OpCase& op_case, const Network& network);
Examples ExamplesFor(const OpCase& op_case, const Network& network);

}  // namespace mote::conformance
