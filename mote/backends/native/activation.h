// Elementwise activations that stand alone: the stem's and the head's.
#pragma once

#include <cstddef>

namespace mote::native {

// GELU in the form of graph/network.h. count is in floats, a multiple of the vector. A result may
// overwrite any of its operands. NaN stays NaN, except in x of ReluGradient, where it stops the
// gradient.
void Relu(const float* x, std::ptrdiff_t count, float* y);
void ReluGradient(const float* x, const float* g, std::ptrdiff_t count, float* dx);
void Gelu(const float* x, std::ptrdiff_t count, float* y);
void GeluGradient(const float* x, const float* g, std::ptrdiff_t count, float* dx);

}  // namespace mote::native
