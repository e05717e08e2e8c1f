// What the speed of a backend is measured on: networks, images and batches as data, so that figures
// of different days and machines are of the same work.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mote/estimate/preset.h"
#include "mote/space/search_space.h"

namespace mote {

enum class Pass {
  kTrainingStep,  // forward, backward and one update of Adam
  kInference,     // forward, with running statistics
};

struct Workload {
  std::string name;                 // as in --workload
  std::string summary;              // a line for people
  std::vector<Architecture> cells;  // each makes a network; figures are means over them
  Skeleton skeleton;
  Task task;
  int batch_size = 1;
  Pass pass = Pass::kTrainingStep;
};

// How many cells of different classes stand for a preset, and what draws them.
struct CellSample {
  int count = 20;
  std::uint64_t seed = 0;
};

// All there are, in the order in which they are shown. The cells are of NAS-Bench-201, the small
// networks those of the presets.
std::vector<Workload> MakeWorkloads(const SearchSpace& space, const PresetRegistry& presets,
                                    const CellSample& sample);

// A cell of NAS-Bench-201 in six letters, in the order of its edges 1<-0, 2<-0, 2<-1, 3<-0, 3<-1,
// 3<-2: n (none), s (skip), 1 (1x1 convolution), 3 (3x3 convolution), p (3x3 pool).
Architecture CellOfLetters(const SearchSpace& space, std::string_view letters);

// The cells that were drawn once for measuring engines, the one without a path from input to output
// left out.
std::vector<Architecture> RandomCells(const SearchSpace& space);

// Multiplications and additions of one image's pass through convolutions and linear layers, by the
// direct formula: a training step's backward pass counts twice the forward one, but for the
// gradient to the images, which nobody wants. No engine needs to do as many.
double DirectFlops(const Network& network, Pass pass);

}  // namespace mote
