// Direct convolutions from a padded source: 1x1 and 3x3 of any stride, any shape.
//
// Convolutions that read the same value run as one with all their result channels side by side;
// each still writes its own result.
//
// Cost: 2 kernel^2 in_channels n floating-point operations per pixel and group, at 80 % or more of
// the core's peak for rows of 8 and more pixels.
#pragma once

#include <cstddef>
#include <span>

#include "mote/backends/native/layout.h"

namespace mote::native {

struct ConvShape {
  int groups = 0;
  int height = 0;  // of the result
  int width = 0;
  int kernel = 3;
  int stride = 1;
  int in_channels = 0;  // with padding; a source pixel is in_channels * group floats
  int group = 1;
  int n = 0;  // floats of a result pixel, all results together; a multiple of the vector
};

// One result and the sums to add it to (sums.sum may be null).
struct ConvResult {
  Pixels pixels;
  MomentSums sums;
};

// y[p][.] = sum over taps and channels of spread(src[stride p + tap][i]) * weights[tap][i][.].
// `src` is the pixel under tap (0, 0) of result pixel (0, 0). weights [kernel^2][in_channels][n],
// columns repeated for the lanes of a group (see gemm.h). Each result takes n / results.size()
// floats of a pixel, in their order. `add`: y += (no sums then).
void Convolve(const ConvShape& shape, ConstPixels src, const float* weights,
              std::span<const ConvResult> results, bool add);

// dw[tap][i][.] += sum over pixels of spread(src[stride p + tap][i]) * dy[p][.], dy with n floats a
// pixel; dw [kernel^2][in_channels][n], lanes of a group apart.
void ConvolveKernelGradient(const ConvShape& shape, ConstPixels src, ConstPixels dy, float* dw);

}  // namespace mote::native
