// What tests of probes without training measure on: hand-made networks with given weights, and
// small networks of NAS-Bench-201 on made images; backend reference.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mote/backends/backend.h"
#include "mote/probe/initial_probe.h"
#include "mote/space/test_spaces.h"

namespace mote {

MOTE_BACKEND(reference);

inline std::unique_ptr<Backend> MakeReferenceBackend() {
  BackendRegistry registry("backend");
  RegisterBackend_reference(registry);
  return registry.Create("reference", {});
}

inline std::unique_ptr<Tape> MakeReferenceTape(const Network& network, int count,
                                               const std::vector<double>& parameters,
                                               Precision precision = Precision::kDouble) {
  auto tape = MakeReferenceBackend()->Record(network, count, precision);
  tape->SetParameters(parameters);
  return tape;
}

// Independent standard normal numbers; the same for the same name.
inline std::vector<double> RandomNumbers(std::int64_t count, std::string_view name) {
  Rng rng(Key(7, name));
  std::vector<double> values;
  for (std::int64_t i = 0; i < count; ++i) values.push_back(rng.Normal());
  return values;
}

// w2 relu(w1 x) of one number: parameters {w1, w2, bias}.
inline Network TwoWeights() {
  NetworkBuilder b({1, 1, 1});
  b.Linear("w2", b.GlobalAvgPool("gap", b.Relu("relu", b.Conv("w1", 0, 1, 1, 1, 0))), 1);
  return b.Finish();
}

// What `probe` measures on a network with given weights and images, in double precision.
template <typename P>
Outcome<ProbeResult> MeasureBy(const P& probe, const Network& network,
                               std::vector<double> parameters,
                               const std::vector<InitialBatch>& batches) {
  struct Opened : P {
    using P::Measure;
  };
  const auto tape = MakeReferenceTape(network, batches.front().count(), parameters);
  InitialNetwork subject{.network = network,
                         .tape = *tape,
                         .parameters = parameters,
                         .batches = batches,
                         .rng = Rng(Key(7, "subject"))};
  return (probe.*&Opened::Measure)(subject);
}

// 30 images of 4x4 pixels of three classes.
inline std::shared_ptr<const Dataset> SmallImages() {
  Dataset::Content content;
  content.kind = content.name = "made";
  content.height = content.width = 4;
  content.class_names = {"a", "b", "c"};
  Split& train = content.splits["train"];
  Rng rng(Key(7, "small-images"));
  for (int i = 0; i < 30; ++i) {
    train.labels.push_back(i % 3);
    for (int k = 0; k < 48; ++k) train.pixels.push_back(std::uint8_t(rng.Below(256)));
  }
  return std::make_shared<Dataset>(std::move(content));
}

// A network of two cells with four channels, on six images.
inline InitialRecipe TinyRecipe() {
  InitialRecipe recipe;
  recipe.skeleton = RowSkeleton(2, 4);
  recipe.batch.images = 6;
  return recipe;
}

// Runs a probe on a cell of NAS-Bench-201, "312034", and SmallImages().
inline Outcome<ProbeResult> RunOnCell(const Probe& probe, const std::string& cell) {
  const auto space = MakeNasBench201();
  const auto backend = MakeReferenceBackend();
  DataCache data(SmallImages());
  const ProbeContext context{.space = *space,
                             .backend = *backend,
                             .data = data,
                             .seed = 7,
                             .replicate = 0,
                             .check_stop = {}};
  return probe.Run(context, space->Canonicalize(space->Parse(cell)));
}

}  // namespace mote
