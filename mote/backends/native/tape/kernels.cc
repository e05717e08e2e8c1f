#include "mote/backends/native/tape/kernels.h"

#include "mote/backends/native/tape/parts.h"

namespace mote::native::tape {

template <typename T>
Kernels<T> MakeKernels() {
  Kernels<T> kernels;
  AddProductKernels(kernels);
  AddPixelKernels(kernels);
  AddTileKernels(kernels);
  AddDigestKernels(kernels);
  return kernels;
}

template Kernels<float> MakeKernels<float>();
template Kernels<double> MakeKernels<double>();

}  // namespace mote::native::tape
