#include "mote/graph/cost.h"

namespace mote {

Cost CountCost(const Network& network) {
  Cost cost;
  cost.params = network.parameter_count();
  for (const Op& op : network.ops()) {
    if (op.kind != OpKind::kInput) cost.activation_bytes += 4 * op.shape.elements();
    if (op.kind == OpKind::kConv) {
      const std::int64_t weights = network.parameters()[op.parameters[0]].elements();
      cost.conv_weights += weights;
      cost.macs += weights * op.shape.height * op.shape.width;
    } else if (op.kind == OpKind::kLinear) {
      for (int parameter : op.parameters) cost.macs += network.parameters()[parameter].elements();
    }
  }
  return cost;
}

}  // namespace mote
