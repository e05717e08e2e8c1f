// The files that the kernels of a tape come from; MakeKernels (kernels.h) puts them together.
#pragma once

#include "mote/backends/native/tape/kernels.h"

namespace mote::native::tape {

// T is float or double.
template <typename T>
void AddProductKernels(Kernels<T>& kernels);
template <typename T>
void AddPixelKernels(Kernels<T>& kernels);
template <typename T>
void AddTileKernels(Kernels<T>& kernels);
template <typename T>
void AddDigestKernels(Kernels<T>& kernels);

}  // namespace mote::native::tape
