#include "mote/backends/native/tape/recording.h"

#include <algorithm>

namespace mote::native::tape {
namespace {

// Of the larger of source and result.
constexpr std::ptrdiff_t kChunkBytes = 64 << 10;

}  // namespace

template <typename T>
Recording<T>::Recording(const Network& network, int largest, bool winograd, std::optional<T> fill)
    : network_(network),
      largest_(largest),
      fill_(fill),
      kernels_(MakeKernels<T>()),
      winograd_(winograd),
      parameters_(std::size_t(network.parameter_count()), 0.0),
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
      conv.weights = Memory<T>(taps * shape.channels * state.pitch, fill);
      conv.turned_weights = Memory<T>(taps * op.shape.channels * src_pitch, fill);
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
    LayWeights(int(i));
    conv.is_turned = false;
    if (op.has_bias()) std::ranges::copy(ParametersOf(op, 1), conv.bias.begin());
  }
}

// [o][c][tap] to [element of the kernel][c][o], as the pass forward reads them.
template <typename T>
void Recording<T>::LayWeights(int index) {
  const Op& op = network_.op(index);
  const int from = network_.op(op.src.front()).shape.channels;
  const int taps = op.kernel * op.kernel;
  Lay(index, {from, taps}, {op.shape.channels, from * taps}, states_[index].pitch, false,
      states_[index].conv.weights.data());
}

// To [element of the kernel][o][c], as the pass back reads them. By Winograd's algorithm the
// gradient to the source is a convolution with the kernel turned round.
template <typename T>
void Recording<T>::TurnWeights(int index) {
  const Op& op = network_.op(index);
  Conv& conv = states_[index].conv;
  if (conv.is_turned) return;
  conv.is_turned = true;
  const int src = op.src.front();
  const int from = network_.op(src).shape.channels;
  const int taps = op.kernel * op.kernel;
  Lay(index, {op.shape.channels, from * taps}, {from, taps}, states_[src].pitch, conv.minimal,
      conv.turned_weights.data());
}

// The weights of convolution `index` by rows and columns, whichever the channels of source and
// result are, to [element of the kernel][rows][pitch]; what is beyond the columns is 0.
template <typename T>
void Recording<T>::Lay(int index, Channels rows, Channels columns, int pitch, bool turned_round,
                       T* weights) const {
  const Op& op = network_.op(index);
  const int taps = op.kernel * op.kernel;
  const double* kernel = ParametersOf(op, 0).data();
  const std::ptrdiff_t element = std::ptrdiff_t(rows.count) * pitch;
  // Some rows at a time, for they may stand side by side in what is read: [row][tap][pitch].
  constexpr int kRows = 4;
  const std::size_t row_size = std::size_t(taps) * pitch;
  std::vector<double> laid(kRows * row_size);
  for (int first = 0; first < rows.count; first += kRows) {
    const int now = std::min(kRows, rows.count - first);
    for (int column = 0; column < columns.count; ++column) {
      for (int row = 0; row < now; ++row) {
        const double* weight = kernel + std::ptrdiff_t(first + row) * rows.stride +
                               std::ptrdiff_t(column) * columns.stride;
        double* to = &laid[row * row_size + column];
        for (int tap = 0; tap < taps; ++tap) {
          to[std::ptrdiff_t(turned_round ? taps - 1 - tap : tap) * pitch] = weight[tap];
        }
      }
    }
    for (int row = 0; row < now; ++row) {
      T* to = weights + std::ptrdiff_t(first + row) * pitch;
      const double* own = &laid[row * row_size];
      if (states_[index].conv.minimal) {
        kernels_.kernel_points(own, pitch, to, element);
        continue;
      }
      for (int tap = 0; tap < taps; ++tap) {
        std::copy_n(own + std::ptrdiff_t(tap) * pitch, pitch, to + tap * element);
      }
    }
  }
}

template <typename T>
std::span<const double> Recording<T>::ParametersOf(const Op& op, int which) const {
  const Parameter& parameter = network_.parameters()[op.parameters[which]];
  return std::span(parameters_.data(), parameters_.size())
      .subspan(parameter.offset, parameter.elements());
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
  if (channels == extent.pitch) {
    std::copy_n(from, extent.elements(), dense);
    return;
  }
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
bool Recording<T>::ReadSigns(int op, std::vector<std::uint64_t>& bits) const {
  const Shape& shape = network_.op(op).shape;
  const std::int64_t words = (shape.elements() + 63) / 64;
  bits.resize(std::size_t(count_ * words));
  return kernels_.signs(ValueOf(op, 0), ExtentOf(op, count_), shape.channels, bits.data(), words);
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
