// Whether the classes of nasbench201 are those of equal networks, asked of the training itself:
// members of one class, each built from its own text, train alike if they start from the same
// weights; cells of one form but of two classes do not, however the weights are carried over. And
// whether a supernet that has one operation left on each edge is the cell of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "mote/backends/backend.h"
#include "mote/base/rng.h"
#include "mote/space/nasbench201.h"
#include "mote/space/search_space.h"
#include "mote/space/skeleton.h"

namespace mote {

MOTE_SPACE(nasbench201);
MOTE_BACKEND(reference);

namespace {

enum { kNone, kSkip, kConv1x1, kConv3x3, kPool };
constexpr int kSource[] = {0, 0, 1, 0, 1, 2};
constexpr int kTarget[] = {1, 2, 2, 3, 3, 3};

// What one live convolution computes: its operation and the sorted terms of its source.
struct Conv {
  int edge;
  std::string term;
};

std::vector<Conv> LiveConvs(const std::vector<int>& decisions, const Network& network) {
  std::vector<std::string> terms[4] = {{"x"}, {}, {}, {}};
  std::vector<Conv> convs;
  for (int e = 0; e < 6; ++e) {
    std::vector<std::string> from = terms[kSource[e]];
    if (decisions[e] == kNone || from.empty()) continue;
    std::vector<std::string>& to = terms[kTarget[e]];
    if (decisions[e] == kSkip) {
      to.insert(to.end(), from.begin(), from.end());
      continue;
    }
    std::sort(from.begin(), from.end());
    std::string term = std::to_string(decisions[e]) + "(";
    for (const std::string& part : from) term += part + ",";
    term += ")";
    to.push_back(term);
    // The network says which of them it kept.
    const std::string name =
        "cell0.edge" + std::to_string(kTarget[e]) + "-" + std::to_string(kSource[e]) + ".conv";
    for (const Op& op : network.ops()) {
      if (op.name == name) convs.push_back({e, term});
    }
  }
  return convs;
}

std::string Prefix(int edge) {
  return "cell0.edge" + std::to_string(kTarget[edge]) + "-" + std::to_string(kSource[edge]) + ".";
}

// Of the convolutions of one network: the edge of the other network whose weights it gets.
using Carrying = std::map<int, int>;

// All ways to give every convolution of `dst` the weights of one of `src` with the same term.
// One-to-one if `shared` is false.
void AllCarryings(const std::vector<Conv>& dst, const std::vector<Conv>& src, bool shared,
                  Carrying& begun, std::vector<Carrying>& found) {
  if (begun.size() == dst.size()) {
    found.push_back(begun);
    return;
  }
  const Conv& conv = dst[begun.size()];
  for (const Conv& other : src) {
    if (other.term != conv.term) continue;
    const bool used = std::any_of(begun.begin(), begun.end(),
                                  [&](const auto& pair) { return pair.second == other.edge; });
    if (used && !shared) continue;
    begun[conv.edge] = other.edge;
    AllCarryings(dst, src, shared, begun, found);
    begun.erase(conv.edge);
  }
}

std::vector<Carrying> AllCarryings(const std::vector<Conv>& dst, const std::vector<Conv>& src,
                                   bool shared) {
  std::vector<Carrying> found;
  Carrying begun;
  AllCarryings(dst, src, shared, begun, found);
  return found;
}

// For every element of dst's flat parameters, the element of src's that it is to equal.
std::vector<std::int64_t> Elements(const Network& dst, const Network& src,
                                   const Carrying& carrying) {
  std::map<std::string, const Parameter*> by_name;
  for (const Parameter& parameter : src.parameters()) by_name[parameter.name] = &parameter;
  std::vector<std::int64_t> elements(dst.parameter_count(), -1);
  for (const Parameter& parameter : dst.parameters()) {
    std::string name = parameter.name;
    for (const auto& [edge, other] : carrying) {
      if (name.starts_with(Prefix(edge))) {
        name = Prefix(other) + name.substr(Prefix(edge).size());
        break;
      }
    }
    const Parameter& from = *by_name.at(name);
    EXPECT_EQ(from.dims, parameter.dims);
    for (std::int64_t i = 0; i < parameter.elements(); ++i) {
      elements[parameter.offset + i] = from.offset + i;
    }
  }
  return elements;
}

struct Training {
  std::vector<double> losses;    // before each of three steps and after them
  std::vector<double> gradient;  // after them
};

class ClassEquality : public ::testing::Test {
 protected:
  ClassEquality() {
    SpaceRegistry spaces("space");
    RegisterSpace_nasbench201(spaces);
    space_ = spaces.Create("nasbench201", {});
    BackendRegistry backends("backend");
    RegisterBackend_reference(backends);
    backend_ = backends.Create("reference", {{"precision", "double"}});
    Rng rng(Key(1, "images"));
    for (int i = 0; i < kBatch * kSide * kSide * 3; ++i) images_.push_back(float(rng.Uniform()));
    for (int i = 0; i < kBatch; ++i) labels_.push_back(int(rng.Below(kClasses)));
    for (std::int64_t i = 0; i < space_->size(); ++i) {
      const Architecture cell = space_->At(i);
      if (space_->IsConnected(cell)) members_[space_->Canonicalize(cell)].push_back(cell);
    }
  }

  Network Build(const Architecture& cell) const {
    const Task task = {.height = kSide, .width = kSide, .channels = 3, .classes = kClasses};
    return space_->Build(cell, RowSkeleton(1, 4), task, BuildForm::kLive);
  }

  std::vector<double> Draw(const Network& network, std::uint64_t pair) const {
    Rng rng(Key(2, "weights", pair));
    std::vector<double> parameters(network.parameter_count());
    for (const Parameter& parameter : network.parameters()) {
      const std::int64_t fan_in =
          std::int64_t(parameter.dims[1]) * parameter.dims[2] * parameter.dims[3];
      const bool is_scale = parameter.kind == ParameterKind::kScale;
      for (std::int64_t i = 0; i < parameter.elements(); ++i) {
        parameters[parameter.offset + i] =
            (is_scale ? 1.0 : 0.0) + 0.5 * rng.Normal() / std::sqrt(double(fan_in));
      }
    }
    return parameters;
  }

  Training Train(const Network& network, const std::vector<double>& parameters) const {
    const std::unique_ptr<Executor> executor = backend_->Compile(network, kBatch);
    const Batch batch = {.images = images_, .labels = labels_};
    executor->SetParameters(parameters);
    executor->Reset({}, {});
    Training training;
    for (int step = 0; step < 3; ++step) {
      training.losses.push_back(executor->Step(batch, 0.01).loss);
    }
    training.gradient.resize(parameters.size());
    training.losses.push_back(executor->Gradient(batch, training.gradient));
    return training;
  }

  // Largest relative difference of losses and gradients; gradients relative to the largest.
  static double Difference(const Training& dst, const Training& src,
                           const std::vector<std::int64_t>& elements) {
    double difference = 0;
    for (std::size_t i = 0; i < src.losses.size(); ++i) {
      difference = std::max(difference, std::abs(dst.losses[i] / src.losses[i] - 1));
    }
    double largest = 0;
    for (double value : src.gradient) largest = std::max(largest, std::abs(value));
    for (std::size_t i = 0; i < elements.size(); ++i) {
      difference =
          std::max(difference, std::abs(dst.gradient[i] - src.gradient[elements[i]]) / largest);
    }
    return difference;
  }

  // The smallest difference over all carryings of src's weights to dst.
  double SmallestDifference(const Architecture& dst, const Architecture& src, bool shared,
                            std::uint64_t pair) const {
    const Network dst_network = Build(dst);
    const Network src_network = Build(src);
    const std::vector<double> src_parameters = Draw(src_network, pair);
    const Training src_training = Train(src_network, src_parameters);
    // The weights must have something to say.
    EXPECT_NE(src_training.losses[3], src_training.losses[0]);
    const std::vector<Carrying> carryings = AllCarryings(
        LiveConvs(dst.decisions(), dst_network), LiveConvs(src.decisions(), src_network), shared);
    EXPECT_FALSE(carryings.empty()) << src.text() << " to " << dst.text();
    double smallest = INFINITY;
    for (const Carrying& carrying : carryings) {
      const std::vector<std::int64_t> elements = Elements(dst_network, src_network, carrying);
      std::vector<double> dst_parameters;
      for (std::int64_t element : elements) dst_parameters.push_back(src_parameters[element]);
      const Training dst_training = Train(dst_network, dst_parameters);
      smallest = std::min(smallest, Difference(dst_training, src_training, elements));
    }
    return smallest;
  }

  // Whether a convolution of an empty node feeds the output.
  static bool FeedsOnNothing(const std::vector<int>& decisions) {
    const bool node1 = decisions[0] != kNone;
    const bool node2 = decisions[1] != kNone || (decisions[2] != kNone && node1);
    const bool node2_is_read = decisions[5] != kNone;
    const auto conv = [&](int e) { return decisions[e] == kConv1x1 || decisions[e] == kConv3x3; };
    return (!node1 && (conv(4) || (conv(2) && node2_is_read))) || (!node2 && conv(5));
  }

  static constexpr int kSide = 6;
  static constexpr int kBatch = 6;
  static constexpr int kClasses = 3;

  std::unique_ptr<SearchSpace> space_;
  std::unique_ptr<Backend> backend_;
  std::vector<float> images_;
  std::vector<int> labels_;
  std::map<Architecture, std::vector<Architecture>> members_;  // by representative
};

TEST_F(ClassEquality, KnowsTheCellsWithConvolutionsOfNothing) {
  int connected = 0;
  int all = 0;
  for (std::int64_t i = 0; i < space_->size(); ++i) {
    const Architecture cell = space_->At(i);
    if (!FeedsOnNothing(cell.decisions())) continue;
    ++all;
    connected += int(space_->IsConnected(cell));
  }
  EXPECT_EQ(all, 2140);
  EXPECT_EQ(connected, 2000);
}

TEST_F(ClassEquality, MembersOfOneClassTrainAlike) {
  ASSERT_EQ(members_.size(), 5259u);  // and the disconnected one
  std::vector<const std::vector<Architecture>*> classes;
  for (const auto& [representative, cells] : members_) {
    if (cells.size() > 1) classes.push_back(&cells);
  }
  Rng rng(Key(3, "pairs"));
  int pairs = 0;
  int on_nothing = 0;
  int repeated = 0;
  for (int tries = 0; pairs < 100 && tries < 10000; ++tries) {
    const std::vector<Architecture>& cells = *classes[rng.Below(classes.size())];
    const std::vector<int> drawn = rng.Sample(int(cells.size()), 2);
    const Architecture& a = cells[drawn[0]];
    const Architecture& b = cells[drawn[1]];
    // Most differ in dead operations only, which are not built.
    if (Build(a).ToText() == Build(b).ToText()) continue;
    const bool feeds_on_nothing = FeedsOnNothing(a.decisions()) || FeedsOnNothing(b.decisions());
    if (pairs >= 80 && !feeds_on_nothing) continue;
    EXPECT_LT(SmallestDifference(a, b, false, std::uint64_t(pairs)), 1e-9)
        << a.text() << " and " << b.text();
    ++pairs;
    on_nothing += int(feeds_on_nothing);
    std::set<std::string> terms;
    const std::vector<Conv> convs = LiveConvs(a.decisions(), Build(a));
    for (const Conv& conv : convs) terms.insert(conv.term);
    repeated += int(terms.size() < convs.size());
  }
  EXPECT_EQ(pairs, 100);
  EXPECT_GE(on_nothing, 20);
  EXPECT_GE(repeated, 5);
}

// Weights are drawn for the cell with more convolutions, so that repeated ones differ; the other
// cell can take only one of them.
TEST_F(ClassEquality, CellsOfOneFormAndTwoClassesDoNot) {
  std::map<std::string, std::vector<Architecture>> classes_of_form;
  for (const auto& [representative, cells] : members_) {
    classes_of_form[CanonicalForm(representative)].push_back(representative);
  }
  std::vector<const std::vector<Architecture>*> split;
  for (const auto& [form, representatives] : classes_of_form) {
    if (representatives.size() > 1) split.push_back(&representatives);
  }
  ASSERT_EQ(split.size(), 326u);
  Rng rng(Key(4, "pairs"));
  for (int pair = 0; pair < 20; ++pair) {
    const std::vector<Architecture>& representatives = *split[rng.Below(split.size())];
    const std::vector<int> drawn = rng.Sample(int(representatives.size()), 2);
    // Any members of the two classes.
    const auto member = [&](int which) {
      const std::vector<Architecture>& cells = members_.at(representatives[which]);
      return cells[rng.Below(cells.size())];
    };
    Architecture more = member(drawn[0]);
    Architecture fewer = member(drawn[1]);
    if (space_->CountLiveEdges(more).convs() < space_->CountLiveEdges(fewer).convs()) {
      std::swap(more, fewer);
    }
    EXPECT_GT(SmallestDifference(fewer, more, true, std::uint64_t(pair)), 1e-4)
        << more.text() << " and " << fewer.text();
  }
}

// Bit for bit: the parameters lie alike, only their names have the operation in them.
TEST_F(ClassEquality, SupernetsWithOneOperationOnEachEdgeTrainAsTheirCellsDo) {
  const SearchSpace& supernets = *space_->supernet();
  const Task task = {.height = kSide, .width = kSide, .channels = 3, .classes = kClasses};
  Rng rng(Key(5, "cells"));
  for (int i = 0; i < 20; ++i) {
    const Architecture cell = space_->At(std::int64_t(rng.Below(space_->size())));
    const Network network = Build(cell);
    const Network supernet =
        supernets.Build(supernets.Parse(cell.text()), RowSkeleton(1, 4), task, BuildForm::kLive);
    const std::vector<double> parameters = Draw(network, std::uint64_t(i));
    ASSERT_EQ(std::int64_t(parameters.size()), supernet.parameter_count());
    const Training expected = Train(network, parameters);
    const Training training = Train(supernet, parameters);
    EXPECT_EQ(training.losses, expected.losses) << cell.text();
    EXPECT_EQ(training.gradient, expected.gradient) << cell.text();
  }
}

}  // namespace
}  // namespace mote
