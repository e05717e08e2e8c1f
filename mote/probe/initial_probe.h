// Probes that train nothing: a few passes through a network as it is before training.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "mote/backends/tape.h"
#include "mote/probe/initial_batch.h"
#include "mote/probe/probe.h"
#include "mote/train/initializer.h"

namespace mote {

struct InitialRecipe {
  Skeleton skeleton;
  BatchRecipe batch;
  Initializer initializer = Initializer::kKaimingUniform;
  int outputs = 0;  // logits of the network; 0: the dataset's classes
  Precision precision = Precision::kSingle;
  int repeats = 1;  // with weights drawn anew; the series of all repeats follow each other

  nlohmann::json ToJson() const;
};

// What a probe measures on: one repeat.
struct InitialNetwork {
  const Network& network;
  Tape& tape;  // with `parameters` set
  std::vector<double>& parameters;
  const std::vector<InitialBatch>& batches;
  Rng rng;  // for what the probe draws besides weights and images

  // Runs batch `index` forward.
  void Forward(int index, NormMode mode, bool feed_running = false) const {
    tape.Forward(batches[index].images, batches[index].count(), mode, feed_running);
  }
  // The operation whose results are the logits.
  int logits() const { return int(network.ops().size()) - 1; }
};

// A probe says what it measures on one repeat; building, drawing, repeating and the words for what
// cannot be done stand here. Series: those of Measure, repeat after repeat; `repeats`, their
// number.
class InitialProbe : public Probe {
 public:
  explicit InitialProbe(InitialRecipe recipe)
      : recipe_(std::move(recipe)), batches_(recipe_.batch) {}

  const InitialRecipe& recipe() const { return recipe_; }

  int version() const override { return 1; }
  nlohmann::json ToJson() const override;
  double ForecastMacs(const SearchSpace& space, const Architecture& architecture,
                      const Dataset& dataset) const override;
  bool uses_dataset() const override;
  // A Failure (kUnsupported) if the backend keeps no tapes.
  Outcome<ProbeResult> Run(const ProbeContext& context,
                           const Architecture& architecture) const override;

 protected:
  // Options beyond the recipe; an object, empty if there are none.
  virtual nlohmann::json OwnOptions() const;
  // Multiply-adds of one repeat in forward passes of the whole of one batch: 3 for a pass forward
  // and back.
  virtual double ForwardPasses(const Network& network) const = 0;
  virtual Outcome<ProbeResult> Measure(InitialNetwork& subject) const = 0;

 private:
  InitialRecipe recipe_;
  SharedBatches batches_;
};

// The tensors of convolutions and linear operations, biases left out: indices of parameters().
std::vector<int> WeightTensors(const Network& network);

// The part of a flat vector that belongs to one parameter.
inline std::span<const double> PartOf(std::span<const double> flat, const Parameter& parameter) {
  return flat.subspan(parameter.offset, parameter.elements());
}

}  // namespace mote
