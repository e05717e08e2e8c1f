// Activations of a batch, [batch][channels][height][width], as a view on memory owned elsewhere.
#pragma once

#include <cstddef>

#include "mote/graph/network.h"

namespace mote::reference {

template <typename T>
struct Tensor {
  T* data;
  int batch;
  Shape shape;

  T& operator()(int n, int c, int y, int x) const {
    return data[((std::size_t(n) * shape.channels + c) * shape.height + y) * shape.width + x];
  }
  std::size_t elements() const { return std::size_t(batch) * shape.elements(); }
  // One image alone.
  Tensor image(int n) const { return {data + n * shape.elements(), 1, shape}; }

  // Implicit, as T* to const T* is.
  // NOLINTNEXTLINE(google-explicit-constructor)
  operator Tensor<const T>() const { return {data, batch, shape}; }
};

}  // namespace mote::reference
