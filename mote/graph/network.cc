#include "mote/graph/network.h"

#include <fmt/format.h>

#include <algorithm>

#include "mote/base/check.h"
#include "mote/base/error.h"

namespace mote {
namespace {

struct Arity {
  std::size_t least;
  std::size_t most;
};

Arity ArityOf(OpKind kind) {
  static constexpr Arity kArities[] = {
#define MOTE_OP(kind, name, least, most) {least, most},
#include "mote/graph/op.def"
#undef MOTE_OP
  };
  return kArities[int(kind)];
}

int WindowCount(int length, int kernel, int stride, int padding) {
  return (length + 2 * padding - kernel) / stride + 1;
}

// The shape after sliding a square window; throws if not even one window fits.
Shape Slide(Shape src, int channels, int kernel, int stride, int padding, std::string_view name) {
  MOTE_CHECK(kernel >= 1 && stride >= 1 && padding >= 0 && padding < kernel, "{}: {} {} {}", name,
             kernel, stride, padding);
  if (std::min(src.height, src.width) + 2 * padding < kernel) {
    Throw(ErrorCode::kInvalidArgument,
          "the image is too small for this network: {} gets {}x{} but needs at least {}x{}; use "
          "larger images or a skeleton with fewer reductions",
          name, src.height, src.width, kernel - 2 * padding, kernel - 2 * padding);
  }
  return {channels, WindowCount(src.height, kernel, stride, padding),
          WindowCount(src.width, kernel, stride, padding)};
}

}  // namespace

std::string_view Name(OpKind kind) {
  switch (kind) {
#define MOTE_OP(kind, name, least, most) \
  case OpKind::kind:                     \
    return name;
#include "mote/graph/op.def"
#undef MOTE_OP
  }
  MOTE_CHECK(false, "unnamed operation");
}

int Network::Find(std::string_view name) const {
  for (std::size_t i = 0; i < ops_.size(); ++i) {
    if (ops_[i].name == name) return int(i);
  }
  Throw(ErrorCode::kNotFound, "the network has no operation '{}'", name);
}

std::string Network::ToText() const {
  std::string text;
  for (std::size_t i = 0; i < ops_.size(); ++i) {
    const Op& op = ops_[i];
    text += fmt::format("{:3} {:<16} {:>3}x{}x{}", i, Name(op.kind), op.shape.channels,
                        op.shape.height, op.shape.width);
    for (int src : op.src) text += fmt::format(" <-{}", src);
    if (op.kernel > 0) text += fmt::format(" k{} s{} p{}", op.kernel, op.stride, op.padding);
    if (op.kind == OpKind::kConv && op.has_bias()) text += " bias";
    if (op.kind == OpKind::kBatchNorm && !op.is_affine()) text += " not affine";
    text += fmt::format("  {}\n", op.name);
  }
  return text;
}

NetworkBuilder::NetworkBuilder(Shape input) {
  MOTE_CHECK(input.elements() > 0, "empty image");
  Append({.kind = OpKind::kInput, .name = "input", .src = {}, .shape = input});
}

int NetworkBuilder::Append(Op op) {
  const auto [least, most] = ArityOf(op.kind);
  MOTE_CHECK(op.src.size() >= least && op.src.size() <= most, "{} has {} sources", op.name,
             op.src.size());
  for (int src : op.src) {
    MOTE_CHECK(0 <= src && src < int(network_.ops_.size()), "{} reads {}", op.name, src);
  }
  MOTE_CHECK(names_.insert(op.name).second, "two operations are called {}", op.name);
  network_.ops_.push_back(std::move(op));
  return int(network_.ops_.size()) - 1;
}

int NetworkBuilder::AddParameter(std::string name, ParameterKind kind, std::array<int, 4> dims) {
  Parameter parameter{.name = std::move(name),
                      .kind = kind,
                      .dims = dims,
                      .op = int(network_.ops_.size()),
                      .offset = network_.parameter_count_};
  network_.parameter_count_ += parameter.elements();
  network_.parameters_.push_back(std::move(parameter));
  return int(network_.parameters_.size()) - 1;
}

int NetworkBuilder::Zero(std::string name, Shape shape) {
  MOTE_CHECK(shape.elements() > 0, "{} is empty", name);
  return Append({.kind = OpKind::kZero, .name = std::move(name), .src = {}, .shape = shape});
}

int NetworkBuilder::Conv(std::string name, int src, int channels, int kernel, int stride,
                         int padding, bool bias) {
  const Shape from = shape(src);
  const Shape to = Slide(from, channels, kernel, stride, padding, name);
  std::vector<int> parameters = {AddParameter(name + ".kernel", ParameterKind::kConvKernel,
                                              {channels, from.channels, kernel, kernel})};
  if (bias) {
    parameters.push_back(
        AddParameter(name + ".bias", ParameterKind::kConvBias, {channels, 1, 1, 1}));
  }
  return Append({.kind = OpKind::kConv,
                 .name = std::move(name),
                 .src = {src},
                 .shape = to,
                 .kernel = kernel,
                 .stride = stride,
                 .padding = padding,
                 .parameters = std::move(parameters)});
}

int NetworkBuilder::BatchNorm(std::string name, int src, double epsilon, double momentum,
                              bool affine) {
  MOTE_CHECK(epsilon > 0 && momentum >= 0 && momentum <= 1, "{}", name);
  const Shape from = shape(src);
  std::vector<int> parameters;
  if (affine) {
    const std::array<int, 4> dims = {from.channels, 1, 1, 1};
    parameters.push_back(AddParameter(name + ".gamma", ParameterKind::kScale, dims));
    parameters.push_back(AddParameter(name + ".beta", ParameterKind::kShift, dims));
  }
  return Append({.kind = OpKind::kBatchNorm,
                 .name = std::move(name),
                 .src = {src},
                 .shape = from,
                 .epsilon = epsilon,
                 .momentum = momentum,
                 .parameters = std::move(parameters)});
}

int NetworkBuilder::Relu(std::string name, int src) {
  return Append(
      {.kind = OpKind::kRelu, .name = std::move(name), .src = {src}, .shape = shape(src)});
}

int NetworkBuilder::Gelu(std::string name, int src) {
  return Append(
      {.kind = OpKind::kGelu, .name = std::move(name), .src = {src}, .shape = shape(src)});
}

int NetworkBuilder::AvgPool(std::string name, int src, int kernel, int stride, int padding) {
  const Shape to = Slide(shape(src), shape(src).channels, kernel, stride, padding, name);
  return Append({.kind = OpKind::kAvgPool,
                 .name = std::move(name),
                 .src = {src},
                 .shape = to,
                 .kernel = kernel,
                 .stride = stride,
                 .padding = padding});
}

int NetworkBuilder::Add(std::string name, std::vector<int> src) {
  return Join(OpKind::kAdd, std::move(name), std::move(src));
}

int NetworkBuilder::Mean(std::string name, std::vector<int> src) {
  return Join(OpKind::kMean, std::move(name), std::move(src));
}

int NetworkBuilder::Join(OpKind kind, std::string name, std::vector<int> src) {
  MOTE_CHECK(!src.empty(), "{} joins nothing", name);
  if (src.size() == 1) return src.front();
  const Shape from = shape(src.front());
  for (int other : src) MOTE_CHECK(shape(other) == from, "{} joins different shapes", name);
  return Append({.kind = kind, .name = std::move(name), .src = std::move(src), .shape = from});
}

int NetworkBuilder::GlobalAvgPool(std::string name, int src) {
  return Append({.kind = OpKind::kGlobalAvgPool,
                 .name = std::move(name),
                 .src = {src},
                 .shape = {shape(src).channels, 1, 1}});
}

int NetworkBuilder::Linear(std::string name, int src, int features) {
  const Shape from = shape(src);
  MOTE_CHECK(from.height == 1 && from.width == 1, "{} reads an image", name);
  const int weights =
      AddParameter(name + ".weight", ParameterKind::kLinearWeight, {features, from.channels, 1, 1});
  const int bias = AddParameter(name + ".bias", ParameterKind::kLinearBias, {features, 1, 1, 1});
  return Append({.kind = OpKind::kLinear,
                 .name = std::move(name),
                 .src = {src},
                 .shape = {features, 1, 1},
                 .parameters = {weights, bias}});
}

Network NetworkBuilder::Finish() {
  MOTE_CHECK(network_.ops_.back().kind == OpKind::kLinear, "the logits must be linear");
  std::vector<char> reached(network_.ops_.size(), false);
  reached[0] = true;
  for (std::size_t i = 1; i < network_.ops_.size(); ++i) {
    for (int src : network_.ops_[i].src) reached[i] = reached[i] || reached[src];
  }
  network_.depends_on_input_ = reached.back();
  return std::move(network_);
}

}  // namespace mote
