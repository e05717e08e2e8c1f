#include "tests/conformance/op_cases.h"

#include <cmath>

#include "mote/base/rng.h"

namespace mote::conformance {
namespace {

constexpr int kClasses = 3;
constexpr double kEpsilon = 1e-5;
constexpr double kMomentum = 0.1;

using Body = std::function<int(NetworkBuilder& builder, int images)>;

// images -> body -> GELU -> global average -> linear. Without the GELU, the average over an image
// would hide what an operation does to single pixels.
std::function<Network()> Around(Shape images, Body body) {
  return [images, body] {
    NetworkBuilder builder(images);
    const int result = body(builder, 0);
    const int read = builder.GlobalAvgPool("read.gap", builder.Gelu("read.gelu", result));
    builder.Linear("read.linear", read, kClasses);
    return builder.Finish();
  };
}

// images -> body, which ends in the shape {features, 1, 1} -> linear.
std::function<Network()> Directly(Shape images, Body body) {
  return [images, body] {
    NetworkBuilder builder(images);
    builder.Linear("read.linear", body(builder, 0), kClasses);
    return builder.Finish();
  };
}

// A 1x1 convolution of the images, so that the gradient to the operation's source is seen too.
int Before(NetworkBuilder& b, int images) {
  return b.Conv("before", images, b.shape(images).channels, 1, 1, 0);
}

Body ConvBody(int channels, int kernel, int stride, int padding, bool bias = false) {
  return [=](NetworkBuilder& b, int images) {
    return b.Conv("conv", Before(b, images), channels, kernel, stride, padding, bias);
  };
}

Body PoolBody(int kernel, int stride, int padding) {
  return [=](NetworkBuilder& b, int images) {
    return b.AvgPool("pool", Before(b, images), kernel, stride, padding);
  };
}

Body NormBody(double epsilon, double momentum, bool affine = true) {
  return [=](NetworkBuilder& b, int images) {
    return b.BatchNorm("bn", Before(b, images), epsilon, momentum, affine);
  };
}

int Same(NetworkBuilder&, int x) { return x; }

// The edge of a NAS-Bench-201 cell: ReLU, convolution, batch normalisation.
int ConvEdge(NetworkBuilder& b, const std::string& name, int x, int channels, int kernel,
             int stride = 1) {
  const int relu = b.Relu(name + ".relu", x);
  const int conv = b.Conv(name + ".conv", relu, channels, kernel, stride, kernel / 2);
  return b.BatchNorm(name + ".bn", conv, kEpsilon, kMomentum);
}

// The same edge with a bias instead of scale and shift.
int BiasedEdge(NetworkBuilder& b, const std::string& name, int x, int channels, int kernel) {
  const int relu = b.Relu(name + ".relu", x);
  const int conv = b.Conv(name + ".conv", relu, channels, kernel, 1, kernel / 2, /*bias=*/true);
  return b.BatchNorm(name + ".bn", conv, kEpsilon, kMomentum, /*affine=*/false);
}

int Stem(NetworkBuilder& b, int images, int channels) {
  const int conv = b.Conv("stem.conv", images, channels, 3, 1, 1);
  return b.BatchNorm("stem.bn", conv, kEpsilon, kMomentum);
}

// A cell with every kind of edge: conv 3x3, conv 1x1, pool, two skips and a zero.
int MixedCell(NetworkBuilder& b, int images) {
  const int node0 = Stem(b, images, 3);
  const int node1 = ConvEdge(b, "edge1-0", node0, 3, 3);
  const int node2 =
      b.Add("node2", {b.AvgPool("edge2-0", node0, 3, 1, 1), ConvEdge(b, "edge2-1", node1, 3, 1)});
  return b.Add("node3", {node0, b.Zero("edge3-1", b.shape(node1)), node1,
                         ConvEdge(b, "edge3-2", node2, 3, 3)});
}

// The block between the stages of the benchmark's network.
int ResidualBlock(NetworkBuilder& b, int images) {
  const int node0 = Stem(b, images, 2);
  const int first = ConvEdge(b, "a", node0, 4, 3, 2);
  const int second = ConvEdge(b, "b", first, 4, 3);
  const int shortcut =
      b.Conv("shortcut.conv", b.AvgPool("shortcut.pool", node0, 2, 2, 0), 4, 1, 1, 0);
  return b.Add("sum", {second, shortcut});
}

// Three branches that leave one node, two of which share a convolution.
int SharedBranches(NetworkBuilder& b, int images) {
  const int stem = b.Gelu("stem.gelu", Stem(b, images, 4));
  const int shared = ConvEdge(b, "shared", stem, 4, 3);
  const int pool = b.AvgPool("pool", shared, 2, 2, 0);
  const int strided = b.Conv("strided", shared, 4, 3, 2, 1);
  const int other = b.Conv("other", stem, 4, 1, 2, 0);
  const int sum = b.Add("sum", {pool, strided, other});
  return ConvEdge(b, "last", sum, 2, 1);
}

std::vector<OpCase> MakeCases() {
  return {
      // Linear layers and the global average
      {.name = "linear_of_1x1_images", .build = Directly({3, 1, 1}, Same), .batch = 5},
      {.name = "linear_of_one_feature_batch_1", .build = Directly({1, 1, 1}, Same), .batch = 1},
      {.name = "global_avg_pool_5x7",
       .build =
           Directly({2, 5, 7}, [](NetworkBuilder& b, int x) { return b.GlobalAvgPool("gap", x); })},
      {.name = "global_avg_pool_of_1x1_images",
       .build =
           Directly({3, 1, 1}, [](NetworkBuilder& b, int x) { return b.GlobalAvgPool("gap", x); })},

      // Convolutions
      {.name = "conv_of_images",
       .build = Around({3, 5, 4},
                       [](NetworkBuilder& b, int x) { return b.Conv("conv", x, 4, 3, 1, 1); })},
      {.name = "conv_1x1", .build = Around({3, 4, 5}, ConvBody(2, 1, 1, 0))},
      {.name = "conv_1x1_one_channel", .build = Around({1, 3, 3}, ConvBody(1, 1, 1, 0))},
      {.name = "conv_1x1_stride_2_odd_sides", .build = Around({2, 5, 7}, ConvBody(3, 1, 2, 0))},
      {.name = "conv_3x3", .build = Around({2, 5, 6}, ConvBody(3, 3, 1, 1))},
      {.name = "conv_3x3_one_channel_batch_1",
       .build = Around({1, 4, 4}, ConvBody(1, 3, 1, 1)),
       .batch = 1},
      {.name = "conv_3x3_of_1x1_images", .build = Around({3, 1, 1}, ConvBody(2, 3, 1, 1))},
      {.name = "conv_3x3_of_1x6_images", .build = Around({2, 1, 6}, ConvBody(2, 3, 1, 1))},
      {.name = "conv_3x3_of_2x2_images", .build = Around({2, 2, 2}, ConvBody(2, 3, 1, 1))},
      {.name = "conv_3x3_no_padding", .build = Around({2, 5, 4}, ConvBody(2, 3, 1, 0))},
      {.name = "conv_3x3_stride_2_even_sides", .build = Around({2, 6, 8}, ConvBody(3, 3, 2, 1))},
      {.name = "conv_3x3_stride_2_odd_sides", .build = Around({2, 5, 7}, ConvBody(3, 3, 2, 1))},
      {.name = "conv_3x3_stride_2_last_row_unread",
       .build = Around({2, 6, 6}, ConvBody(2, 3, 2, 0))},
      {.name = "conv_2x2_stride_3_gaps", .build = Around({2, 7, 8}, ConvBody(2, 2, 3, 0))},
      {.name = "conv_5x5", .build = Around({2, 6, 5}, ConvBody(2, 5, 1, 2))},
      {.name = "conv_many_channels", .build = Around({17, 3, 3}, ConvBody(19, 3, 1, 1))},
      {.name = "conv_batch_13", .build = Around({3, 5, 5}, ConvBody(5, 3, 1, 1)), .batch = 13},
      {.name = "conv_of_large_images",
       .build = Around({17, 33, 31},
                       [](NetworkBuilder& b, int x) { return b.Conv("conv", x, 2, 3, 1, 1); }),
       .batch = 2},

      // Convolutions with bias
      {.name = "conv_with_bias_of_images",
       .build = Around(
           {3, 5, 4},
           [](NetworkBuilder& b, int x) { return b.Conv("conv", x, 4, 3, 1, 1, /*bias=*/true); })},
      {.name = "conv_1x1_with_bias_stride_2",
       .build = Around({2, 5, 7}, ConvBody(3, 1, 2, 0, /*bias=*/true))},
      {.name = "conv_3x3_with_bias", .build = Around({2, 4, 5}, ConvBody(3, 3, 1, 1, true))},
      {.name = "conv_3x3_with_bias_of_1x1_images_batch_1",
       .build = Around({2, 1, 1}, ConvBody(2, 3, 1, 1, /*bias=*/true)),
       .batch = 1},
      {.name = "conv_with_bias_of_zero",
       .build = Around({1, 3, 3},
                       [](NetworkBuilder& b, int) {
                         const int zero = b.Zero("zero", {2, 3, 3});
                         return b.Conv("conv", zero, 2, 3, 1, 1, /*bias=*/true);
                       })},

      // Batch normalisation
      {.name = "batch_norm_of_images",
       .build = Around({3, 4, 4}, [](NetworkBuilder& b,
                                     int x) { return b.BatchNorm("bn", x, kEpsilon, kMomentum); })},
      {.name = "batch_norm", .build = Around({3, 4, 4}, NormBody(1e-5, 0.1))},
      {.name = "batch_norm_of_the_paper", .build = Around({3, 4, 4}, NormBody(1e-4, 0.003))},
      {.name = "batch_norm_batch_1", .build = Around({2, 3, 5}, NormBody(1e-5, 0.1)), .batch = 1},
      {.name = "batch_norm_of_1x1_images", .build = Around({3, 1, 1}, NormBody(1e-5, 0.1))},
      {.name = "batch_norm_of_one_element",
       .build = Around({2, 1, 1}, NormBody(1e-5, 0.1)),
       .batch = 1,
       // The deviation is sqrt(epsilon): a rounding error in x - mean is multiplied by 316.
       .bound = 5e-5,
       .trained_bound = 5e-5},
      {.name = "batch_norm_momentum_1", .build = Around({2, 3, 3}, NormBody(1e-5, 1))},
      {.name = "batch_norm_of_zero",
       .build = Around({1, 3, 3},
                       [](NetworkBuilder& b, int) {
                         return b.BatchNorm("bn", b.Zero("zero", {2, 3, 3}), kEpsilon, kMomentum);
                       })},
      {.name = "batch_norm_twice",
       .build = Around({2, 4, 4},
                       [](NetworkBuilder& b, int x) {
                         const int first = b.BatchNorm("bn1", x, kEpsilon, kMomentum);
                         return b.BatchNorm("bn2", first, kEpsilon, kMomentum);
                       }),
       // The gradient to the first one's parameters is 0 but for rounding, which Adam magnifies.
       .trained_bound = 2e-4},

      // Batch normalisation without scale and shift
      {.name = "plain_batch_norm",
       .build = Around({3, 4, 4}, NormBody(1e-5, 0.1, /*affine=*/false))},
      {.name = "plain_batch_norm_batch_1",
       .build = Around({2, 3, 5}, NormBody(1e-4, 0.1, /*affine=*/false)),
       .batch = 1},
      {.name = "plain_batch_norms_of_one_source",
       .build = Around({2, 3, 4},
                       [](NetworkBuilder& b, int x) {
                         const int before = Before(b, x);
                         const int fast = b.BatchNorm("fast", before, kEpsilon, 0.5, false);
                         const int slow = b.BatchNorm("slow", before, kEpsilon, 0.1, false);
                         const int again = b.BatchNorm("again", before, kEpsilon, 0.1, false);
                         return b.Add("sum", {fast, slow, again});
                       })},

      // Activations; the batch normalisation before them makes both signs
      {.name = "relu",
       .build = Directly({2, 4, 4},
                         [](NetworkBuilder& b, int x) {
                           const int bn = b.BatchNorm("bn", x, kEpsilon, kMomentum);
                           return b.GlobalAvgPool("gap", b.Relu("relu", bn));
                         })},
      {.name = "gelu",
       .build = Directly({2, 4, 4},
                         [](NetworkBuilder& b, int x) {
                           const int bn = b.BatchNorm("bn", x, kEpsilon, kMomentum);
                           return b.GlobalAvgPool("gap", b.Gelu("gelu", bn));
                         })},
      {.name = "relu_of_1x1_images",
       .build = Directly(
           {3, 1, 1},
           [](NetworkBuilder& b, int x) { return b.Relu("relu", b.Conv("conv", x, 4, 1, 1, 0)); })},

      // Average pools
      {.name = "avg_pool_3x3_same", .build = Around({2, 4, 5}, PoolBody(3, 1, 1))},
      {.name = "avg_pool_3x3_of_1x1_images", .build = Around({2, 1, 1}, PoolBody(3, 1, 1))},
      {.name = "avg_pool_3x3_of_2x2_images", .build = Around({2, 2, 2}, PoolBody(3, 1, 1))},
      {.name = "avg_pool_2x2_stride_2", .build = Around({2, 4, 6}, PoolBody(2, 2, 0))},
      {.name = "avg_pool_2x2_stride_2_odd_sides", .build = Around({2, 5, 7}, PoolBody(2, 2, 0))},
      {.name = "avg_pool_4x4_stride_4", .build = Around({1, 8, 8}, PoolBody(4, 4, 0))},
      {.name = "avg_pool_3x3_stride_2_padded", .build = Around({2, 7, 6}, PoolBody(3, 2, 1))},
      {.name = "avg_pool_one_channel_batch_1",
       .build = Around({1, 5, 5}, PoolBody(2, 2, 0)),
       .batch = 1},

      // Sums and zeros
      {.name = "add_2",
       .build = Around({2, 3, 3},
                       [](NetworkBuilder& b, int x) {
                         return b.Add("add", {x, b.Conv("conv", x, 2, 3, 1, 1)});
                       })},
      {.name = "add_3",
       .build = Around({2, 4, 3},
                       [](NetworkBuilder& b, int x) {
                         const int first = b.Conv("conv1", x, 2, 3, 1, 1);
                         return b.Add("add", {first, x, b.Conv("conv2", first, 2, 1, 1, 0)});
                       })},
      {.name = "add_one_source_twice",
       .build = Around({2, 3, 3},
                       [](NetworkBuilder& b, int x) {
                         const int conv = b.Conv("conv", x, 2, 3, 1, 1);
                         return b.Add("add", {conv, conv});
                       })},
      {.name = "mean_2",
       .build = Around({2, 3, 3},
                       [](NetworkBuilder& b, int x) {
                         return b.Mean("mean", {x, b.Conv("conv", x, 2, 3, 1, 1)});
                       })},
      {.name = "mean_3_one_source_twice",
       .build = Around({2, 4, 3},
                       [](NetworkBuilder& b, int x) {
                         const int conv = b.Conv("conv", x, 2, 3, 1, 1);
                         return b.Mean("mean", {conv, x, conv});
                       })},
      {.name = "mean_of_edges_in_sum",
       .build = Around({3, 4, 5},
                       [](NetworkBuilder& b, int x) {
                         const int node0 = Stem(b, x, 3);
                         const int pool = b.AvgPool("pool", node0, 3, 1, 1);
                         const int edge = b.Mean("mean", {node0, ConvEdge(b, "c1", node0, 3, 1),
                                                          ConvEdge(b, "c3", node0, 3, 3), pool});
                         return b.Add("node1", {edge, node0});
                       })},
      {.name = "mean_of_zero",
       .build = Around({2, 3, 3},
                       [](NetworkBuilder& b, int x) {
                         return b.Mean("mean", {b.Zero("zero", {2, 3, 3}), Before(b, x)});
                       })},
      {.name = "zero_alone",
       .build = Around({3, 4, 4},
                       [](NetworkBuilder& b, int) {
                         return b.Zero("zero", {2, 4, 4});
                       })},
      {.name = "zero_in_sum",
       .build = Around({2, 3, 3},
                       [](NetworkBuilder& b, int x) {
                         const int conv = b.Conv("conv", x, 2, 3, 1, 1);
                         return b.Add("add", {b.Zero("zero", b.shape(conv)), conv});
                       })},
      {.name = "conv_of_zero",
       .build = Around({2, 3, 3},
                       [](NetworkBuilder& b, int x) {
                         const int zero = b.Zero("zero", {2, 3, 3});
                         return b.Add("add", {x, ConvEdge(b, "edge", zero, 2, 3)});
                       })},

      // Chains
      {.name = "conv_edge",
       .build = Around({2, 4, 4}, [](NetworkBuilder& b,
                                     int x) { return ConvEdge(b, "edge", Stem(b, x, 3), 3, 3); })},
      {.name = "conv_edges_batch_1",
       .build = Around({1, 5, 4},
                       [](NetworkBuilder& b, int x) {
                         return ConvEdge(b, "edge2", ConvEdge(b, "edge1", Stem(b, x, 3), 3, 3), 3,
                                         1);
                       }),
       .batch = 1},
      {.name = "conv_edges_of_1x1_images",
       .build = Around({3, 1, 1}, [](NetworkBuilder& b,
                                     int x) { return ConvEdge(b, "edge", Stem(b, x, 4), 4, 3); }),
       .batch = 6},

      // Whole networks with several branches
      {.name = "network_of_biased_edges",
       .build = Around({3, 6, 5},
                       [](NetworkBuilder& b, int x) {
                         const int stem = Stem(b, x, 3);
                         const int first = BiasedEdge(b, "edge1", stem, 3, 3);
                         return b.Add("sum", {BiasedEdge(b, "edge2", first, 3, 1), stem});
                       }),
       .batch = 5,
       // The gradient to a bias before a normalisation is 0 but for rounding: Adam magnifies that.
       .trained_bound = 2e-4},
      {.name = "network_mixed_cell", .build = Around({3, 6, 6}, MixedCell), .batch = 5},
      {.name = "network_residual_block", .build = Around({3, 6, 8}, ResidualBlock), .batch = 5},
      {.name = "network_shared_branches", .build = Around({1, 6, 6}, SharedBranches), .batch = 5},
  };
}

double RandomWeight(const Parameter& parameter, Rng& rng) {
  switch (parameter.kind) {
    case ParameterKind::kConvKernel:
    case ParameterKind::kLinearWeight: {
      const double fan_in = double(parameter.elements()) / parameter.dims[0];
      return rng.Normal() * std::sqrt(2 / fan_in);
    }
    case ParameterKind::kConvBias:
    case ParameterKind::kLinearBias:
    case ParameterKind::kShift:
      return 0.3 * rng.Normal();
    case ParameterKind::kScale:
      return 0.7 + 0.6 * rng.Uniform();
  }
  MOTE_CHECK(false, "unknown parameter");
}

}  // namespace

const std::vector<OpCase>& OpCases() {
  static const std::vector<OpCase> cases = MakeCases();
  return cases;
}

std::vector<double> WeightsFor(const OpCase& op_case, const Network& network) {
  Rng rng(Key(1, "weights", op_case.name));
  std::vector<double> weights;
  for (const Parameter& parameter : network.parameters()) {
    for (std::int64_t i = 0; i < parameter.elements(); ++i) {
      weights.push_back(float(RandomWeight(parameter, rng)));
    }
  }
  return weights;
}

Examples ExamplesFor(const OpCase& op_case, const Network& network) {
  Rng rng(Key(1, "examples", op_case.name));
  Examples examples;
  for (int n = 0; n < op_case.batch; ++n) {
    examples.labels.push_back(int(rng.Below(network.classes())));
    for (std::int64_t i = 0; i < network.input_shape().elements(); ++i) {
      examples.images.push_back(float(rng.Uniform()));
    }
  }
  return examples;
}

}  // namespace mote::conformance
