#include "mote/backends/torch/plan.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "mote/base/check.h"
#include "mote/graph/redundancy.h"

namespace mote::torch_backend {
namespace {

class Planner {
 public:
  explicit Planner(const Network& network)
      : network_(network),
        redundancy_(FindRedundancy(network)),
        readers_(network.ops().size()),
        value_(network.ops().size()) {
    FindReaders();
    FindGroups();
  }

  Plan Make() {
    plan_.parameters.resize(network_.parameters().size());
    for (int i = 0; i < size(); ++i) {
      if (!IsComputed(i)) continue;
      if (const auto group = groups_.find(KeyOf(i)); IsGrouped(i)) {
        if (group->second.front() == i) EmitGroup(group->second);
      } else if (!IsGroupedNorm(i)) {
        EmitAlone(i);
      }
    }
    PlaceUnusedParameters();
    MarkGradients();
    MarkLifetimes();
    return std::move(plan_);
  }

 private:
  // Source, kernel, stride, padding, epsilon, momentum: convolutions with equal keys may be joined.
  using GroupKey = std::tuple<int, int, int, int, double, double>;

  int size() const { return int(network_.ops().size()); }
  bool IsComputed(int op) const { return redundancy_.IsComputed(op); }
  int SameAs(int op) const { return redundancy_.same_as[op]; }

  // Each reader once, however often it reads.
  void FindReaders() {
    for (int i = 0; i < size(); ++i) {
      if (!IsComputed(i)) continue;
      for (int op : network_.op(i).src) {
        const int src = SameAs(op);
        if (readers_[src].empty() || readers_[src].back() != i) readers_[src].push_back(i);
      }
    }
  }

  // The normalisation that alone reads a convolution, or -1.
  int NormAfter(int op) const {
    if (network_.op(op).kind != OpKind::kConv || readers_[op].size() != 1) return -1;
    const int reader = readers_[op].front();
    return network_.op(reader).kind == OpKind::kBatchNorm ? reader : -1;
  }

  GroupKey KeyOf(int op) const {
    const int norm = NormAfter(op);
    if (norm < 0) return GroupKey(-1, 0, 0, 0, 0, 0);
    const Op& conv = network_.op(op);
    return GroupKey(SameAs(conv.src.front()), conv.kernel, conv.stride, conv.padding,
                    network_.op(norm).epsilon, network_.op(norm).momentum);
  }

  void FindGroups() {
    for (int i = 0; i < size(); ++i) {
      if (IsComputed(i) && NormAfter(i) >= 0) groups_[KeyOf(i)].push_back(i);
    }
  }

  bool IsGrouped(int op) const { return NormAfter(op) >= 0; }
  bool IsGroupedNorm(int op) const {
    return network_.op(op).kind == OpKind::kBatchNorm &&
           NormAfter(SameAs(network_.op(op).src.front())) == op;
  }

  Node MakeNode(const Op& op) const {
    Node node{.kind = op.kind,
              .src = {},
              .shape = op.shape,
              .kernel = op.kernel,
              .stride = op.stride,
              .padding = op.padding,
              .epsilon = op.epsilon,
              .momentum = op.momentum};
    for (int src : op.src) node.src.push_back(value_[SameAs(src)]);
    return node;
  }

  int Append(Node node) {
    if (node.kind == OpKind::kBatchNorm) {
      node.statistics = plan_.statistics_count;
      plan_.statistics_count += node.shape.channels;
    }
    plan_.nodes.push_back(std::move(node));
    return int(plan_.nodes.size()) - 1;
  }

  std::int64_t Place(int parameter) {
    const Parameter& from = network_.parameters()[parameter];
    ParameterPlace& place = plan_.parameters[parameter];
    place = {plan_.parameter_count, from.offset, from.dims,
             from.kind == ParameterKind::kConvKernel};
    placed_.push_back(parameter);
    plan_.parameter_count += from.elements();
    return place.offset;
  }

  void EmitAlone(int index) {
    const Op& op = network_.op(index);
    Node node = MakeNode(op);
    if (!op.parameters.empty()) node.weight = Place(op.parameters[0]);
    if (op.parameters.size() > 1) node.bias = Place(op.parameters[1]);
    const int channels = node.shape.channels;
    value_[index] = {.node = Append(std::move(node)), .channels = channels};
  }

  // The kernels, gammas and betas of the members lie one after the other, so that each is one
  // tensor of the joined operation.
  void EmitGroup(const std::vector<int>& convs) {
    Node conv = MakeNode(network_.op(convs.front()));
    conv.shape.channels = 0;
    conv.slices = int(convs.size());
    conv.weight = plan_.parameter_count;
    for (int member : convs) {
      conv.shape.channels += network_.op(member).shape.channels;
      Place(network_.op(member).parameters[0]);
    }
    Node norm = MakeNode(network_.op(NormAfter(convs.front())));
    norm.shape = conv.shape;
    norm.slices = conv.slices;
    norm.weight = plan_.parameter_count;
    for (int member : convs) Place(network_.op(NormAfter(member)).parameters[0]);
    norm.bias = plan_.parameter_count;
    for (int member : convs) Place(network_.op(NormAfter(member)).parameters[1]);

    const int channels = conv.shape.channels;
    norm.src = {{.node = Append(std::move(conv)), .channels = channels}};
    const int node = Append(std::move(norm));
    int begin = 0;
    for (int slice = 0; slice < int(convs.size()); ++slice) {
      const int part = network_.op(convs[slice]).shape.channels;
      value_[NormAfter(convs[slice])] = {.node = node,
                                         .slice = slice,
                                         .begin = begin,
                                         .channels = part,
                                         .whole = part == channels};
      begin += part;
    }
  }

  void PlaceUnusedParameters() {
    std::vector<bool> placed(network_.parameters().size());
    for (int parameter : placed_) placed[parameter] = true;
    for (int i = 0; i < int(placed.size()); ++i) {
      if (!placed[i]) Place(i);
    }
    MOTE_CHECK(plan_.parameter_count == network_.parameter_count());
  }

  void MarkGradients() {
    for (Node& node : plan_.nodes) {
      node.needs_gradient = node.weight >= 0 ||
                            std::any_of(node.src.begin(), node.src.end(), [&](const Operand& src) {
                              return plan_.nodes[src.node].needs_gradient;
                            });
    }
  }

  // Whether the backward pass of `reader` looks at the value of its source.
  static bool ReadsSourceBackward(const Node& reader) {
    return reader.kind == OpKind::kConv || reader.kind == OpKind::kBatchNorm ||
           reader.kind == OpKind::kGelu || reader.kind == OpKind::kLinear;
  }

  void MarkLifetimes() {
    std::vector<Node>& nodes = plan_.nodes;
    const int count = int(nodes.size());
    std::vector<int> last_reader(count, -1);
    std::vector<bool> saved(count);
    for (int i = 0; i < count; ++i) {
      saved[i] = saved[i] || nodes[i].kind == OpKind::kRelu;
      for (const Operand& src : nodes[i].src) {
        last_reader[src.node] = i;
        if (ReadsSourceBackward(nodes[i])) saved[src.node] = true;
      }
    }
    for (int i = 0; i < count; ++i) {
      const int last = last_reader[i];
      if (last < 0) continue;
      nodes[last].last_read.push_back(i);
      if (!saved[i]) nodes[last].last_needed.push_back(i);
    }
    for (int i = 0; i < count; ++i) {
      Node& node = nodes[i];
      if (node.kind != OpKind::kRelu && node.kind != OpKind::kAdd) continue;
      const Operand& first = node.src.front();
      const bool read_once = std::count_if(node.src.begin(), node.src.end(), [&](const Operand& o) {
                               return o.node == first.node;
                             }) == 1;
      // The images belong to the caller.
      node.overwrites_src = first.whole && read_once && last_reader[first.node] == i &&
                            !saved[first.node] && nodes[first.node].kind != OpKind::kInput;
    }
  }

  const Network& network_;
  const Redundancy redundancy_;
  // By operation of the network.
  std::vector<std::vector<int>> readers_;  // the computed ones
  std::vector<Operand> value_;             // where the plan has its value
  std::map<GroupKey, std::vector<int>> groups_;
  std::vector<int> placed_;
  Plan plan_;
};

}  // namespace

Plan MakePlan(const Network& network) { return Planner(network).Make(); }

}  // namespace mote::torch_backend
