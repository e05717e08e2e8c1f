// Whole convolutions by transforms, with the products between them in double, against the
// definition in double: forward, gradient to the source, gradient to the kernel.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "mote/backends/native/test_images.h"
#include "mote/backends/native/test_isas.h"
#include "mote/backends/native/winograd.h"

namespace mote::native {
namespace {

// Largest error of a value, relative to the sum of the absolute values of its terms averaged over
// all values that have any. Seen: 1.0e-6; the direct form in float has some 1e-7.
constexpr double kTolerance = 2e-6;

class Comparison {
 public:
  void Add(double actual, double exact, double magnitude) {
    count_ += magnitude > 0;
    magnitude_ += magnitude;
    worst_ = std::max(worst_, std::abs(actual - exact));
    if (!std::isfinite(actual)) worst_ = INFINITY;
  }
  double Relative() const { return worst_ / (magnitude_ / count_); }

 private:
  int count_ = 0;
  double magnitude_ = 0;
  double worst_ = 0;
};

struct Case {
  Extent extent;  // of the source
  int group;
  bool relu;
  bool masked;  // the last lane of a group is no image
};

// Two convolutions of one source, as the planner merges them.
constexpr int kConvs = 2;

class Convolution {
 public:
  explicit Convolution(const Case& shape)
      : shape_(shape),
        extent_(shape.extent),
        channels_(extent_.pitch / shape.group),
        columns_(kConvs * channels_),
        tiles_(TilesOf(extent_)),
        whole_(extent_.height == kTile && extent_.width == kTile),
        src_(extent_, 1, 0, 1),
        g_{Images(extent_, 0, 0, 3), Images(extent_, 0, 0, 4)},
        y_{Images(extent_, 0, 0, 5), Images(extent_, 0, 0, 6)},
        w_(RandomFloats(std::size_t(9) * channels_ * columns_, 7)),
        u_(std::size_t(36) * channels_ * columns_ * shape.group),
        norm_(RandomFloats(std::size_t(4) * extent_.pitch, 8)),
        mask_(extent_.pitch),
        v_(tiles_, extent_.pitch, 9),
        m_(tiles_, kConvs * extent_.pitch, 10) {
    for (int lane = 0; lane < extent_.pitch; ++lane) mask_[lane] = float(IsImage(lane));
    TransformKernel(w_.data(), channels_, columns_, shape.group, u_.data());
  }

  void CheckForward() {
    const Images dst[kConvs] = {Images(extent_, 0, 0, 11), Images(extent_, 0, 0, 12)};
    TransformSources();
    for (int xi = 0; xi < 36; ++xi) {
      for (int tile = 0; tile < tiles_; ++tile) {
        for (int column = 0; column < columns_ * shape_.group; ++column) {
          double sum = 0;
          for (int i = 0; i < channels_; ++i) {
            sum += double(v_.At(xi, tile, Lane(i, column))) * U(xi, i, column);
          }
          m_.At(xi, tile, column) = float(sum);
        }
      }
    }
    Comparison comparison;
    for (int conv = 0; conv < kConvs; ++conv) {
      InChunks(extent_, 5, [&](const TileRange& range, int first) {
        TransformResult(range, m_.From(first), conv * extent_.pitch, extent_.pitch,
                        dst[conv].pixels(), {});
      });
      ForEachValue([&](int n, int y, int x, int lane) {
        double exact = 0;
        double magnitude = 0;
        for (int k = 0; k < 9; ++k) {
          for (int i = 0; i < channels_; ++i) {
            const double term = Source(n, y + k / 3 - 1, x + k % 3 - 1, Lane(i, lane)) *
                                W(k, i, conv, lane / shape_.group);
            exact += term;
            magnitude += std::abs(term);
          }
        }
        comparison.Add(dst[conv].At(n, y, x, lane), exact, magnitude);
      });
    }
    EXPECT_LE(comparison.Relative(), kTolerance);
  }

  void CheckSourceGradient() {
    const Images dst(extent_, 1, whole_ ? 5 : 0, 13);
    TransformGradients();
    // The points of the source are not needed any more.
    for (int xi = 0; xi < 36; ++xi) {
      for (int tile = 0; tile < tiles_; ++tile) {
        for (int lane = 0; lane < extent_.pitch; ++lane) {
          double sum = 0;
          for (int column = lane % shape_.group; column < columns_ * shape_.group;
               column += shape_.group) {
            sum += double(m_.At(xi, tile, column)) * U(xi, lane / shape_.group, column);
          }
          v_.At(xi, tile, lane) = float(sum);
        }
      }
    }
    if (!whole_) {
      ForEachValue([&](int n, int y, int x, int lane) { dst.At(n, y, x, lane) = 0; });
    }
    InChunks(extent_, 5, [&](const TileRange& range, int first) {
      TransformSourceGradient(range, v_.From(first), extent_.pitch, dst.pixels());
    });
    Comparison comparison;
    ForEachValue([&](int n, int y, int x, int lane) {
      double exact = 0;
      double magnitude = 0;
      for (int conv = 0; conv < kConvs; ++conv) {
        for (int k = 0; k < 9; ++k) {
          for (int i = 0; i < channels_; ++i) {
            const double term =
                ResultGradient(conv, n, y - k / 3 + 1, x - k % 3 + 1, Lane(i, lane)) *
                W(k, lane / shape_.group, conv, i);
            exact += term;
            magnitude += std::abs(term);
          }
        }
      }
      comparison.Add(dst.At(n, y, x, lane), exact, magnitude);
    });
    EXPECT_LE(comparison.Relative(), kTolerance);
  }

  void CheckKernelGradient() {
    TransformSources();
    TransformGradients();
    const Buffer du(u_.size());
    const Buffer dw(w_.size());
    for (int xi = 0; xi < 36; ++xi) {
      for (int i = 0; i < channels_; ++i) {
        for (int column = 0; column < columns_ * shape_.group; ++column) {
          double sum = 0;
          for (int tile = 0; tile < tiles_; ++tile) {
            sum += double(v_.At(xi, tile, Lane(i, column))) * m_.At(xi, tile, column);
          }
          du[(std::size_t(xi) * channels_ + i) * columns_ * shape_.group + column] = float(sum);
        }
      }
    }
    TransformKernelGradient(du.data(), channels_, columns_, shape_.group, dw.data());
    Comparison comparison;
    for (int k = 0; k < 9; ++k) {
      for (int i = 0; i < channels_; ++i) {
        for (int column = 0; column < columns_; ++column) {
          const int conv = column / channels_;
          double exact = 0;
          double magnitude = 0;
          ForEachPixel([&](int n, int y, int x) {
            for (int lane = 0; lane < shape_.group; ++lane) {
              const double term =
                  Source(n, y + k / 3 - 1, x + k % 3 - 1, i * shape_.group + lane) *
                  ResultGradient(conv, n, y, x, column % channels_ * shape_.group + lane);
              exact += term;
              magnitude += std::abs(term);
            }
          });
          comparison.Add(dw[(std::size_t(k) * channels_ + i) * columns_ + column], exact,
                         magnitude);
        }
      }
    }
    EXPECT_LE(comparison.Relative(), kTolerance);
  }

 private:
  bool IsImage(int lane) const { return !shape_.masked || lane % shape_.group == 0; }
  // The lane of a channel, of the image that `like` is of.
  int Lane(int channel, int like) const { return channel * shape_.group + like % shape_.group; }
  double U(int xi, int row, int column) const {
    return u_[(std::size_t(xi) * channels_ + row) * columns_ * shape_.group + column];
  }
  double W(int k, int row, int conv, int column) const {
    return w_[(std::size_t(k) * channels_ + row) * columns_ + conv * channels_ + column];
  }
  double Source(int n, int y, int x, int lane) const {
    const double value = src_.Value(n, y, x, lane);
    return shape_.relu ? std::max(value, 0.0) : value;
  }
  double ResultGradient(int conv, int n, int y, int x, int lane) const {
    if (!src_.Inside(y, x) || (shape_.masked && !IsImage(lane))) return 0;
    const double mean_g = norm_[2 * extent_.pitch + lane];
    const double mean_y = norm_[3 * extent_.pitch + lane];
    return norm_[lane] * (g_[conv].At(n, y, x, lane) - mean_g) +
           norm_[extent_.pitch + lane] * (y_[conv].At(n, y, x, lane) - mean_y);
  }

  void TransformSources() {
    InChunks(extent_, 3, [&](const TileRange& range, int first) {
      TransformSource(range, src_.pixels(), extent_.pitch, {.relu = shape_.relu}, v_.From(first));
    });
  }
  void TransformGradients() {
    const NormGradient norm = {norm_.data(), norm_.data() + extent_.pitch,
                               norm_.data() + 2 * extent_.pitch, norm_.data() + 3 * extent_.pitch};
    for (int conv = 0; conv < kConvs; ++conv) {
      InChunks(extent_, 7, [&](const TileRange& range, int first) {
        TransformResultGradient(range, g_[conv].pixels(), y_[conv].pixels(), norm,
                                shape_.masked ? mask_.data() : nullptr, extent_.pitch,
                                conv * extent_.pitch, m_.From(first));
      });
    }
  }

  template <class Work>
  void ForEachPixel(const Work& work) const {
    for (int n = 0; n < extent_.groups; ++n) {
      for (int y = 0; y < extent_.height; ++y) {
        for (int x = 0; x < extent_.width; ++x) work(n, y, x);
      }
    }
  }
  template <class Work>
  void ForEachValue(const Work& work) const {
    ForEachPixel([&](int n, int y, int x) {
      for (int lane = 0; lane < extent_.pitch; ++lane) work(n, y, x, lane);
    });
  }

  Case shape_;
  Extent extent_;
  int channels_;
  int columns_;
  int tiles_;
  bool whole_;
  Images src_;
  Images g_[kConvs];
  Images y_[kConvs];
  Buffer w_;
  Buffer u_;
  Buffer norm_;
  Buffer mask_;
  Points v_;
  Points m_;
};

std::vector<Case> Cases() {
  return {
      {{5, 4, 4, 16}, 2, true, true},    {{9, 4, 4, 16}, 1, false, false},
      {{3, 8, 8, 16}, 2, false, false},  {{2, 8, 12, 16}, 1, true, false},
      {{1, 8, 12, 16}, 2, true, true},   {{1, 32, 32, 16}, 1, true, false},
      {{1, 32, 32, 16}, 2, false, true},
  };
}

class WinogradConvolution : public OnIsa {};
MOTE_EACH_ISA(WinogradConvolution);

TEST_P(WinogradConvolution, IsTheDirectOne) {
  for (const Case& shape : Cases()) {
    SCOPED_TRACE(testing::Message() << shape.extent.height << "x" << shape.extent.width << " group "
                                    << shape.group << " relu " << shape.relu);
    Convolution(shape).CheckForward();
  }
}

TEST_P(WinogradConvolution, HasTheDirectGradientToItsSource) {
  for (const Case& shape : Cases()) {
    SCOPED_TRACE(testing::Message() << shape.extent.height << "x" << shape.extent.width << " group "
                                    << shape.group << " relu " << shape.relu);
    Convolution(shape).CheckSourceGradient();
  }
}

TEST_P(WinogradConvolution, HasTheDirectGradientToItsKernel) {
  for (const Case& shape : Cases()) {
    SCOPED_TRACE(testing::Message() << shape.extent.height << "x" << shape.extent.width << " group "
                                    << shape.group << " relu " << shape.relu);
    Convolution(shape).CheckKernelGradient();
  }
}

}  // namespace
}  // namespace mote::native
