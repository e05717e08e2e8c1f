#include "mote/backends/native/planner.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "mote/backends/native/winograd.h"
#include "mote/graph/redundancy.h"

namespace mote::native {
namespace {

// What an operation's result is in the plan, before anybody needs it as a value.
struct Expression {
  enum class Kind { kNone, kZero, kValue, kConv, kNorm, kRelu, kPool };
  Kind kind = Kind::kNone;
  int index = -1;  // kRelu, kPool: the value it is of
};

class Planner {
 public:
  Planner(const Network& network, const PlanOptions& options)
      : network_(network),
        size_(int(network.ops().size())),
        redundancy_(FindRedundancy(network)),
        readers_(size_),
        expressions_(size_) {
    plan_.options = options;
  }

  Outcome<Plan> Make(int lanes) {
    CountReaders();
    ChooseLayout(lanes);
    for (int i = 0; i < size_ && reason_.empty(); ++i) {
      if (redundancy_.IsComputed(i)) expressions_[i] = Express(i);
    }
    if (!reason_.empty()) return Failure{FailureKind::kUnsupported, reason_};
    FinishGroups();
    FindReaders();
    FoldPools();
    FindUnstored();
    FindSegments();
    FindPhases();
    PlaceWeights();
    return std::move(plan_);
  }

 private:
  using Kind = Expression::Kind;

  void CountReaders() {
    for (int i = 0; i < size_; ++i) {
      if (!redundancy_.IsComputed(i)) continue;
      for (int src : network_.op(i).src) ++readers_[SameAs(src)];
    }
  }

  int SameAs(int op) const { return redundancy_.same_as[op]; }

  // Two images share a vector where one image's channels would leave half of it empty.
  void ChooseLayout(int lanes) {
    plan_.layout = {.lanes = lanes, .group = 1};
    for (int i = 0; i < size_; ++i) {
      const Op& op = network_.op(i);
      const int channels = (op.shape.channels + 7) / 8 * 8;
      if (redundancy_.alive[i] && op.kind == OpKind::kConv && channels % lanes != 0)
        plan_.layout.group = 2;
    }
  }

  int Padded(const Shape& shape) const { return plan_.layout.PaddedChannels(shape.channels); }

  int AddValue(Value value) {
    plan_.values.push_back(std::move(value));
    return int(plan_.values.size()) - 1;
  }

  // A term of a sum; values are counted once for each time they are added.
  void AddTerm(int value, const Expression& term) {
    Value& sum = plan_.values[value];
    switch (term.kind) {
      case Kind::kConv:
        sum.convs.push_back(term.index);
        plan_.convs[term.index].reader = value;
        break;
      case Kind::kNorm:
        sum.norms.push_back(term.index);
        plan_.norms[term.index].reader = value;
        break;
      case Kind::kPool:
        sum.pools.push_back(term.index);
        break;
      case Kind::kValue:
        sum.skips.push_back(term.index);
        break;
      default:
        break;  // zero adds nothing
    }
  }

  // The result of operation `index` as a value; made now if it is not one yet.
  int AsValue(int index) {
    Expression& expression = expressions_[SameAs(index)];
    const Op& op = network_.op(SameAs(index));
    if (op.kind == OpKind::kInput) {
      if (loaded_ < 0) {
        loaded_ = AddValue({.kind = ValueKind::kLoaded, .name = op.name, .shape = op.shape});
      }
      return loaded_;
    }
    if (expression.kind == Kind::kValue) return expression.index;
    Value value = {.kind = ValueKind::kSum, .name = op.name, .shape = op.shape};
    if (expression.kind == Kind::kRelu) {
      value.kind = ValueKind::kActivation;
      value.src = expression.index;
      value.activation = OpKind::kRelu;
    }
    const int made = AddValue(std::move(value));
    if (expression.kind != Kind::kRelu) AddTerm(made, expression);
    expression = {Kind::kValue, made};
    return made;
  }

  Expression Decline(std::string reason) {
    if (reason_.empty()) reason_ = std::move(reason);
    return {};
  }

  Expression Express(int index) {
    const Op& op = network_.op(index);
    const int src = op.src.empty() ? -1 : SameAs(op.src.front());
    switch (op.kind) {
      case OpKind::kInput:
        return {Kind::kValue,
                AddValue({.kind = ValueKind::kImages, .name = op.name, .shape = op.shape})};
      case OpKind::kZero:
        return {Kind::kZero, -1};
      case OpKind::kConv:
        return ExpressConv(op, src);
      case OpKind::kBatchNorm:
        return ExpressNorm(op, src);
      case OpKind::kRelu: {
        const int value = AsValue(src);
        const Expression relu = {Kind::kRelu, value};
        if (plan_.options.relu_on_load) return relu;
        expressions_[index] = relu;
        return {Kind::kValue, AsValue(index)};
      }
      case OpKind::kGelu: {
        const int value = AsValue(src);
        return {Kind::kValue, AddValue({.kind = ValueKind::kActivation,
                                        .name = op.name,
                                        .shape = op.shape,
                                        .src = value,
                                        .activation = OpKind::kGelu})};
      }
      case OpKind::kAvgPool:
        return ExpressPool(op, src);
      case OpKind::kAdd:
        return ExpressSum(op);
      case OpKind::kMean:
        return Decline(fmt::format("{} is a mean of several values; there are sums", op.name));
      case OpKind::kGlobalAvgPool: {
        const Shape& from = network_.op(src).shape;
        return MakePool(op, src, from.height, from.width);
      }
      case OpKind::kLinear:
        return ExpressLinear(op, index, src);
    }
    return Decline(fmt::format("{} is of an unknown kind", op.name));
  }

  Expression ExpressConv(const Op& op, int src) {
    if ((op.kernel != 1 && op.kernel != 3) || op.padding != op.kernel / 2) {
      return Decline(fmt::format(
          "{} is a {}x{} convolution with padding {}; there are 1x1 without padding and 3x3 with 1",
          op.name, op.kernel, op.kernel, op.padding));
    }
    if (op.has_bias()) return Decline(fmt::format("{} has a bias", op.name));
    const bool relu = expressions_[src].kind == Kind::kRelu;
    const bool of_images = network_.op(src).kind == OpKind::kInput;
    const int value = relu || of_images ? expressions_[src].index : AsValue(src);
    const int conv = int(plan_.convs.size());
    const int separate = plan_.options.merge_convs ? -1 : conv;
    const auto key = std::tuple(value, relu, op.kernel, op.stride, op.shape.channels, separate);
    const auto [known, is_new] = groups_.emplace(key, int(plan_.groups.size()));
    if (is_new) {
      plan_.groups.push_back({.src = value,
                              .relu = relu,
                              .kernel = op.kernel,
                              .stride = op.stride,
                              .padding = op.padding,
                              .out = op.shape});
    }
    ConvGroup& group = plan_.groups[known->second];
    plan_.convs.push_back({.name = op.name,
                           .group = known->second,
                           .position = int(group.convs.size()),
                           .parameter = op.parameters[0]});
    group.convs.push_back(conv);
    return {Kind::kConv, conv};
  }

  Expression ExpressNorm(const Op& op, int src) {
    if (!op.is_affine()) return Decline(fmt::format("{} has no scale and shift", op.name));
    Norm norm = {.name = op.name,
                 .channels = Padded(op.shape),
                 .shape = op.shape,
                 .epsilon = op.epsilon,
                 .momentum = op.momentum,
                 .gamma_parameter = op.parameters[0],
                 .beta_parameter = op.parameters[1]};
    const int index = int(plan_.norms.size());
    if (expressions_[src].kind == Kind::kConv && readers_[src] == 1) {
      norm.conv = expressions_[src].index;
      plan_.convs[norm.conv].norm = index;
    } else {
      norm.src = AsValue(src);
    }
    plan_.norms.push_back(std::move(norm));
    return {Kind::kNorm, index};
  }

  Expression ExpressPool(const Op& op, int src) {
    if (op.kernel == 1 && op.stride == 1 && op.padding == 0) return {Kind::kValue, AsValue(src)};
    if (op.kernel == 3 && op.stride == 1 && op.padding == 1) return {Kind::kPool, AsValue(src)};
    if (op.kernel == op.stride && op.padding == 0) return MakePool(op, src, op.kernel, op.kernel);
    return Decline(fmt::format(
        "{} pools {}x{} windows with stride {} and padding {}; there are 3x3 windows with stride 1 "
        "and padding 1, and windows side by side",
        op.name, op.kernel, op.kernel, op.stride, op.padding));
  }

  Expression MakePool(const Op& op, int src, int height, int width) {
    const int value = AsValue(src);
    const std::vector<int> norms = TakeNorms(src, height, width);
    const bool is_all = !norms.empty() && IsZero(plan_.values[value]);
    if (is_all) plan_.values.pop_back();
    Value pool = {.kind = ValueKind::kPool,
                  .name = op.name,
                  .shape = op.shape,
                  .src = value,
                  .window_height = height,
                  .window_width = width};
    if (norms.empty()) return {Kind::kValue, AddValue(std::move(pool))};
    Value sum = {.kind = ValueKind::kSum, .name = op.name, .shape = op.shape, .norms = norms};
    if (!is_all) {
      pool.name += ".rest";
      sum.skips.push_back(AddValue(std::move(pool)));
    }
    const int made = AddValue(std::move(sum));
    for (int norm : norms) plan_.norms[norm].reader = made;
    return {Kind::kValue, made};
  }

  // Averages commute with normalisation: results of convolutions that a sum adds, and only a pool
  // reads, are taken out of it, to be averaged first.
  std::vector<int> TakeNorms(int src, int height, int width) {
    Value& sum = plan_.values[expressions_[src].index];
    const bool is_last = &sum == &plan_.values.back();
    if (!plan_.options.norm_after_pool || sum.kind != ValueKind::kSum || readers_[src] != 1 ||
        !is_last || height * width == 1) {
      return {};
    }
    std::vector<int> taken;
    std::erase_if(sum.norms, [&](int n) {
      Norm& norm = plan_.norms[n];
      if (norm.conv < 0 || norm.pooled()) return false;
      norm.pool_height = height;
      norm.pool_width = width;
      taken.push_back(n);
      return true;
    });
    return taken;
  }

  static bool IsZero(const Value& sum) {
    return sum.norms.empty() && sum.convs.empty() && sum.skips.empty() && sum.pools.empty();
  }

  Expression ExpressSum(const Op& op) {
    // A convolution or normalisation can be folded into one sum only.
    std::vector<Expression> terms;
    for (int src : op.src) {
      const int from = SameAs(src);
      const Kind kind =
          network_.op(from).kind == OpKind::kInput ? Kind::kValue : expressions_[from].kind;
      const bool foldable =
          kind == Kind::kZero ||
          (plan_.options.sum_on_store &&
           (kind == Kind::kPool || ((kind == Kind::kConv || kind == Kind::kNorm) &&
                                    std::ranges::count(op.src, src) == 1 && readers_[from] == 1)));
      terms.push_back(foldable ? expressions_[from] : Expression{Kind::kValue, AsValue(from)});
    }
    const int sum = AddValue({.kind = ValueKind::kSum, .name = op.name, .shape = op.shape});
    for (const Expression& term : terms) AddTerm(sum, term);
    return {Kind::kValue, sum};
  }

  Expression ExpressLinear(const Op& op, int index, int src) {
    if (index != size_ - 1) return Decline(fmt::format("{} is not the last operation", op.name));
    plan_.head = {.src = AsValue(src),
                  .classes = op.shape.channels,
                  .channels = Padded(network_.op(src).shape),
                  .weight_parameter = op.parameters[0],
                  .bias_parameter = op.parameters[1]};
    return {};
  }

  void FinishGroups() {
    for (ConvGroup& group : plan_.groups) {
      const Value& src = plan_.values[group.src];
      const bool of_images = src.kind == ValueKind::kImages;
      group.in_channels = of_images ? src.shape.channels : Padded(src.shape);
      group.out_channels = Padded(group.out);
      const bool fits = group.kernel == 3 && group.stride == 1 && !of_images &&
                        src.shape.height % kTile == 0 && src.shape.width % kTile == 0;
      group.method = fits && plan_.options.winograd ? ConvMethod::kWinograd : ConvMethod::kDirect;
    }
  }

  void FindReaders() {
    for (int g = 0; g < int(plan_.groups.size()); ++g) {
      plan_.values[plan_.groups[g].src].groups.push_back(g);
    }
    for (int v = 0; v < int(plan_.values.size()); ++v) {
      for (int src : plan_.values[v].skips) plan_.values[src].skip_readers.push_back(v);
      for (int src : plan_.values[v].pools) plan_.values[src].pool_readers.push_back(v);
      if (const int src = plan_.values[v].src; src >= 0) {
        plan_.values[src].value_readers.push_back(v);
      }
    }
    for (int n = 0; n < int(plan_.norms.size()); ++n) {
      if (const int src = plan_.norms[n].src; src >= 0) {
        plan_.values[src].norm_readers.push_back(n);
      }
    }
  }

  void FoldPools() {
    if (!plan_.options.pool_on_store) return;
    for (int v = 0; v < int(plan_.values.size()); ++v) {
      Value& value = plan_.values[v];
      const bool only_pooled = value.kind == ValueKind::kSum && v != plan_.head.src &&
                               value.groups.empty() && value.skip_readers.empty() &&
                               value.pool_readers.empty() && value.norm_readers.empty() &&
                               value.value_readers.size() == 1 &&
                               plan_.values[value.value_readers.front()].kind == ValueKind::kPool;
      // Its terms must go through the same blocks of images.
      const auto is_strided = [&](int conv) {
        return conv >= 0 && plan_.groups[plan_.convs[conv].group].stride > 1;
      };
      const bool same_blocks =
          std::ranges::none_of(value.convs, is_strided) &&
          std::ranges::none_of(value.norms, [&](int norm) {
            return is_strided(plan_.norms[norm].conv) || plan_.norms[norm].pooled();
          });
      if (only_pooled && same_blocks) value.folded_into = value.value_readers.front();
    }
  }

  // Convolutions and sums can normalise what they read.
  void FindUnstored() {
    if (!plan_.options.norm_on_load) return;
    for (int v = 0; v < int(plan_.values.size()); ++v) {
      Value& value = plan_.values[v];
      const bool is_one_norm = value.kind == ValueKind::kSum && value.norms.size() == 1 &&
                               value.convs.empty() && value.skips.empty() && value.pools.empty() &&
                               plan_.norms[value.norms.front()].conv >= 0;
      const bool all_can = v != plan_.head.src && value.folded_into < 0 &&
                           value.pool_readers.empty() && value.value_readers.empty() &&
                           value.norm_readers.empty();
      value.stored = !(is_one_norm && all_can);
    }
  }

  // Cuts the values into phases of one size. `ends_before(begin, v)`: v may not join a phase that
  // begins with `begin`.
  template <class EndsBefore>
  std::vector<Phase> CutPhases(const EndsBefore& ends_before) const {
    std::vector<Phase> phases;
    const std::vector<Value>& values = plan_.values;
    for (int v = 0; v < int(values.size()); ++v) {
      const bool joins = v > 0 && values[v].shape.height == values[v - 1].shape.height &&
                         values[v].shape.width == values[v - 1].shape.width &&
                         !ends_before(phases.back().begin, v);
      if (joins) {
        phases.back().end = v + 1;
      } else {
        phases.push_back({v, v + 1});
      }
    }
    return phases;
  }

  void FindSegments() {
    std::vector<Value>& values = plan_.values;
    plan_.segments = CutPhases([](int, int) { return false; });
    std::vector<int> segments(values.size());
    for (int s = 0; s < int(plan_.segments.size()); ++s) {
      for (int v = plan_.segments[s].begin; v < plan_.segments[s].end; ++v) segments[v] = s;
    }
    values[plan_.head.src].leaves_segment = true;
    for (int v = 0; v < int(values.size()); ++v) {
      Value& value = values[v];
      const auto read_by = [&](int reader) {
        if (segments[reader] != segments[v]) value.leaves_segment = true;
      };
      // A folded value makes its pool.
      if (value.folded_into >= 0) values[value.folded_into].leaves_segment = true;
      for (const auto* readers : {&value.skip_readers, &value.pool_readers, &value.value_readers}) {
        std::ranges::for_each(*readers, read_by);
      }
      for (int norm : value.norm_readers) read_by(plan_.norms[norm].reader);
    }
    for (Conv& conv : plan_.convs) {
      const int made = segments[plan_.groups[conv.group].src];
      const auto read_by = [&](int reader) {
        if (segments[reader] != made) conv.leaves_segment = true;
      };
      const int reader = conv.norm >= 0 ? plan_.norms[conv.norm].reader : conv.reader;
      read_by(reader);
      // What is not stored is read through the result.
      if (!values[reader].stored) std::ranges::for_each(values[reader].skip_readers, read_by);
    }
  }

  void FindPhases() {
    const bool share = plan_.options.share_blocks;
    // The value of which normalisation n takes the moments, or whose convolutions it does.
    const auto source = [&](int n) {
      const Norm& norm = plan_.norms[n];
      return norm.conv >= 0 ? plan_.groups[plan_.convs[norm.conv].group].src : norm.src;
    };
    plan_.forward_phases = CutPhases([&](int begin, int v) {
      return !share ||
             std::ranges::any_of(plan_.values[v].norms, [&](int n) { return source(n) >= begin; });
    });
    // Backwards, a normalisation's gradient waits for the sums over its reader. Runs are cut from
    // the front, so the condition is the same seen from the other end.
    plan_.backward_phases = plan_.forward_phases;
    std::ranges::reverse(plan_.backward_phases);
  }

  std::int64_t Place(std::int64_t floats) {
    const std::int64_t offset = plan_.weight_count;
    plan_.weight_count += (floats + 15) / 16 * 16;
    return offset;
  }

  void PlaceWeights() {
    std::vector<bool> placed(network_.parameters().size());
    for (ConvGroup& group : plan_.groups) {
      group.weights = Place(group.weight_count());
      for (int conv : group.convs) placed[plan_.convs[conv].parameter] = true;
    }
    for (Norm& norm : plan_.norms) {
      norm.gamma = Place(norm.channels);
      norm.beta = Place(norm.channels);
      placed[norm.gamma_parameter] = placed[norm.beta_parameter] = true;
    }
    plan_.head.weight = Place(std::int64_t(plan_.head.classes) * plan_.head.channels);
    plan_.head.bias = Place(plan_.head.classes);
    placed[plan_.head.weight_parameter] = placed[plan_.head.bias_parameter] = true;
    for (int p = 0; p < int(placed.size()); ++p) {
      if (placed[p]) continue;
      plan_.unread.push_back({p, Place(network_.parameters()[p].elements())});
    }
  }

  const Network& network_;
  const int size_;
  const Redundancy redundancy_;
  // By operation.
  std::vector<int> readers_;  // how many read it
  std::vector<Expression> expressions_;
  std::map<std::tuple<int, bool, int, int, int, int>, int> groups_;
  int loaded_ = -1;  // the images as a value
  std::string reason_;
  Plan plan_;
};

}  // namespace

Outcome<Plan> MakePlan(const Network& network, int lanes, const PlanOptions& options) {
  return Planner(network, options).Make(lanes);
}

}  // namespace mote::native
