// Operation by operation: the reference backend's gradients against libtorch's autograd, both in
// double precision.
#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "mote/backends/backend.h"
#include "tests/oracle/autograd_network.h"
#include "tests/oracle/oracle_inputs.h"

namespace mote {
MOTE_BACKEND(reference);
}  // namespace mote

namespace mote::oracle {
namespace {

// Puts the operation under test behind `src` and returns its index.
struct OpCase {
  std::string name;
  std::function<int(NetworkBuilder&, int src)> append;
};

void PrintTo(const OpCase& example, std::ostream* out) { *out << example.name; }

const std::vector<OpCase>& OpCases() {
  static const std::vector<OpCase> cases = {
      {"conv3x3", [](NetworkBuilder& b, int src) { return b.Conv("op", src, 4, 3, 1, 1); }},
      {"conv1x1", [](NetworkBuilder& b, int src) { return b.Conv("op", src, 5, 1, 1, 0); }},
      {"conv3x3_stride2", [](NetworkBuilder& b, int src) { return b.Conv("op", src, 4, 3, 2, 1); }},
      {"conv5x5_unpadded",
       [](NetworkBuilder& b, int src) { return b.Conv("op", src, 2, 5, 1, 0); }},
      {"batch_norm", [](NetworkBuilder& b, int src) { return b.BatchNorm("op", src, 1e-5, 0.1); }},
      {"batch_norm_epsilon",
       [](NetworkBuilder& b, int src) { return b.BatchNorm("op", src, 0.3, 0.1); }},
      {"relu", [](NetworkBuilder& b, int src) { return b.Relu("op", src); }},
      {"gelu", [](NetworkBuilder& b, int src) { return b.Gelu("op", src); }},
      {"avg_pool3x3", [](NetworkBuilder& b, int src) { return b.AvgPool("op", src, 3, 1, 1); }},
      {"avg_pool2x2_stride2",
       [](NetworkBuilder& b, int src) { return b.AvgPool("op", src, 2, 2, 0); }},
      {"avg_pool3x3_stride2",
       [](NetworkBuilder& b, int src) { return b.AvgPool("op", src, 3, 2, 1); }},
      {"add_same_twice",
       [](NetworkBuilder& b, int src) {
         return b.Add("op", {src, src});
       }},
      {"add_three",
       [](NetworkBuilder& b, int src) {
         return b.Add("op", {b.Relu("left", src), src, b.Conv("right", src, 3, 1, 1, 0)});
       }},
      {"add_zero",
       [](NetworkBuilder& b, int src) {
         return b.Add("op", {b.Zero("zero", b.shape(src)), src});
       }},
      {"conv_of_zero",
       [](NetworkBuilder& b, int src) {
         const int conv = b.Conv("dead", b.Zero("zero", b.shape(src)), 3, 3, 1, 1);
         return b.Add("op", {src, b.BatchNorm("dead_norm", conv, 1e-5, 0.1)});
       }},
      {"unused_conv",
       [](NetworkBuilder& b, int src) {
         b.Conv("unused", src, 3, 3, 1, 1);
         return src;
       }},
  };
  return cases;
}

class OracleAutograd : public testing::TestWithParam<OpCase> {};

TEST_P(OracleAutograd, AgreesWithTheReference) {
  // A convolution in front shows the gradient to the operation's source.
  NetworkBuilder builder({.channels = 2, .height = 7, .width = 6});
  const int front = builder.Conv("front", 0, 3, 3, 1, 1);
  const int op = GetParam().append(builder, front);
  builder.Linear("head", builder.GlobalAvgPool("mean", op), 4);
  const Network network = builder.Finish();

  const LossOptions loss = {.label_smoothing = 0.1};
  const Images images = RandomImages(network, 5, GetParam().name);
  const std::vector<double> parameters = RandomParameters(network, GetParam().name);
  const LossAndGradient expected = Differentiate(network, parameters, images.batch(), loss);

  BackendRegistry registry("backend");
  RegisterBackend_reference(registry);
  const auto executor = registry.Create("reference", {})->Compile(network, 5);
  executor->SetParameters(parameters);
  executor->Reset({}, loss);
  std::vector<double> gradient(network.parameter_count());
  EXPECT_NEAR(executor->Gradient(images.batch(), gradient), expected.loss, 1e-10 * expected.loss);

  const double floor = 1e-10 * Norm(expected.gradient);
  for (const Parameter& parameter : network.parameters()) {
    const auto part = [&](std::span<const double> flat) {
      return flat.subspan(parameter.offset, parameter.elements());
    };
    EXPECT_LE(Distance(part(gradient), part(expected.gradient)),
              1e-10 * Norm(part(expected.gradient)) + 1e-3 * floor)
        << parameter.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Ops, OracleAutograd, testing::ValuesIn(OpCases()),
                         [](const auto& example) { return example.param.name; });

}  // namespace
}  // namespace mote::oracle
