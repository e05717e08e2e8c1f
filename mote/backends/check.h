// A backend made of two: computes with the first, repeats with the second, compares.
#pragma once

#include <memory>

#include "mote/backends/backend.h"

namespace mote {

// Every loss, gradient, vector of logits and set of parameters of `subject` is compared with
// `judge`'s, to the relative tolerance: two vectors agree if no element differs by more than
// tolerance times the largest magnitude in the judge's vector, two losses if they differ by no more
// than tolerance times the judge's (or 0.1, if that is larger). Numbers of correct answers may
// differ by the images that the judge finds too close to call. Values that are not finite agree
// with each other.
//
// Results are the subject's; its weights are copied to the judge after each step so that rounding
// does not pile up. Throws Error(kInternal) naming the call and both values where they differ. For
// production use: `--backend check(torch,reference)`.
std::unique_ptr<Backend> MakeCheckBackend(std::unique_ptr<Backend> subject,
                                          std::unique_ptr<Backend> judge, double tolerance = 1e-4);

}  // namespace mote
