// What the space nasbench201 (Dong & Yang, "NAS-Bench-201", ICLR 2020) offers beyond SearchSpace.
#pragma once

#include <string>

#include "mote/space/architecture.h"

namespace mote {

// What the cell computes, as a sum of nested terms over its input x, with the terms of every sum
// sorted: "conv_1x1(x) + conv_3x3(x + pool(x)) + x"; "0" if the output does not depend on the
// input. An edge adds nothing if it is `none` or its source is empty (a convolution or pool of
// nothing counts as nothing), `skip_connect` adds the terms of its source, repetitions kept, any
// other operation one term.
//
// There are 4,930 forms. A repeated convolution term may be one convolution reached twice or two
// with their own weights, so two cells are the same network exactly if the forms and the numbers of
// live 1x1 and 3x3 edges are equal: 5,260 classes (SearchSpace::Canonicalize).
//
// `architecture` must be of the space nasbench201.
std::string CanonicalForm(const Architecture& architecture);

}  // namespace mote
