#include "mote/backends/native/head.h"

#include <algorithm>
#include <cmath>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mote/backends/native/head.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"
// Needs highway.h before it.
#include "hwy/contrib/math/math-inl.h"
#include "mote/base/check.h"

HWY_BEFORE_NAMESPACE();
namespace mote::native::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// Nothing behind src + count is read, nor anything behind dst + count written. Lanes from `count`
// on are `fill`.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V LoadFirst(D d, const float* src, int count, V fill) {
  if (count >= int(hn::Lanes(d))) return hn::LoadU(d, src);
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
  const auto mask = hn::FirstN(d, count);
  return hn::IfThenElse(mask, hn::MaskedLoad(mask, d, src), fill);
#else
  HWY_ALIGN float lanes[hn::MaxLanes(D())];
  hn::Store(fill, d, lanes);
  for (int i = 0; i < count; ++i) lanes[i] = src[i];
  return hn::Load(d, lanes);
#endif
}

template <class D>
HWY_INLINE void StoreFirst(D d, hn::Vec<D> v, int count, float* dst) {
  if (count >= int(hn::Lanes(d))) return hn::StoreU(v, d, dst);
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
  hn::BlendedStore(v, hn::FirstN(d, count), d, dst);
#else
  HWY_ALIGN float lanes[hn::MaxLanes(D())];
  hn::Store(v, d, lanes);
  for (int i = 0; i < count; ++i) dst[i] = lanes[i];
#endif
}

void UngroupPairs(const float* pooled, int images, int channels, float* features) {
  const hn::CappedTag<float, 8> d;
  for (int n = 0; n < images; n += 2, pooled += 2 * channels, features += 2 * channels) {
    const bool pair = n + 1 < images;
    for (int c = 0; c < channels; c += hn::Lanes(d)) {
      hn::Vec<decltype(d)> even, odd;
      hn::LoadInterleaved2(d, pooled + 2 * c, even, odd);
      hn::StoreU(even, d, features + c);
      if (pair) hn::StoreU(odd, d, features + channels + c);
    }
  }
}

void RegroupPairs(const float* features, int images, int channels, float* pooled) {
  const hn::CappedTag<float, 8> d;
  for (int n = 0; n < images; n += 2, pooled += 2 * channels, features += 2 * channels) {
    const bool pair = n + 1 < images;
    for (int c = 0; c < channels; c += hn::Lanes(d)) {
      const auto even = hn::LoadU(d, features + c);
      const auto odd = pair ? hn::LoadU(d, features + channels + c) : hn::Zero(d);
      hn::StoreInterleaved2(even, odd, d, pooled + 2 * c);
    }
  }
}

// A matrix in steps of its own.
struct Strided {
  const float* data;
  std::ptrdiff_t row;
  std::ptrdiff_t column;
};

// What a product is added to, and where it goes: rows of `count` floats, at most a vector.
// start null: zero.
struct Strip {
  const float* start;
  std::ptrdiff_t start_row;
  float* result;
  std::ptrdiff_t result_row;
  int count;
};

// strip.result = strip.start + a[kRows][depth] b[depth][vector].
template <int kRows, class D>
HWY_INLINE void MultiplyRows(D d, const Strided& a, int depth, const float* b, std::ptrdiff_t b_row,
                             const Strip& strip) {
  hn::Vec<D> sums[kRows];
  for (int r = 0; r < kRows; ++r) {
    sums[r] = strip.start
                  ? LoadFirst(d, strip.start + r * strip.start_row, strip.count, hn::Zero(d))
                  : hn::Zero(d);
  }
  const float* at = a.data;
  for (int k = 0; k < depth; ++k, at += a.column, b += b_row) {
    const auto row = hn::LoadU(d, b);
    for (int r = 0; r < kRows; ++r) {
      sums[r] = hn::MulAdd(hn::Set(d, at[r * a.row]), row, sums[r]);
    }
  }
  for (int r = 0; r < kRows; ++r) {
    StoreFirst(d, sums[r], strip.count, strip.result + r * strip.result_row);
  }
}

// The same of any number of rows.
template <class D>
HWY_INLINE void MultiplyStrip(D d, Strided a, int rows, int depth, const float* b,
                              std::ptrdiff_t b_row, Strip strip) {
  const auto advance = [&](int done) {
    rows -= done;
    a.data += done * a.row;
    if (strip.start) strip.start += done * strip.start_row;
    strip.result += done * strip.result_row;
  };
  for (; rows >= 8; advance(8)) MultiplyRows<8>(d, a, depth, b, b_row, strip);
  for (; rows >= 4; advance(4)) MultiplyRows<4>(d, a, depth, b, b_row, strip);
  for (; rows >= 2; advance(2)) MultiplyRows<2>(d, a, depth, b, b_row, strip);
  if (rows > 0) MultiplyRows<1>(d, a, depth, b, b_row, strip);
}

// result[rows][columns] = a[rows][depth] b[depth][columns] of whole vectors.
template <class D>
HWY_INLINE void Multiply(D d, const Strided& a, int rows, int depth, const float* b, int columns,
                         float* result) {
  const int lanes = int(hn::Lanes(d));
  for (int j = 0; j < columns; j += lanes) {
    MultiplyStrip(d, a, rows, depth, b + j, columns, Strip{nullptr, 0, result + j, columns, lanes});
  }
}

// Lanes are classes; weights are transposed, a strip of classes and a chunk of channels at a time,
// on the stack.
void LinearForward(const float* features, int images, int channels, const float* weight,
                   const float* bias, int classes, float* logits) {
  const hn::ScalableTag<float> d;
  constexpr int kLanes = int(hn::MaxLanes(hn::ScalableTag<float>()));
  constexpr int kChunk = 64;
  HWY_ALIGN float columns[kChunk * kLanes] = {};
  for (int k = 0; k < classes; k += kLanes) {
    const int count = std::min(kLanes, classes - k);
    for (int c = 0; c < channels; c += kChunk) {
      const int depth = std::min(kChunk, channels - c);
      for (int lane = 0; lane < count; ++lane) {
        const float* row = weight + std::ptrdiff_t(k + lane) * channels + c;
        for (int i = 0; i < depth; ++i) columns[i * kLanes + lane] = row[i];
      }
      Strip strip{bias + k, 0, logits + k, classes, count};
      if (c > 0) {
        strip.start = logits + k;
        strip.start_row = classes;
      }
      MultiplyStrip(d, Strided{features + c, channels, 1}, images, depth, columns, kLanes, strip);
    }
  }
}

void LinearBackward(const float* features, int images, int channels, const float* weight,
                    const float* slopes, int classes, float* weight_gradient, float* bias_gradient,
                    float* feature_gradient) {
  const hn::ScalableTag<float> d;
  const int lanes = int(hn::Lanes(d));
  for (int k = 0; k < classes; k += lanes) {
    const int count = std::min(lanes, classes - k);
    auto sum = hn::Zero(d);
    for (int n = 0; n < images; ++n) {
      sum =
          hn::Add(sum, LoadFirst(d, slopes + std::ptrdiff_t(n) * classes + k, count, hn::Zero(d)));
    }
    StoreFirst(d, sum, count, bias_gradient + k);
  }
  const Strided by_class{slopes, 1, classes};
  const Strided by_image{slopes, classes, 1};
  if (channels % lanes == 0) {
    Multiply(d, by_class, classes, images, features, channels, weight_gradient);
    Multiply(d, by_image, images, classes, weight, channels, feature_gradient);
  } else {
    const hn::CappedTag<float, 8> d8;
    Multiply(d8, by_class, classes, images, features, channels, weight_gradient);
    Multiply(d8, by_image, images, classes, weight, channels, feature_gradient);
  }
}

// Softmax of one image's logits, a vector of classes at a time, after a first look for the largest.
template <class D, class V = hn::Vec<D>>
class Softmax {
 public:
  HWY_INLINE Softmax(D d, V largest, bool sum_logits)
      : d_(d),
        largest_(largest),
        exp_sum_(hn::Zero(d)),
        logit_sum_(hn::Zero(d)),
        sum_logits_(sum_logits) {}

  // Takes the logits of the classes from k on, of which the lanes of `valid` count; the others
  // repeat some logit. Returns exp(logit - largest).
  HWY_INLINE V Add(V logits, int k, hn::Mask<D> valid) {
    const V difference = hn::Sub(logits, largest_);
    // Infinity and what is not a number leave this range.
    finite_ &=
        hn::AllTrue(d_, hn::Ge(difference, hn::Set(d_, std::numeric_limits<float>::lowest())));
    if (first_ < 0) {
      const auto lane = hn::FindFirstTrue(d_, hn::Eq(logits, largest_));
      if (lane >= 0) first_ = k + int(lane);
    }
    const V exp = hn::Exp(d_, difference);
    exp_sum_ = hn::Add(exp_sum_, hn::IfThenElseZero(valid, exp));
    if (sum_logits_) logit_sum_ = hn::Add(logit_sum_, hn::IfThenElseZero(valid, difference));
    return exp;
  }

  // The lowest class with the largest logit.
  int first() const { return first_; }
  // Sum of exp(logit - largest); not a number if a logit is not finite.
  HWY_INLINE double ExpSum() const {
    return finite_ ? hn::GetLane(hn::SumOfLanes(d_, exp_sum_))
                   : std::numeric_limits<double>::quiet_NaN();
  }
  // Sum of logit - largest.
  HWY_INLINE double LogitSum() const { return hn::GetLane(hn::SumOfLanes(d_, logit_sum_)); }

 private:
  const D d_;
  const V largest_;
  V exp_sum_, logit_sum_;
  int first_ = -1;
  bool finite_ = true;
  const bool sum_logits_;
};

// Sums are over the images here.
EvaluationResult SumCrossEntropy(const float* logits, std::span<const int> labels, int classes,
                                 double smoothing, float* slopes) {
  const hn::ScalableTag<float> d;
  const int lanes = int(hn::Lanes(d));
  const double on_label = 1 - smoothing, on_each = smoothing / classes;
  const double share = 1 / double(labels.size());
  const auto target_each = hn::Set(d, float(on_each * share));
  const auto target_label = hn::Set(d, float((on_each + on_label) * share));
  const auto iota = hn::Iota(d, 0);
  const auto all = hn::FirstN(d, lanes);
  // The last vector of classes, maybe a part, stays in a register between the passes.
  const int last = (classes - 1) / lanes * lanes;
  const int rest = classes - last;
  const auto valid = hn::FirstN(d, rest);

  EvaluationResult result;
  constexpr double kLargeProduct = 1e250;
  double exp_product = 1;
  for (const int label : labels) {
    const auto tail = LoadFirst(d, logits + last, rest, hn::Set(d, logits[last]));
    auto largest = tail;
    for (int k = 0; k < last; k += lanes) largest = hn::Max(largest, hn::LoadU(d, logits + k));
    largest = hn::MaxOfLanes(d, largest);
    Softmax softmax(d, largest, smoothing != 0);
    for (int k = 0; k < last; k += lanes) {
      const auto exp = softmax.Add(hn::LoadU(d, logits + k), k, all);
      if (slopes) hn::StoreU(exp, d, slopes + k);
    }
    const auto tail_exp = softmax.Add(tail, last, valid);
    const double exp_sum = softmax.ExpSum();
    // -sum of target * (logit - largest - ln(exp sum)), where the targets' sum is 1. Logarithms are
    // taken of products of many images' sums, which are from 1 to the number of classes.
    exp_product *= exp_sum;
    if (!(exp_product < kLargeProduct)) {
      result.loss += std::log(exp_product);
      exp_product = 1;
    }
    result.loss -= on_label * (double(logits[label]) - double(hn::GetLane(largest)));
    if (smoothing != 0) result.loss -= on_each * softmax.LogitSum();
    result.correct += softmax.first() == label;
    logits += classes;
    if (!slopes) continue;
    const auto scale = hn::Set(d, float(share / exp_sum));
    const auto slope = [&](hn::Vec<decltype(d)> exp, int k) HWY_ATTR {
      const auto is_label = hn::Eq(iota, hn::Set(d, float(label - k)));
      return hn::MulSub(exp, scale, hn::IfThenElse(is_label, target_label, target_each));
    };
    for (int k = 0; k < last; k += lanes) {
      hn::StoreU(slope(hn::LoadU(d, slopes + k), k), d, slopes + k);
    }
    StoreFirst(d, slope(tail_exp, last), rest, slopes + last);
    slopes += classes;
  }
  result.loss += std::log(exp_product);
  return result;
}

}  // namespace
}  // namespace mote::native::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mote::native {
namespace {

HWY_EXPORT(UngroupPairs);
HWY_EXPORT(RegroupPairs);
HWY_EXPORT(LinearForward);
HWY_EXPORT(LinearBackward);
HWY_EXPORT(SumCrossEntropy);

void CheckShape(int images, int channels, int group) {
  MOTE_CHECK(images >= 0 && channels % 8 == 0 && (group == 1 || group == 2),
             "{} images, {} channels, group {}", images, channels, group);
}

}  // namespace

void Ungroup(const float* pooled, int images, int channels, int group, float* features) {
  CheckShape(images, channels, group);
  if (group == 1) {
    std::copy_n(pooled, std::ptrdiff_t(images) * channels, features);
  } else {
    HWY_DYNAMIC_DISPATCH(UngroupPairs)(pooled, images, channels, features);
  }
}

void Regroup(const float* features, int images, int channels, int group, float* pooled) {
  CheckShape(images, channels, group);
  if (group == 1) {
    std::copy_n(features, std::ptrdiff_t(images) * channels, pooled);
  } else {
    HWY_DYNAMIC_DISPATCH(RegroupPairs)(features, images, channels, pooled);
  }
}

void Linear(const float* features, int images, int channels, const float* weight, const float* bias,
            int classes, float* logits) {
  CheckShape(images, channels, 1);
  HWY_DYNAMIC_DISPATCH(LinearForward)(features, images, channels, weight, bias, classes, logits);
}

void LinearGradient(const float* features, int images, int channels, const float* weight,
                    const float* slopes, int classes, float* weight_gradient, float* bias_gradient,
                    float* feature_gradient) {
  CheckShape(images, channels, 1);
  HWY_DYNAMIC_DISPATCH(LinearBackward)
  (features, images, channels, weight, slopes, classes, weight_gradient, bias_gradient,
   feature_gradient);
}

EvaluationResult CrossEntropy(const float* logits, std::span<const int> labels, int classes,
                              const LossOptions& options, float* slopes) {
  MOTE_CHECK(!labels.empty());
  for (const int label : labels) MOTE_CHECK(label >= 0 && label < classes, "label {}", label);
  EvaluationResult result = HWY_DYNAMIC_DISPATCH(SumCrossEntropy)(logits, labels, classes,
                                                                  options.label_smoothing, slopes);
  result.loss /= double(labels.size());
  return result;
}

}  // namespace mote::native
#endif  // HWY_ONCE
