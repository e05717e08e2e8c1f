// How cells become a network: stem, stages of equal cells, head. Plain data; the benchmark's
// network, the paper's reduced one and every cheaper one are values of this type.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace mote {

enum class Activation { kNone, kRelu, kGelu };

std::string_view Name(Activation activation);  // "none", "relu", "gelu"

// How the resolution falls before a stage. Channels may change only in a residual block.
enum class Reduction {
  kNone,
  kAvgPool,        // square average pooling, stride = kernel
  kResidualBlock,  // the benchmark's: ReLU-conv3x3(s2)-BN, ReLU-conv3x3-BN; shortcut
                   // avgpool2x2-conv1x1; sum
};

struct Stage {
  int cells = 1;
  int channels = 16;
  Reduction before = Reduction::kNone;
  int pool = 2;  // kernel of kAvgPool
};

struct Skeleton {
  // Stem: conv3x3 - BN - activation, to the first stage's channels. Without one (and then without
  // activation) the images are what the first stage reads, as some estimates without training want
  // it, and must have its channels.
  bool stem = true;
  Activation stem_activation = Activation::kNone;
  std::vector<Stage> stages;
  // Head: [BN - ReLU] - global average pool - linear.
  bool head_norm_relu = false;
  double norm_epsilon = 1e-5;
  double norm_momentum = 0.1;
  // Inside cells alone: whether convolutions have a bias, and batch normalisations scale and shift.
  bool cell_conv_bias = false;
  bool cell_norm_affine = true;

  // The stem, and what is as above in cells, are left out, so that keys from before there was a
  // choice still hold.
  nlohmann::json ToJson() const;
};

// What the network is to be made for.
struct Task {
  int height = 32;
  int width = 32;
  int channels = 3;
  int classes = 10;
};

// NAS-Bench-201's network: 16/32/64 channels, five cells each, residual blocks between.
Skeleton BenchmarkSkeleton();
// The same as estimates without training are published for (Abdelfattah et al., "Zero-Cost Proxies
// for Lightweight NAS", ICLR 2021): in cells, convolutions have a bias and batch normalisations no
// scale and shift; stem, residual blocks and head as before.
Skeleton ZeroCostSkeleton();
// The reduced network of MOTE (Zhang et al. 2024): 32 channels, cell, 4x4 average pooling, cell.
Skeleton PaperSkeleton();
// `cells` cells of `channels` channels in a row: the small presets.
Skeleton RowSkeleton(int cells, int channels);
// One cell at the images' size, 2x2 average pooling, then `cells` cells: preset two-scale.
Skeleton TwoScaleSkeleton(int cells, int channels);

}  // namespace mote
