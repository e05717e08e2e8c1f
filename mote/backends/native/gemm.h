// Small matrix products, many at once: the heart of the Winograd convolutions.
//
// Cost: 2 m k n `count` floating-point operations, at 80 % or more of the core's peak for k >= 8
// and matrices in the second cache.
#pragma once

#include <cstddef>

namespace mote::native {

// `count` equal products. A row of a holds k scalars of `group` lanes each (the images that share
// a vector): scalar i of row m is a[m][i * group ... + group), spread over the lanes of a vector in
// the pattern 0 1 0 1. b's columns are already repeated per lane. n is in floats and a multiple of
// the vector; k is in scalars. Strides are in floats.
struct Matrices {
  int count = 1;
  int m = 0;
  int k = 0;
  int n = 0;
  int group = 1;
  const float* a = nullptr;
  std::ptrdiff_t a_row = 0, a_matrix = 0;
  const float* b = nullptr;
  std::ptrdiff_t b_row = 0, b_matrix = 0;
  float* d = nullptr;
  std::ptrdiff_t d_row = 0, d_matrix = 0;
};

// d[m][n] = sum over k of spread(a[m][k]) * b[k][n].
void Multiply(const Matrices& matrices);

// d[k][n] += sum over m of spread(a[m][k]) * b[m][n]: b has m rows, d has k rows. Lanes of images
// that share a vector are summed apart; whoever reads d adds them.
void AccumulateOuter(const Matrices& matrices);

}  // namespace mote::native
