#include "mote/backends/native/tape/recording.h"

#include <algorithm>

namespace mote::native::tape {
namespace {

// Of the larger of source and result.
constexpr std::ptrdiff_t kChunkBytes = 64 << 10;

}  // namespace

template <typename T>
Recording<T>::Recording(const Network& network, int largest, bool winograd, T fill)
    : network_(network),
      largest_(largest),
      fill_(fill),
      kernels_(MakeKernels<T>()),
      winograd_(winograd),
      parameters_(network.parameter_count()),
      states_(network.ops().size()) {
  std::size_t frame = 0;
  std::size_t turned = 0;
  std::size_t scratch = 0;
  std::size_t products = 0;
  std::size_t points = 0;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const Op& op = network_.op(int(i));
    State& state = states_[i];
    state.pitch = kernels_.Pitch(op.shape.channels);
    std::ptrdiff_t largest_image = ImageElements(int(i));
    for (int src : op.src) largest_image = std::max(largest_image, ImageElements(src));
    state.chunk = int(std::clamp<std::ptrdiff_t>(
        kChunkBytes / std::ptrdiff_t(largest_image * sizeof(T)), 1, largest));
    scratch = std::max<std::size_t>(scratch, state.chunk * largest_image);
    if (op.kind == OpKind::kRelu) {
      state.kept = IsOpenRelu(op.src.front());
    } else if (op.kind == OpKind::kBatchNorm) {
      const int src = op.src.front();
      state.kept = !states_[src].kept;
      states_[src].moments.wanted |= states_[src].kept;
      const std::vector<double> channels(op.shape.channels);
      state.norm.mean = state.norm.variance = channels;
      state.norm.running_mean = state.norm.running_variance = channels;
      const std::vector<T> lanes(state.pitch);
      state.norm.value_scale = state.norm.value_mean = state.norm.value_shift = lanes;
      state.norm.slope_mean_g = state.norm.slope_slope = lanes;
    } else if (op.kind == OpKind::kConv) {
      const int src = op.src.front();
      const Shape shape = network_.op(src).shape;
      const int src_pitch = states_[src].pitch;
      Conv& conv = state.conv;
      conv.forward = MakeForward(op, shape, src_pitch, state.pitch, state.chunk);
      conv.backward = MakeBackward(op, shape, src_pitch, state.pitch, state.chunk);
      frame = std::max<std::size_t>(frame, conv.forward.frame.Elements(state.chunk));
      turned = std::max<std::size_t>(turned, conv.backward.frame.Elements(state.chunk));
      conv.minimal = winograd_ && GoesMinimal(op, shape);
      const std::size_t taps = conv.minimal ? kPoints : std::size_t(op.kernel) * op.kernel;
      if (conv.minimal) {
        for (int either : {int(i), src}) {
          points =
              std::max<std::size_t>(points, kPoints * MatrixOf<T>(ExtentOf(either, state.chunk)));
        }
      }
      conv.weights.resize(taps * shape.channels * state.pitch);
      conv.turned_weights.resize(taps * op.shape.channels * src_pitch);
      if (op.has_bias()) conv.bias.resize(state.pitch);
      products = std::max(products, conv.weights.size());
    }
    if (state.kept) state.value = Memory<T>(std::size_t(largest) * ImageElements(int(i)), fill);
    if (op.kind == OpKind::kZero) std::ranges::fill(state.value, T(0));
  }
  frame_.memory = Memory<T>(frame, fill);
  turned_.memory = Memory<T>(turned, fill);
  scratch_ = Memory<T>(scratch, fill);
  more_scratch_ = Memory<T>(scratch, fill);
  passed_ = Memory<T>(scratch, fill);
  products_ = Memory<T>(products, fill);
  points_ = Memory<T>(points, fill);
  result_points_ = Memory<T>(points, fill);
  ResetRunning();
}

template <typename T>
void Recording<T>::SetParameters(std::span<const double> parameters) {
  std::ranges::copy(parameters, parameters_.begin());
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const Op& op = network_.op(int(i));
    if (op.kind != OpKind::kConv) continue;
    Conv& conv = states_[i].conv;
    const int from = network_.op(op.src.front()).shape.channels;
    const int from_pitch = states_[op.src.front()].pitch;
    const int to = op.shape.channels;
    const int to_pitch = states_[i].pitch;
    const int taps = op.kernel * op.kernel;
    const std::span<const double> kernel = ParametersOf(op, 0);
    for (int o = 0; o < to; ++o) {
      for (int c = 0; c < from; ++c) {
        const double* weight = &kernel[(std::size_t(o) * from + c) * taps];
        const auto put = [&](std::vector<T>& weights, int element, bool turned, double value) {
          weights[turned ? (std::size_t(element) * to + o) * from_pitch + c
                         : (std::size_t(element) * from + c) * to_pitch + o] = T(value);
        };
        if (!conv.minimal) {
          for (int tap = 0; tap < taps; ++tap) {
            put(conv.weights, tap, false, weight[tap]);
            put(conv.turned_weights, tap, true, weight[tap]);
          }
          continue;
        }
        double w[9];
        double u[kPoints];
        std::copy_n(weight, 9, w);
        TransformKernel(w, u);
        for (int xi = 0; xi < kPoints; ++xi) put(conv.weights, xi, false, u[xi]);
        // The gradient to the source is a convolution with the kernel turned round.
        std::ranges::reverse(w);
        TransformKernel(w, u);
        for (int xi = 0; xi < kPoints; ++xi) put(conv.turned_weights, xi, true, u[xi]);
      }
    }
    if (op.has_bias()) std::ranges::copy(ParametersOf(op, 1), conv.bias.begin());
  }
}

template <typename T>
std::span<const double> Recording<T>::ParametersOf(const Op& op, int which) const {
  const Parameter& parameter = network_.parameters()[op.parameters[which]];
  return std::span(parameters_).subspan(parameter.offset, parameter.elements());
}

template <typename T>
std::vector<typename Recording<T>::Chunk> Recording<T>::Chunks(int images) const {
  std::vector<Chunk> chunks;
  for (int first = 0; first < count_; first += images) {
    chunks.push_back({first, std::min(images, count_ - first)});
  }
  return chunks;
}

template <typename T>
Value<T> Recording<T>::ValueOf(int op, int image) const {
  const State& state = states_[op];
  if (state.kept) return {.x = state.value.data() + image * ImageElements(op)};
  Value<T> value = ValueOf(network_.op(op).src.front(), image);
  if (network_.op(op).kind == OpKind::kRelu) {
    value.relu = true;
  } else if (mode_ != NormMode::kIdentity) {
    value.scale = state.norm.value_scale.data();
    value.mean = state.norm.value_mean.data();
    value.shift = state.norm.value_shift.data();
  }
  return value;
}

template <typename T>
const T* Recording<T>::Values(int op, const Chunk& chunk, Memory<T>& scratch) const {
  const Value<T> value = ValueOf(op, chunk.first);
  if (value.scale == nullptr && !value.relu) return value.x;
  kernels_.load(value, ExtentOf(op, chunk.count), Dense(op, scratch.data()), false);
  return scratch.data();
}

template <typename T>
Slope<T> Recording<T>::SlopeOf(int op, int image) const {
  Slope<T> slope = states_[op].slope;
  slope.g += image * ImageElements(op);
  if (slope.y != nullptr) slope.y += image * ImageElements(op);
  return slope;
}

template <typename T>
const T* Recording<T>::Slopes(int op, const Chunk& chunk, Memory<T>& scratch) const {
  const Slope<T> slope = SlopeOf(op, chunk.first);
  if (slope.scale == nullptr) return slope.g;
  kernels_.load_slope(slope, ExtentOf(op, chunk.count), Dense(op, scratch.data()));
  return scratch.data();
}

template <typename T>
void Recording<T>::FillUp(std::span<const double> dense, int op, T* to) const {
  const int channels = network_.op(op).shape.channels;
  const int pitch = states_[op].pitch;
  for (const double* from = dense.data(); from != dense.data() + dense.size(); from += channels) {
    for (int c = 0; c < channels; ++c) to[c] = T(from[c]);
    std::fill(to + channels, to + pitch, T(0));
    to += pitch;
  }
}

template <typename T>
void Recording<T>::StripTo(const T* from, int op, int images, double* dense) const {
  const Extent extent = ExtentOf(op, images);
  const int channels = network_.op(op).shape.channels;
  for (int pixel = 0; pixel < extent.pixels(); ++pixel, from += extent.pitch) {
    for (int c = 0; c < channels; ++c) *dense++ = double(from[c]);
  }
}

template <typename T>
void Recording<T>::ReadValue(int op, std::vector<double>& result) {
  const std::int64_t elements = network_.op(op).shape.elements();
  result.resize(count_ * elements);
  for (const Chunk& chunk : ChunksOf(op)) {
    StripTo(Values(op, chunk, scratch_), op, chunk.count, &result[chunk.first * elements]);
  }
}

template <typename T>
T* Recording<T>::ClearBorder(const Frame& frame, int images, FrameMemory& memory) const {
  T* data = memory.memory.data();
  if (memory.frame == frame && memory.images >= images) return data;
  memory.frame = frame;
  memory.images = images;
  const std::ptrdiff_t left = std::ptrdiff_t(frame.border) * frame.pitch;
  if (left == 0) return data;
  const std::ptrdiff_t above = frame.border * frame.row();
  for (int n = 0; n < images; ++n) {
    std::fill_n(data + n * frame.image(), above, T(0));
    for (int y = 0; y < frame.height; ++y) {
      std::fill_n(data + n * frame.image() + above + y * frame.row(), left, T(0));
    }
  }
  std::fill_n(data + images * frame.image(), above + left, T(0));
  return data;
}

template <typename T>
void Recording<T>::LoadValueFrame(int op, const Frame& frame, const Chunk& chunk) {
  T* data = ClearBorder(frame, chunk.count, frame_);
  kernels_.load(ValueOf(op, chunk.first), ExtentOf(op, chunk.count),
                {data + frame.At(0, 0, 0), frame.row(), frame.image()}, false);
}

template <typename T>
void Recording<T>::LoadSlopeFrame(int op, const Frame& frame, const Chunk& chunk) {
  T* data = ClearBorder(frame, chunk.count, turned_);
  kernels_.load_slope(SlopeOf(op, chunk.first), ExtentOf(op, chunk.count),
                      {data + frame.At(0, 0, 0), frame.row(), frame.image()});
}

template class Recording<float>;
template class Recording<double>;

}  // namespace mote::native::tape
