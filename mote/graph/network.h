// A network as plain data: operations in topological order, shapes inferred, parameters listed.
//
// No device, no memory, no weights: an Executor (backends/executor.h) has those. A Network is made
// by a NetworkBuilder, which checks everything, and is immutable afterwards.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace mote {

enum class OpKind {
#define MOTE_OP(kind, name, least, most) kind,
#include "mote/graph/op.def"
#undef MOTE_OP
};

std::string_view Name(OpKind kind);

// Of one sample's activations.
struct Shape {
  int channels = 0;
  int height = 0;
  int width = 0;

  std::int64_t elements() const { return std::int64_t(channels) * height * width; }
  bool operator==(const Shape&) const = default;
};

enum class ParameterKind {
  kConvKernel,    // dims [out channels, in channels, height, width]
  kConvBias,      // dims [out channels, 1, 1, 1]
  kLinearWeight,  // dims [out features, in features, 1, 1]
  kLinearBias,    // dims [out features, 1, 1, 1]
  kScale,         // gamma of batch normalisation, [channels, 1, 1, 1]
  kShift,         // beta, likewise
};

struct Parameter {
  std::string name;  // unique in the network: "<op name>.<kernel|weight|bias|gamma|beta>"
  ParameterKind kind;
  std::array<int, 4> dims;  // row-major; unused trailing dims are 1
  int op;                   // the operation it belongs to
  std::int64_t offset;      // first element in the flat parameter vector

  std::int64_t elements() const { return std::int64_t(dims[0]) * dims[1] * dims[2] * dims[3]; }
};

// One operation. `src` are indices of earlier operations.
//
//   input            the images; shape given
//   zero             a constant 0 of the given shape: the value of a node that nothing reaches
//   conv             cross-correlation, square kernel, zero padding on all sides; a bias per
//                    channel if it has one
//   batch_norm       per channel (x - mean)/sqrt(var + epsilon) * gamma + beta, or without gamma
//                    and beta if it is not affine; statistics of the batch (population variance)
//                    in training, running ones where asked for;
//                    running <- (1 - momentum) running + momentum batch, started at 0 and 1, fed
//                    by the batch's unbiased variance
//   relu             max(x, 0); the gradient at 0 is 0
//   gelu             0.5 x (1 + tanh(sqrt(pi/2) (x + 0.044715 x^3))), with the constant of the MOTE
//                    authors' code, sqrt(pi/2) where the usual approximation has sqrt(2/pi)
//   avg_pool         mean of the window's elements inside the image: padding is not in the divisor
//   add              elementwise sum of equal shapes, in the order of src
//   mean             the same sum divided by the number of sources
//   global_avg_pool  mean over height and width: shape {channels, 1, 1}
//   linear           weight * x + bias on shape {features, 1, 1}
struct Op {
  OpKind kind;
  std::string name;  // unique in the network, says where it stands: "cell3.edge2-1.conv"
  std::vector<int> src;
  Shape shape;  // of the result
  int kernel = 0;
  int stride = 1;
  int padding = 0;
  double epsilon = 0;
  double momentum = 0;
  // Indices into Network::parameters(): {kernel} or {kernel, bias}, {gamma, beta} or {}, {weight,
  // bias}.
  std::vector<int> parameters = {};

  // Of a convolution.
  bool has_bias() const { return parameters.size() > 1; }
  // Of a batch normalisation: whether it has gamma and beta.
  bool is_affine() const { return !parameters.empty(); }
};

class Network {
 public:
  const std::vector<Op>& ops() const { return ops_; }
  const std::vector<Parameter>& parameters() const { return parameters_; }
  const Op& op(int index) const { return ops_[index]; }

  Shape input_shape() const { return ops_.front().shape; }
  int classes() const { return ops_.back().shape.channels; }
  // Elements of the flat parameter vector.
  std::int64_t parameter_count() const { return parameter_count_; }
  // Whether any path leads from the images to the logits. If not, the logits are a learnt constant
  // and training teaches nothing.
  bool depends_on_input() const { return depends_on_input_; }

  // The operation of that name; throws Error(kNotFound).
  int Find(std::string_view name) const;

  // A line per operation, for people and for golden tests.
  std::string ToText() const;

 private:
  friend class NetworkBuilder;
  std::vector<Op> ops_;
  std::vector<Parameter> parameters_;
  std::int64_t parameter_count_ = 0;
  bool depends_on_input_ = false;
};

// Makes a Network operation by operation. Each method appends one and returns its index. A wrong
// source or shape is a bug of the caller and aborts (MOTE_CHECK), but for sizes that come from a
// user's image: an image too small for the skeleton throws Error(kInvalidArgument).
class NetworkBuilder {
 public:
  explicit NetworkBuilder(Shape input);

  int Zero(std::string name, Shape shape);
  int Conv(std::string name, int src, int channels, int kernel, int stride, int padding,
           bool bias = false);
  int BatchNorm(std::string name, int src, double epsilon, double momentum, bool affine = true);
  int Relu(std::string name, int src);
  int Gelu(std::string name, int src);
  int AvgPool(std::string name, int src, int kernel, int stride, int padding);
  // One source is returned as it is; several are summed.
  int Add(std::string name, std::vector<int> src);
  // Likewise; several are averaged.
  int Mean(std::string name, std::vector<int> src);
  int GlobalAvgPool(std::string name, int src);
  int Linear(std::string name, int src, int features);

  Shape shape(int op) const { return network_.ops_[op].shape; }

  // The last operation must be linear: its result are the logits. The builder is then spent.
  Network Finish();

 private:
  int Append(Op op);
  int Join(OpKind kind, std::string name, std::vector<int> src);
  int AddParameter(std::string name, ParameterKind kind, std::array<int, 4> dims);

  Network network_;
  std::unordered_set<std::string> names_;
};

}  // namespace mote
