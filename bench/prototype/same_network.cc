#include "bench/prototype/same_network.h"

#include <cmath>

#include "mote/base/error.h"
#include "mote/train/initializer.h"

namespace mote::bench {
namespace {

// Relative, by step. The first loss tests the forward pass: 6e-6 is the worst that was seen, 1e-2
// the least that a cell with two edges exchanged makes. The next ones test the gradients, too, and
// spread more, since Adam's first step follows even the sign of a gradient that is rounding alone.
constexpr double kTolerances[] = {1e-4, 1e-2, 1e-2};

}  // namespace

void CheckSameNetworks(const EngineKind& kind, const SearchSpace& space, Workload workload,
                       const Backend& judge) {
  workload.skeleton.norm_epsilon = kind.norm_epsilon;
  const auto subject = MakeEngineBackend(kind, space, workload);
  Rng rng(Key(0, "same network", "images"));
  const Task& task = workload.task;
  std::vector<float> images(std::size_t(workload.batch_size) * task.height * task.width *
                            task.channels);
  for (float& value : images) value = float(rng.Uniform());
  std::vector<int> labels(workload.batch_size);
  for (int& label : labels) label = int(rng.Below(task.classes));
  const Batch batch = {.images = images, .labels = labels};

  for (const Architecture& cell : workload.cells) {
    const Network network = space.Build(cell, workload.skeleton, task);
    const auto weights =
        InitialParameters(network, Initializer::kGlorotUniform, Key(0, "same network", "weights"));
    const auto of_subject = subject->Compile(network, workload.batch_size);
    const auto of_judge = judge.Compile(network, workload.batch_size);
    for (Executor* executor : {of_subject.get(), of_judge.get()}) {
      executor->Reset(kind.optimizer, kind.loss);
      executor->SetParameters(weights);
    }
    int step = 0;
    for (double tolerance : kTolerances) {
      const double loss = of_subject->Step(batch, kind.learning_rate).loss;
      const double expected = of_judge->Step(batch, kind.learning_rate).loss;
      if (!(std::abs(loss - expected) <= tolerance * expected)) {
        Throw(ErrorCode::kInternal,
              "{} does not compute {} of workload {}: its loss in step {} is {} against {}",
              kind.name, cell.text(), workload.name, step, loss, expected);
      }
      ++step;
    }
  }
}

}  // namespace mote::bench
