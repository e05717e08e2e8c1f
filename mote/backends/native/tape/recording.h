// What a native tape keeps of a pass forward and of one back, and makes again when asked.
//
// Kept of the images of the last Forward: the results of convolutions, sums, means, pools and
// GELUs. Not kept, but made by whoever reads it: a result of ReLU from its source, of batch
// normalisation from its source and its statistics (struct Value). Kept of the last Backward: the
// gradients to what several operations read and to what a sum does not simply pass on. Not kept:
// what passes through a ReLU unchanged or not at all, what a sum passes to an operation that
// nothing else reads (it is the sum's), what batch normalisation passes to a convolution that
// nothing else reads (struct Slope). The gradients to the images and to the parameters are computed
// when first asked for.
//
// Memory for gradients is taken at the first Backward that needs it. Everything goes by chunks of
// images that fit the second cache. Sums over a batch are taken in T within a chunk and in double
// beyond.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "mote/backends/native/tape/kernels.h"
#include "mote/backends/native/tape/memory.h"
#include "mote/backends/native/tape/minimal.h"
#include "mote/backends/native/tape/stencil.h"
#include "mote/backends/tape.h"
#include "mote/graph/network.h"

namespace mote::native::tape {

// T is float or double. Preconditions are those of class Tape; nothing is checked here.
template <typename T>
class Recording {
 public:
  // `winograd`: whether convolutions may go by Winograd's algorithm. `fill`: what fresh memory
  // holds, or anything; nothing depends on it.
  Recording(const Network& network, int largest, bool winograd, std::optional<T> fill);

  const Network& network() const { return network_; }
  int count() const { return count_; }
  NormMode mode() const { return mode_; }

  void SetParameters(std::span<const double> parameters);
  void Forward(std::span<const double> images, int count, NormMode mode);
  void FeedRunning();
  void ResetRunning();
  void Backward(int op, std::span<const double> slopes, int from);

  // Each replaces `result`.
  void ReadValue(int op, std::vector<double>& result);
  void ReadSlopes(int op, std::vector<double>& result);
  void ReadParameterSlopes(std::vector<double>& result);
  void ReadValueSlopeSums(int op, std::vector<double>& result);
  void ReadImageParameterSlopes(int parameter, std::vector<double>& result);
  void ReadRunningVariance(int op, std::vector<double>& result) const;
  // The bits of struct Signs (tape.h), and whether all numbers are finite.
  bool ReadSigns(int op, std::vector<std::uint64_t>& bits) const;

 private:
  // Images [first, first + count) of the batch.
  struct Chunk {
    int first;
    int count;
  };

  // Of a convolution.
  struct Conv {
    ForwardGeometry forward;
    BackwardGeometry backward;
    Memory<T> weights;         // [elements of the kernel][channels of src][pitch]
    Memory<T> turned_weights;  // [elements of the kernel][channels][pitch of src], when
    bool is_turned = false;    // a pass back has asked for them
    std::vector<T> bias;       // [pitch], or empty
    // By Winograd's algorithm: [36] for the elements of the kernel above.
    bool minimal = false;
  };

  // Of a batch normalisation; per channel, the vectors in T filled up to the pitch.
  struct Norm {
    std::vector<double> mean;  // that the last Forward normalised with
    std::vector<double> variance;
    std::vector<double> running_mean;
    std::vector<double> running_variance;
    std::vector<T> value_scale, value_mean, value_shift;  // see struct Value
    std::vector<T> slope_mean_g, slope_slope;             // see struct Slope
    std::vector<double> slope_sum, slope_product;         // of the last Backward with kBatch
  };

  // The sums that the variance of a result is had from, relative to the first pixel.
  struct Moments {
    bool wanted = false;  // by a batch normalisation of it
    std::vector<T> shift;
    std::vector<double> sum;
    std::vector<double> square;
  };

  // Frames follow each other in the same memory; of the same geometry they share the border.
  struct FrameMemory {
    Memory<T> memory;
    Frame frame;
    int images = 0;  // whose border is clear

    const T* data() const { return memory.data(); }
  };

  struct State {
    bool kept = true;
    int pitch = 0;
    int chunk = 1;     // images
    Memory<T> value;   // if kept
    Memory<T> slopes;  // once needed
    Moments moments;
    Conv conv;
    Norm norm;
    // Of the last Backward.
    int readers = 0;  // that lead to its operation; an operand named twice counts twice
    bool reached = false;
    Slope<T> slope = {};  // if .g is null: not kept
  };

  // ---- recording.cc
  Extent ExtentOf(int op, int images) const {
    const Shape& shape = network_.op(op).shape;
    return {images, shape.height, shape.width, states_[op].pitch};
  }
  std::ptrdiff_t ImageElements(int op) const { return ExtentOf(op, 1).elements(); }
  Place<T> Dense(int op, T* data) const {
    const Extent extent = ExtentOf(op, 1);
    return {data, extent.row(), extent.image()};
  }
  // Chunks of as many images as the operation goes by, or of `images`.
  std::vector<Chunk> ChunksOf(int op) const { return Chunks(states_[op].chunk); }
  std::vector<Chunk> Chunks(int images) const;
  // A ReLU whose result is not kept.
  bool IsOpenRelu(int op) const {
    return network_.op(op).kind == OpKind::kRelu && !states_[op].kept;
  }
  Value<T> ValueOf(int op, int image) const;
  // What is kept of the value of those images, or what is made of it in `scratch`.
  const T* Values(int op, const Chunk& chunk, Memory<T>& scratch) const;
  Slope<T> SlopeOf(int op, int image) const;
  const T* Slopes(int op, const Chunk& chunk, Memory<T>& scratch) const;
  void FillUp(std::span<const double> dense, int op, T* to) const;
  void StripTo(const T* from, int op, int images, double* dense) const;
  std::span<const double> ParametersOf(const Op& op, int which) const;
  // How many channels a kernel has along one of its sides, and how far apart they stand in it.
  struct Channels {
    int count;
    int stride;
  };
  void LayWeights(int index);
  void TurnWeights(int index);
  void Lay(int index, Channels rows, Channels columns, int pitch, bool turned_round,
           T* weights) const;
  T* ClearBorder(const Frame& frame, int images, FrameMemory& memory) const;
  Place<const T> SourceIn(const Frame& frame, const T* memory) const {
    return {memory + frame.At(0, 0, 0), frame.row(), frame.image()};
  }
  void LoadValueFrame(int op, const Frame& frame, const Chunk& chunk);
  void LoadSlopeFrame(int op, const Frame& frame, const Chunk& chunk);

  // ---- minimal.cc: convolution `index` by Winograd's algorithm, out of a frame.
  void ConvolveMinimal(const Frame& frame, const T* memory, const Extent& src, int channels,
                       const T* weights, const T* bias, const Extent& dst_extent, T* dst);
  const Stencil& TilesFor(int tiles, int src_pitch, int dst_pitch);
  void OuterMinimal(int index, const T* g, const Chunk& chunk);

  // ---- forward.cc
  void ForwardChunk(int index, const Chunk& chunk);
  void Prepare(int index);
  void AddMoments(int index, const T* values, const Chunk& chunk, Moments& moments);
  void TakeStatistics(int index);

  // ---- backward.cc
  void FindReaders(int op);
  void MakeSlopes(int op);
  bool PassOn(int index, int src);
  Slope<T> SlopeThroughNorm(int index, const T* y) const;
  void BackwardNorm(int index);
  void NormSums(int index, std::span<const Chunk> chunks, std::vector<double>& sum,
                std::vector<double>& product);
  // Calls sink(chunk, gradient) with the gradient that operation `index` passes to its
  // `which`-th source, in the layout of that source's result.
  template <class Sink>
  void ForSlopesToSource(int index, int which, const Sink& sink);
  void AddSlopes(int op, int read, const Chunk& chunk, const T* gradient, bool add,
                 T* slopes) const;
  bool CollectSlopes(int op, Memory<T>& slopes);

  // ---- parameter_slopes.cc
  // Of those chunks, to the first and second parameter of an operation; an empty span is not asked
  // for.
  void ParameterSlopesOf(int index, std::span<const Chunk> chunks, std::span<double> first,
                         std::span<double> second);
  void ConvSlopes(int index, std::span<const Chunk> chunks, std::span<double> kernel,
                  std::span<double> bias);
  void NormSlopes(int index, std::span<const Chunk> chunks, std::span<double> gamma,
                  std::span<double> beta);
  void LinearSlopes(int index, std::span<const Chunk> chunks, std::span<double> weight,
                    std::span<double> bias);

  const Network network_;
  const int largest_;
  const std::optional<T> fill_;
  const Kernels<T> kernels_;
  const bool winograd_;
  int count_ = 0;
  NormMode mode_ = NormMode::kBatch;
  int target_ = 0;  // of the last Backward
  Memory<double> parameters_;
  std::vector<State> states_;
  FrameMemory frame_;   // of a source
  FrameMemory turned_;  // of a gradient
  Memory<T> scratch_;   // of one chunk, like those below
  Memory<T> more_scratch_;
  Memory<T> passed_;
  Memory<T> given_;  // to the last Backward
  Memory<T> products_;
  std::vector<double> sums_;         // of products, over a batch
  std::vector<double> kernel_sums_;  // the same of a kernel's elements
  Stencil tiles_;                    // of the last product by Winograd's algorithm
  Memory<T> points_;                 // of a source
  Memory<T> result_points_;
};

}  // namespace mote::native::tape
