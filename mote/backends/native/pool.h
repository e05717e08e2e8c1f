// Average pooling over windows that neither overlap nor are padded: between stages, and over the
// whole image before the head. (3x3 pools are part of node_sum.h.)
#pragma once

#include "mote/backends/native/layout.h"

namespace mote::native {

// dst = mean over windows of height x width without overlap or padding; the extent is that of src,
// the result has floor(extent / window) pixels each way.
void PoolWindows(const Extent& extent, const float* src, int height, int width, float* dst);

}  // namespace mote::native
