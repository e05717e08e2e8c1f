#include "mote/probe/kernel.h"

#include <algorithm>

#include "mote/base/check.h"
#include "mote/reading/gram.h"

namespace mote {
namespace {

// Those that PyTorch calls "weight". Indices of parameters().
std::vector<int> KernelTensors(const Network& network) {
  std::vector<int> tensors;
  for (std::size_t p = 0; p < network.parameters().size(); ++p) {
    const ParameterKind kind = network.parameters()[p].kind;
    if (kind == ParameterKind::kConvKernel || kind == ParameterKind::kLinearWeight ||
        kind == ParameterKind::kScale) {
      tensors.push_back(int(p));
    }
  }
  return tensors;
}

// Runs back from the sum of one image's logits.
void BackwardFromImage(Tape& tape, int image, int count) {
  const int classes = tape.network().classes();
  std::vector<double> slopes(std::size_t(count) * classes);
  std::fill_n(slopes.begin() + std::size_t(image) * classes, classes, 1.0);
  tape.Backward(int(tape.network().ops().size()) - 1, slopes);
}

// The gradient of the last Backward to the tensors, end to end.
std::vector<float> GradientTo(Tape& tape, std::span<const int> tensors) {
  const auto slopes = tape.ParameterSlopes();
  std::vector<float> gradient;
  gradient.reserve(slopes.size());
  for (int tensor : tensors) {
    const Parameter& parameter = tape.network().parameters()[tensor];
    const auto part = slopes.subspan(parameter.offset, parameter.elements());
    gradient.insert(gradient.end(), part.begin(), part.end());
  }
  return gradient;
}

// Some columns at a time, so that no second copy of all gradients is made.
void AddGramOf(std::span<const std::vector<float>> gradients, std::span<double> gram) {
  constexpr std::size_t kColumns = 4096;
  const std::size_t length = gradients.front().size();
  std::vector<double> block;
  for (std::size_t begin = 0; begin < length; begin += kColumns) {
    const std::size_t end = std::min(begin + kColumns, length);
    block.clear();
    for (const std::vector<float>& gradient : gradients) {
      block.insert(block.end(), gradient.begin() + begin, gradient.begin() + end);
    }
    AddGramOfRows(block, int(gradients.size()), gram);
  }
}

}  // namespace

std::vector<double> TangentKernel(Tape& tape, std::span<const double> images, int count,
                                  NormMode mode) {
  MOTE_CHECK(count >= 1, "{} images", count);
  const Network& network = tape.network();
  const std::vector<int> tensors = KernelTensors(network);
  std::vector<double> kernel(std::size_t(count) * count);
  tape.Forward(images, count, mode);
  if (!network.depends_on_input()) {
    BackwardFromImage(tape, 0, count);
    const std::vector<float> gradients[] = {GradientTo(tape, tensors)};
    double square = 0;
    AddGramOf(gradients, {&square, 1});
    std::ranges::fill(kernel, square);
  } else if (mode == NormMode::kBatch) {
    std::vector<std::vector<float>> gradients;
    for (int image = 0; image < count; ++image) {
      BackwardFromImage(tape, image, count);
      gradients.push_back(GradientTo(tape, tensors));
    }
    AddGramOf(gradients, kernel);
  } else {
    const std::vector<double> ones(std::size_t(count) * network.classes(), 1.0);
    tape.Backward(int(network.ops().size()) - 1, ones);
    for (int tensor : tensors) AddGramOfRows(tape.ImageParameterSlopes(tensor), count, kernel);
  }
  return kernel;
}

}  // namespace mote
