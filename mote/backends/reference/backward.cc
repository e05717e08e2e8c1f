#include "mote/backends/reference/backward.h"

#include <cmath>
#include <numbers>
#include <numeric>

#include "mote/backends/reference/window.h"

namespace mote::reference {

template <typename T>
void ConvBackward(const Op& op, Tensor<const T> src, std::span<const T> kernel,
                  Tensor<const T> dst_gradient, Tensor<T> src_gradient,
                  std::span<T> kernel_gradient, std::span<T> bias_gradient) {
  const std::int64_t pixels = std::int64_t(op.shape.height) * op.shape.width;
  for (int n = 0; n < src.batch; ++n) {
    for (std::size_t o = 0; o < bias_gradient.size(); ++o) {
      const T* plane = &dst_gradient(n, int(o), 0, 0);
      bias_gradient[o] += std::accumulate(plane, plane + pixels, T(0));
    }
    std::size_t element = 0;
    for (int o = 0; o < op.shape.channels; ++o) {
      for (int i = 0; i < src.shape.channels; ++i) {
        for (int ky = 0; ky < op.kernel; ++ky) {
          for (int kx = 0; kx < op.kernel; ++kx, ++element) {
            const T weight = kernel[element];
            T sum = 0;
            ForEachPosition(op, src.shape, ky, kx, [&](int y, int x, int src_y, int src_x) {
              const T gradient = dst_gradient(n, o, y, x);
              sum += gradient * src(n, i, src_y, src_x);
              src_gradient(n, i, src_y, src_x) += gradient * weight;
            });
            kernel_gradient[element] += sum;
          }
        }
      }
    }
  }
}

// With h = (x - mean) / s, s = sqrt(variance + epsilon), y = gamma h + beta over N elements:
//   dL/dbeta = sum dL/dy,   dL/dgamma = sum dL/dy h,
//   dL/dx = gamma / s (dL/dy - dL/dbeta / N - h dL/dgamma / N).
template <typename T>
void BatchNormBackward(const Op& op, Tensor<const T> src, std::span<const T> mean,
                       std::span<const T> variance, std::span<const T> gamma,
                       Tensor<const T> dst_gradient, Tensor<T> src_gradient,
                       std::span<T> gamma_gradient, std::span<T> beta_gradient) {
  const T count = T(std::int64_t(src.batch) * src.shape.height * src.shape.width);
  for (int c = 0; c < src.shape.channels; ++c) {
    const T inverse_deviation = 1 / std::sqrt(variance[c] + T(op.epsilon));
    T sum = 0;
    T weighted_sum = 0;
    for (int n = 0; n < src.batch; ++n) {
      for (int y = 0; y < src.shape.height; ++y) {
        for (int x = 0; x < src.shape.width; ++x) {
          const T normalized = (src(n, c, y, x) - mean[c]) * inverse_deviation;
          sum += dst_gradient(n, c, y, x);
          weighted_sum += dst_gradient(n, c, y, x) * normalized;
        }
      }
    }
    if (!gamma_gradient.empty()) gamma_gradient[c] += weighted_sum;
    if (!beta_gradient.empty()) beta_gradient[c] += sum;
    const T scale = gamma.empty() ? T(1) : gamma[c];
    for (int n = 0; n < src.batch; ++n) {
      for (int y = 0; y < src.shape.height; ++y) {
        for (int x = 0; x < src.shape.width; ++x) {
          const T normalized = (src(n, c, y, x) - mean[c]) * inverse_deviation;
          src_gradient(n, c, y, x) +=
              scale * inverse_deviation *
              (dst_gradient(n, c, y, x) - sum / count - normalized * weighted_sum / count);
        }
      }
    }
  }
}

// As above without what flows through mean and variance: dL/dx = gamma / s dL/dy.
template <typename T>
void FrozenNormBackward(const Op& op, Tensor<const T> src, std::span<const T> mean,
                        std::span<const T> variance, std::span<const T> gamma,
                        Tensor<const T> dst_gradient, Tensor<T> src_gradient,
                        std::span<T> gamma_gradient, std::span<T> beta_gradient) {
  for (int c = 0; c < src.shape.channels; ++c) {
    const T inverse_deviation = 1 / std::sqrt(variance[c] + T(op.epsilon));
    const T slope = gamma.empty() ? inverse_deviation : gamma[c] * inverse_deviation;
    T sum = 0;
    T weighted_sum = 0;
    for (int n = 0; n < src.batch; ++n) {
      for (int y = 0; y < src.shape.height; ++y) {
        for (int x = 0; x < src.shape.width; ++x) {
          const T normalized = (src(n, c, y, x) - mean[c]) * inverse_deviation;
          sum += dst_gradient(n, c, y, x);
          weighted_sum += dst_gradient(n, c, y, x) * normalized;
          src_gradient(n, c, y, x) += slope * dst_gradient(n, c, y, x);
        }
      }
    }
    if (!gamma_gradient.empty()) gamma_gradient[c] += weighted_sum;
    if (!beta_gradient.empty()) beta_gradient[c] += sum;
  }
}

template <typename T>
void ReluBackward(Tensor<const T> src, Tensor<const T> dst_gradient, Tensor<T> src_gradient) {
  for (std::size_t i = 0; i < src.elements(); ++i) {
    if (src.data[i] > 0) src_gradient.data[i] += dst_gradient.data[i];
  }
}

// With t = tanh(u), u = s (x + a x^3): d/dx 0.5 x (1 + t) = 0.5 (1 + t) + 0.5 x (1 - t^2) du/dx.
template <typename T>
void GeluBackward(Tensor<const T> src, Tensor<const T> dst_gradient, Tensor<T> src_gradient) {
  const T scale = T(std::sqrt(std::numbers::pi / 2));
  const T cubic = T(0.044715);
  for (std::size_t i = 0; i < src.elements(); ++i) {
    const T x = src.data[i];
    const T tanh = std::tanh(scale * (x + cubic * x * x * x));
    const T slope = scale * (1 + 3 * cubic * x * x);
    src_gradient.data[i] +=
        dst_gradient.data[i] * (T(0.5) * (1 + tanh) + T(0.5) * x * (1 - tanh * tanh) * slope);
  }
}

template <typename T>
void AvgPoolBackward(const Op& op, Tensor<const T> dst_gradient, Tensor<T> src_gradient) {
  const Shape src = src_gradient.shape;
  for (int n = 0; n < src_gradient.batch; ++n) {
    for (int c = 0; c < src.channels; ++c) {
      for (int ky = 0; ky < op.kernel; ++ky) {
        for (int kx = 0; kx < op.kernel; ++kx) {
          ForEachPosition(op, src, ky, kx, [&](int y, int x, int src_y, int src_x) {
            src_gradient(n, c, src_y, src_x) +=
                dst_gradient(n, c, y, x) / T(ElementsInside(op, src, y, x));
          });
        }
      }
    }
  }
}

template <typename T>
void MeanBackward(Tensor<const T> dst_gradient, int count, Tensor<T> src_gradient) {
  for (std::size_t i = 0; i < src_gradient.elements(); ++i) {
    src_gradient.data[i] += dst_gradient.data[i] / T(count);
  }
}

template <typename T>
void GlobalAvgPoolBackward(Tensor<const T> dst_gradient, Tensor<T> src_gradient) {
  const Shape src = src_gradient.shape;
  const T count = T(std::int64_t(src.height) * src.width);
  for (int n = 0; n < src_gradient.batch; ++n) {
    for (int c = 0; c < src.channels; ++c) {
      for (int y = 0; y < src.height; ++y) {
        for (int x = 0; x < src.width; ++x) {
          src_gradient(n, c, y, x) += dst_gradient(n, c, 0, 0) / count;
        }
      }
    }
  }
}

template <typename T>
void LinearBackward(Tensor<const T> src, std::span<const T> weight, Tensor<const T> dst_gradient,
                    Tensor<T> src_gradient, std::span<T> weight_gradient,
                    std::span<T> bias_gradient) {
  for (int n = 0; n < src.batch; ++n) {
    for (int o = 0; o < dst_gradient.shape.channels; ++o) {
      const T gradient = dst_gradient(n, o, 0, 0);
      bias_gradient[o] += gradient;
      for (int i = 0; i < src.shape.channels; ++i) {
        const std::size_t element = std::size_t(o) * src.shape.channels + i;
        weight_gradient[element] += gradient * src(n, i, 0, 0);
        src_gradient(n, i, 0, 0) += gradient * weight[element];
      }
    }
  }
}

#define MOTE_INSTANTIATE(T)                                                                        \
  template void ConvBackward<T>(const Op&, Tensor<const T>, std::span<const T>, Tensor<const T>,   \
                                Tensor<T>, std::span<T>, std::span<T>);                            \
  template void BatchNormBackward<T>(const Op&, Tensor<const T>, std::span<const T>,               \
                                     std::span<const T>, std::span<const T>, Tensor<const T>,      \
                                     Tensor<T>, std::span<T>, std::span<T>);                       \
  template void FrozenNormBackward<T>(const Op&, Tensor<const T>, std::span<const T>,              \
                                      std::span<const T>, std::span<const T>, Tensor<const T>,     \
                                      Tensor<T>, std::span<T>, std::span<T>);                      \
  template void ReluBackward<T>(Tensor<const T>, Tensor<const T>, Tensor<T>);                      \
  template void GeluBackward<T>(Tensor<const T>, Tensor<const T>, Tensor<T>);                      \
  template void AvgPoolBackward<T>(const Op&, Tensor<const T>, Tensor<T>);                         \
  template void MeanBackward<T>(Tensor<const T>, int, Tensor<T>);                                  \
  template void GlobalAvgPoolBackward<T>(Tensor<const T>, Tensor<T>);                              \
  template void LinearBackward<T>(Tensor<const T>, std::span<const T>, Tensor<const T>, Tensor<T>, \
                                  std::span<T>, std::span<T>)
MOTE_INSTANTIATE(float);
MOTE_INSTANTIATE(double);
#undef MOTE_INSTANTIATE

}  // namespace mote::reference
