// The gradient to what a batch normalisation read, written out where a convolution's backward pass
// cannot compute it on the way.
#pragma once

#include "mote/backends/native/layout.h"

namespace mote::native {

// dy = scale (g - mean_g) + slope (y - mean_y) (times mask, as in winograd.h) into dst, whose
// pixels are `dst_pitch` floats of which [column, column + pitch) are written, and stand `spacing`
// pixels apart in both directions (1, or the stride of the convolution: zeros between are the
// caller's).
void ApplyNormGradient(const Extent& extent, ConstPixels g, ConstPixels y, const NormGradient& norm,
                       const float* mask, Pixels dst, int dst_pitch, int column, int spacing);

}  // namespace mote::native
