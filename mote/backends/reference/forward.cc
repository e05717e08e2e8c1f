#include "mote/backends/reference/forward.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "mote/backends/reference/window.h"

namespace mote::reference {
namespace {

template <typename Pixel, typename T>
void PutChannelsFirst(std::span<const Pixel> images, Tensor<T> dst) {
  std::size_t i = 0;
  for (int n = 0; n < dst.batch; ++n) {
    for (int y = 0; y < dst.shape.height; ++y) {
      for (int x = 0; x < dst.shape.width; ++x) {
        for (int c = 0; c < dst.shape.channels; ++c) dst(n, c, y, x) = T(images[i++]);
      }
    }
  }
}

}  // namespace

template <typename T>
void CopyImages(std::span<const float> images, Tensor<T> dst) {
  PutChannelsFirst(images, dst);
}

template <typename T>
void CopyImages(std::span<const double> images, Tensor<T> dst) {
  PutChannelsFirst(images, dst);
}

template <typename T>
void Conv(const Op& op, Tensor<const T> src, std::span<const T> kernel, std::span<const T> bias,
          Tensor<T> dst) {
  const std::int64_t pixels = std::int64_t(dst.shape.height) * dst.shape.width;
  for (int n = 0; n < dst.batch; ++n) {
    const T* weight = kernel.data();
    for (int o = 0; o < dst.shape.channels; ++o) {
      std::fill_n(&dst(n, o, 0, 0), pixels, bias.empty() ? T(0) : bias[o]);
      for (int i = 0; i < src.shape.channels; ++i) {
        for (int ky = 0; ky < op.kernel; ++ky) {
          for (int kx = 0; kx < op.kernel; ++kx, ++weight) {
            ForEachPosition(op, src.shape, ky, kx, [&](int y, int x, int src_y, int src_x) {
              dst(n, o, y, x) += *weight * src(n, i, src_y, src_x);
            });
          }
        }
      }
    }
  }
}

template <typename T>
void ChannelStatistics(Tensor<const T> src, std::span<T> mean, std::span<T> variance) {
  const T count = T(std::int64_t(src.batch) * src.shape.height * src.shape.width);
  for (int c = 0; c < src.shape.channels; ++c) {
    T sum = 0;
    for (int n = 0; n < src.batch; ++n) {
      for (int y = 0; y < src.shape.height; ++y) {
        for (int x = 0; x < src.shape.width; ++x) sum += src(n, c, y, x);
      }
    }
    mean[c] = sum / count;
    T squares = 0;
    for (int n = 0; n < src.batch; ++n) {
      for (int y = 0; y < src.shape.height; ++y) {
        for (int x = 0; x < src.shape.width; ++x) {
          const T deviation = src(n, c, y, x) - mean[c];
          squares += deviation * deviation;
        }
      }
    }
    variance[c] = squares / count;
  }
}

template <typename T>
void BatchNorm(const Op& op, Tensor<const T> src, std::span<const T> mean,
               std::span<const T> variance, std::span<const T> gamma, std::span<const T> beta,
               Tensor<T> dst) {
  for (int n = 0; n < src.batch; ++n) {
    for (int c = 0; c < src.shape.channels; ++c) {
      const T inverse_deviation = 1 / std::sqrt(variance[c] + T(op.epsilon));
      const T scale = gamma.empty() ? T(1) : gamma[c];
      const T shift = beta.empty() ? T(0) : beta[c];
      for (int y = 0; y < src.shape.height; ++y) {
        for (int x = 0; x < src.shape.width; ++x) {
          const T normalized = (src(n, c, y, x) - mean[c]) * inverse_deviation;
          dst(n, c, y, x) = normalized * scale + shift;
        }
      }
    }
  }
}

template <typename T>
void Relu(Tensor<const T> src, Tensor<T> dst) {
  // Written so that NaN passes: a network that has diverged must show it in its loss.
  for (std::size_t i = 0; i < src.elements(); ++i) {
    dst.data[i] = src.data[i] <= 0 ? T(0) : src.data[i];
  }
}

template <typename T>
void Gelu(Tensor<const T> src, Tensor<T> dst) {
  const T scale = T(std::sqrt(std::numbers::pi / 2));
  for (std::size_t i = 0; i < src.elements(); ++i) {
    const T x = src.data[i];
    dst.data[i] = T(0.5) * x * (1 + std::tanh(scale * (x + T(0.044715) * x * x * x)));
  }
}

template <typename T>
void AvgPool(const Op& op, Tensor<const T> src, Tensor<T> dst) {
  std::fill_n(dst.data, dst.elements(), T(0));
  for (int n = 0; n < dst.batch; ++n) {
    for (int c = 0; c < dst.shape.channels; ++c) {
      for (int ky = 0; ky < op.kernel; ++ky) {
        for (int kx = 0; kx < op.kernel; ++kx) {
          ForEachPosition(op, src.shape, ky, kx, [&](int y, int x, int src_y, int src_x) {
            dst(n, c, y, x) += src(n, c, src_y, src_x);
          });
        }
      }
      for (int y = 0; y < dst.shape.height; ++y) {
        for (int x = 0; x < dst.shape.width; ++x) {
          dst(n, c, y, x) /= T(ElementsInside(op, src.shape, y, x));
        }
      }
    }
  }
}

template <typename T>
void Accumulate(Tensor<const T> src, Tensor<T> dst) {
  for (std::size_t i = 0; i < src.elements(); ++i) dst.data[i] += src.data[i];
}

template <typename T>
void Divide(Tensor<T> dst, int count) {
  for (std::size_t i = 0; i < dst.elements(); ++i) dst.data[i] /= T(count);
}

template <typename T>
void GlobalAvgPool(Tensor<const T> src, Tensor<T> dst) {
  const T count = T(std::int64_t(src.shape.height) * src.shape.width);
  for (int n = 0; n < src.batch; ++n) {
    for (int c = 0; c < src.shape.channels; ++c) {
      T sum = 0;
      for (int y = 0; y < src.shape.height; ++y) {
        for (int x = 0; x < src.shape.width; ++x) sum += src(n, c, y, x);
      }
      dst(n, c, 0, 0) = sum / count;
    }
  }
}

template <typename T>
void Linear(Tensor<const T> src, std::span<const T> weight, std::span<const T> bias,
            Tensor<T> dst) {
  for (int n = 0; n < src.batch; ++n) {
    for (int o = 0; o < dst.shape.channels; ++o) {
      T sum = bias[o];
      for (int i = 0; i < src.shape.channels; ++i) {
        sum += weight[std::size_t(o) * src.shape.channels + i] * src(n, i, 0, 0);
      }
      dst(n, o, 0, 0) = sum;
    }
  }
}

#define MOTE_INSTANTIATE(T)                                                                      \
  template void CopyImages<T>(std::span<const float>, Tensor<T>);                                \
  template void CopyImages<T>(std::span<const double>, Tensor<T>);                               \
  template void Conv<T>(const Op&, Tensor<const T>, std::span<const T>, std::span<const T>,      \
                        Tensor<T>);                                                              \
  template void ChannelStatistics<T>(Tensor<const T>, std::span<T>, std::span<T>);               \
  template void BatchNorm<T>(const Op&, Tensor<const T>, std::span<const T>, std::span<const T>, \
                             std::span<const T>, std::span<const T>, Tensor<T>);                 \
  template void Relu<T>(Tensor<const T>, Tensor<T>);                                             \
  template void Gelu<T>(Tensor<const T>, Tensor<T>);                                             \
  template void AvgPool<T>(const Op&, Tensor<const T>, Tensor<T>);                               \
  template void Accumulate<T>(Tensor<const T>, Tensor<T>);                                       \
  template void Divide<T>(Tensor<T>, int);                                                       \
  template void GlobalAvgPool<T>(Tensor<const T>, Tensor<T>);                                    \
  template void Linear<T>(Tensor<const T>, std::span<const T>, std::span<const T>, Tensor<T>)
MOTE_INSTANTIATE(float);
MOTE_INSTANTIATE(double);
#undef MOTE_INSTANTIATE

}  // namespace mote::reference
