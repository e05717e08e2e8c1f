#include "mote/probe/initial_weights.h"

namespace mote {
namespace {

// Whose weights are drawn.
std::string OwnerOf(const ProbeContext& context, const Architecture& architecture) {
  return context.space.shares_weights() ? std::string(context.space.name())
                                        : architecture.id().Hex();
}

std::vector<double> DrawInitial(const ProbeContext& context, const Network& network,
                                Initializer initializer, const Key& key) {
  return InitialParameters(
      network, initializer, key,
      context.space.shares_weights() ? WeightStreams::kByName : WeightStreams::kInOrder);
}

}  // namespace

std::vector<double> InitialWeights(const ProbeContext& context, const Architecture& architecture,
                                   const Network& network, Initializer initializer) {
  return DrawInitial(
      context, network, initializer,
      Key(context.seed, "weights", OwnerOf(context, architecture), context.replicate));
}

std::vector<double> InitialWeights(const ProbeContext& context, const Architecture& architecture,
                                   const Network& network, Initializer initializer, int repeat) {
  return DrawInitial(context, network, initializer,
                     Key(context.seed, "initial", "weights", OwnerOf(context, architecture),
                         context.replicate, repeat));
}

}  // namespace mote
