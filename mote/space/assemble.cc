#include "mote/space/assemble.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "mote/base/check.h"
#include "mote/base/error.h"

namespace mote {
namespace {

int Factor(const Stage& stage) {
  switch (stage.before) {
    case Reduction::kNone:
      return 1;
    case Reduction::kAvgPool:
      return stage.pool;
    case Reduction::kResidualBlock:
      return 2;
  }
  MOTE_CHECK(false, "reduction {}", int(stage.before));
}

void CheckSkeleton(const Skeleton& skeleton) {
  if (skeleton.stages.empty()) {
    Throw(ErrorCode::kInvalidArgument, "the skeleton has no stage: give it at least one");
  }
  if (!skeleton.stem && skeleton.stem_activation != Activation::kNone) {
    Throw(ErrorCode::kInvalidArgument,
          "the skeleton has no stem, but an activation behind it ({}): leave one of them out",
          Name(skeleton.stem_activation));
  }
  if (!(skeleton.norm_epsilon > 0) || !std::isfinite(skeleton.norm_epsilon)) {
    Throw(ErrorCode::kInvalidArgument, "the skeleton's norm_epsilon must be positive, but is {}",
          skeleton.norm_epsilon);
  }
  if (!(skeleton.norm_momentum >= 0 && skeleton.norm_momentum <= 1)) {
    Throw(ErrorCode::kInvalidArgument, "the skeleton's norm_momentum must be in [0, 1], but is {}",
          skeleton.norm_momentum);
  }
  for (std::size_t s = 0; s < skeleton.stages.size(); ++s) {
    const Stage& stage = skeleton.stages[s];
    if (stage.cells < 1 || stage.channels < 1 || stage.pool < 1) {
      Throw(ErrorCode::kInvalidArgument,
            "stage {} of the skeleton has {} cells, {} channels and pool {}: all must be at least "
            "1",
            s, stage.cells, stage.channels, stage.pool);
    }
    if (s == 0 || stage.before == Reduction::kResidualBlock) continue;
    const int before = skeleton.stages[s - 1].channels;
    if (stage.channels != before) {
      Throw(ErrorCode::kInvalidArgument,
            "stage {} of the skeleton changes {} channels to {}: only a residual block can; keep "
            "{} channels or put a residual block before the stage",
            s, before, stage.channels, before);
    }
  }
}

void CheckTask(const Skeleton& skeleton, const Task& task) {
  if (task.height < 1 || task.width < 1 || task.channels < 1 || task.classes < 1) {
    Throw(ErrorCode::kInvalidArgument,
          "no network can be built for images of {}x{} pixels with {} channels and {} classes: all "
          "must be at least 1",
          task.height, task.width, task.channels, task.classes);
  }
  const Stage& first = skeleton.stages.front();
  if (!skeleton.stem && first.before != Reduction::kResidualBlock &&
      task.channels != first.channels) {
    Throw(ErrorCode::kInvalidArgument,
          "images of {} channels do not fit: the skeleton has no stem, and its first stage has {} "
          "channels; give it {} or a stem",
          task.channels, first.channels, task.channels);
  }
  // Nothing below one pixel: every factor counts. A residual block adds what a convolution of
  // stride 2 and a pooling of 2 make of the same image; they agree on even sides only.
  std::int64_t least = 1;
  std::int64_t multiple = 1;
  for (const Stage& stage : skeleton.stages) {
    least = std::min<std::int64_t>(least * Factor(stage), 1 << 30);
    if (stage.before == Reduction::kResidualBlock) multiple = least;
  }
  if (std::min(task.height, task.width) < least) {
    Throw(ErrorCode::kInvalidArgument,
          "images of {}x{} pixels are too small: the skeleton's reductions need a side of at least "
          "{}; use larger images or a skeleton with fewer reductions",
          task.height, task.width, least);
  }
  int height = task.height;
  int width = task.width;
  for (std::size_t s = 0; s < skeleton.stages.size(); ++s) {
    const Stage& stage = skeleton.stages[s];
    if (stage.before == Reduction::kResidualBlock && (height % 2 != 0 || width % 2 != 0)) {
      Throw(ErrorCode::kInvalidArgument,
            "images of {}x{} pixels do not fit: the residual block before stage {} halves {}x{}, "
            "which is odd; use images whose sides are multiples of {}",
            task.height, task.width, s, height, width, multiple);
    }
    height /= Factor(stage);
    width /= Factor(stage);
  }
}

class Assembler {
 public:
  Assembler(const Skeleton& skeleton, const Task& task)
      : skeleton_(skeleton), builder_({task.channels, task.height, task.width}) {}

  int Stem() {
    if (!skeleton_.stem) return 0;
    int at = builder_.Conv("stem.conv", 0, skeleton_.stages.front().channels, 3, 1, 1);
    at = Norm("stem.bn", at);
    switch (skeleton_.stem_activation) {
      case Activation::kNone:
        return at;
      case Activation::kRelu:
        return builder_.Relu("stem.relu", at);
      case Activation::kGelu:
        return builder_.Gelu("stem.gelu", at);
    }
    MOTE_CHECK(false, "activation {}", int(skeleton_.stem_activation));
  }

  int Reduce(int src, const Stage& stage, std::size_t index) {
    switch (stage.before) {
      case Reduction::kNone:
        return src;
      case Reduction::kAvgPool:
        return builder_.AvgPool(fmt::format("pool{}", index), src, stage.pool, stage.pool, 0);
      case Reduction::kResidualBlock:
        return ResidualBlock(fmt::format("block{}.", index), src, stage.channels);
    }
    MOTE_CHECK(false, "reduction {}", int(stage.before));
  }

  int Cell(const CellBuilder& cell, int src, int index) {
    const int dst = cell(builder_, fmt::format("cell{}.", index), src);
    MOTE_CHECK(builder_.shape(dst) == builder_.shape(src), "cell {} changes the shape", index);
    return dst;
  }

  Network Head(int at, int classes) {
    if (skeleton_.head_norm_relu) {
      at = builder_.Relu("head.relu", Norm("head.bn", at));
    }
    at = builder_.GlobalAvgPool("head.pool", at);
    builder_.Linear("head.linear", at, classes);
    return builder_.Finish();
  }

 private:
  int Norm(std::string name, int src) {
    return builder_.BatchNorm(std::move(name), src, skeleton_.norm_epsilon,
                              skeleton_.norm_momentum);
  }

  int ResidualBlock(const std::string& prefix, int src, int channels) {
    int body = builder_.Relu(prefix + "relu_a", src);
    body = builder_.Conv(prefix + "conv_a", body, channels, 3, 2, 1);
    body = Norm(prefix + "bn_a", body);
    body = builder_.Relu(prefix + "relu_b", body);
    body = builder_.Conv(prefix + "conv_b", body, channels, 3, 1, 1);
    body = Norm(prefix + "bn_b", body);
    int shortcut = builder_.AvgPool(prefix + "pool", src, 2, 2, 0);
    shortcut = builder_.Conv(prefix + "conv_shortcut", shortcut, channels, 1, 1, 0);
    return builder_.Add(prefix + "sum", {shortcut, body});
  }

  const Skeleton& skeleton_;
  NetworkBuilder builder_;
};

}  // namespace

Network Assemble(const Skeleton& skeleton, const Task& task, const CellBuilder& cell) {
  CheckSkeleton(skeleton);
  CheckTask(skeleton, task);
  Assembler assembler(skeleton, task);
  int at = assembler.Stem();
  int cells = 0;
  for (std::size_t s = 0; s < skeleton.stages.size(); ++s) {
    const Stage& stage = skeleton.stages[s];
    at = assembler.Reduce(at, stage, s);
    for (int i = 0; i < stage.cells; ++i) at = assembler.Cell(cell, at, cells++);
  }
  return assembler.Head(at, task.classes);
}

}  // namespace mote
