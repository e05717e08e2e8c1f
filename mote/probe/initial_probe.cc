#include "mote/probe/initial_probe.h"

#include <nlohmann/json.hpp>

#include "mote/base/check.h"
#include "mote/graph/cost.h"
#include "mote/probe/initial_weights.h"

namespace mote {
namespace {

Task TaskOf(const InitialRecipe& recipe, const Dataset& dataset) {
  Task task = TaskOf(recipe.batch, dataset);
  if (recipe.outputs > 0) task.classes = recipe.outputs;
  return task;
}

// Series of the next repeat behind those of the ones before.
void Append(ProbeResult& all, const ProbeResult& repeat) {
  for (const auto& [name, values] : repeat.series()) {
    std::vector<double> joined;
    if (all.Has(name)) joined.assign(all[name].begin(), all[name].end());
    joined.insert(joined.end(), values.begin(), values.end());
    all.Set(name, std::move(joined));
  }
}

}  // namespace

nlohmann::json InitialRecipe::ToJson() const {
  return {{"skeleton", skeleton.ToJson()},
          {"batch", batch.ToJson()},
          {"initializer", Name(initializer)},
          {"outputs", outputs},
          {"precision", precision == Precision::kDouble ? "double" : "single"},
          {"repeats", repeats}};
}

nlohmann::json InitialProbe::OwnOptions() const { return nlohmann::json::object(); }

nlohmann::json InitialProbe::ToJson() const {
  nlohmann::json json = recipe_.ToJson();
  json.update(OwnOptions());
  return json;
}

bool InitialProbe::uses_dataset() const {
  // Made-up images have the size of the dataset's, and its classes, unless the recipe says.
  return recipe_.batch.source == ImageSource::kTask || recipe_.batch.image_size == 0 ||
         recipe_.outputs == 0;
}

double InitialProbe::ForecastMacs(const SearchSpace& space, const Architecture& architecture,
                                  const Dataset& dataset) const {
  const Network network = space.Build(architecture, recipe_.skeleton, TaskOf(recipe_, dataset));
  return double(CountCost(network).macs) * recipe_.batch.images * recipe_.repeats *
         ForwardPasses(network);
}

Outcome<ProbeResult> InitialProbe::Run(const ProbeContext& context,
                                       const Architecture& architecture) const {
  const Network network =
      context.space.Build(architecture, recipe_.skeleton, TaskOf(recipe_, context.data.dataset()));
  ProbeResult result;
  std::unique_ptr<Tape> tape;
  for (int repeat = 0; repeat < recipe_.repeats; ++repeat) {
    if (context.check_stop) context.check_stop();
    const auto batches = batches_.Get(context, repeat);
    if (!tape) {
      tape = context.backend.Record(network, batches->front().count(), recipe_.precision);
    }
    if (!tape) {
      return Failure{FailureKind::kUnsupported,
                     fmt::format("backend {} only trains: it gives no single gradients and "
                                 "activations; use --backend native or reference",
                                 context.backend.traits().name)};
    }
    std::vector<double> parameters =
        InitialWeights(context, architecture, network, recipe_.initializer, repeat);
    tape->SetParameters(parameters);
    tape->ResetRunning();
    InitialNetwork subject{.network = network,
                           .tape = *tape,
                           .parameters = parameters,
                           .batches = *batches,
                           .rng = Rng(Key(context.seed, "initial", name(), architecture.id().Hex(),
                                          context.replicate, repeat))};
    const Outcome<ProbeResult> measured = Measure(subject);
    if (!measured) return measured.failure();
    Append(result, *measured);
  }
  result.Set("repeats", {double(recipe_.repeats)});
  return result;
}

std::vector<int> WeightTensors(const Network& network) {
  std::vector<int> tensors;
  for (std::size_t p = 0; p < network.parameters().size(); ++p) {
    const ParameterKind kind = network.parameters()[p].kind;
    if (kind == ParameterKind::kConvKernel || kind == ParameterKind::kLinearWeight) {
      tensors.push_back(int(p));
    }
  }
  return tensors;
}

}  // namespace mote
