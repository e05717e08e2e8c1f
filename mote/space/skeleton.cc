#include "mote/space/skeleton.h"

#include <nlohmann/json.hpp>
#include <string_view>

#include "mote/base/check.h"

namespace mote {
std::string_view Name(Activation activation) {
  switch (activation) {
    case Activation::kNone:
      return "none";
    case Activation::kRelu:
      return "relu";
    case Activation::kGelu:
      return "gelu";
  }
  MOTE_CHECK(false, "activation {}", int(activation));
}

namespace {

std::string_view Name(Reduction reduction) {
  switch (reduction) {
    case Reduction::kNone:
      return "none";
    case Reduction::kAvgPool:
      return "avg_pool";
    case Reduction::kResidualBlock:
      return "residual_block";
  }
  MOTE_CHECK(false, "reduction {}", int(reduction));
}

}  // namespace

nlohmann::json Skeleton::ToJson() const {
  nlohmann::json list = nlohmann::json::array();
  for (const Stage& stage : stages) {
    nlohmann::json item = {
        {"cells", stage.cells}, {"channels", stage.channels}, {"before", Name(stage.before)}};
    // A kernel that is not used must not tell two equal skeletons apart.
    if (stage.before == Reduction::kAvgPool) item["pool"] = stage.pool;
    list.push_back(std::move(item));
  }
  nlohmann::json json = {{"stem_activation", Name(stem_activation)},
                         {"stages", std::move(list)},
                         {"head_norm_relu", head_norm_relu},
                         {"norm_epsilon", norm_epsilon},
                         {"norm_momentum", norm_momentum}};
  if (!stem) json["stem"] = false;
  if (cell_conv_bias) json["cell_conv_bias"] = true;
  if (!cell_norm_affine) json["cell_norm_affine"] = false;
  return json;
}

Skeleton BenchmarkSkeleton() {
  Skeleton skeleton;
  skeleton.stages = {{.cells = 5, .channels = 16},
                     {.cells = 5, .channels = 32, .before = Reduction::kResidualBlock},
                     {.cells = 5, .channels = 64, .before = Reduction::kResidualBlock}};
  skeleton.head_norm_relu = true;
  skeleton.norm_epsilon = 1e-5;
  skeleton.norm_momentum = 0.1;
  return skeleton;
}

Skeleton ZeroCostSkeleton() {
  Skeleton skeleton = BenchmarkSkeleton();
  skeleton.cell_conv_bias = true;
  skeleton.cell_norm_affine = false;
  return skeleton;
}

Skeleton PaperSkeleton() {
  Skeleton skeleton;
  skeleton.stages = {{.cells = 1, .channels = 32},
                     {.cells = 1, .channels = 32, .before = Reduction::kAvgPool, .pool = 4}};
  skeleton.norm_epsilon = 1e-4;
  // Keras' momentum 0.997 weighs the old value, ours the new one.
  skeleton.norm_momentum = 0.003;
  return skeleton;
}

Skeleton RowSkeleton(int cells, int channels) {
  Skeleton skeleton;
  skeleton.stages = {{.cells = cells, .channels = channels}};
  skeleton.norm_epsilon = 1e-4;
  return skeleton;
}

Skeleton TwoScaleSkeleton(int cells, int channels) {
  Skeleton skeleton;
  skeleton.stages = {
      {.cells = 1, .channels = channels},
      {.cells = cells, .channels = channels, .before = Reduction::kAvgPool, .pool = 2}};
  skeleton.norm_epsilon = 1e-4;
  return skeleton;
}

}  // namespace mote
