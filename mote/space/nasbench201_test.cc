#include "mote/space/nasbench201.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "mote/graph/cost.h"
#include "mote/space/test_spaces.h"

namespace mote {
namespace {

enum { kNone, kSkip, kConv1x1, kConv3x3, kPool };

class NasBench201 : public ::testing::Test {
 protected:
  std::string Form(const char* cell) { return CanonicalForm(space_->Parse(cell)); }
  bool SameClass(const char* a, const char* b) {
    return space_->ClassId(space_->Parse(a)) == space_->ClassId(space_->Parse(b));
  }

  const std::unique_ptr<SearchSpace> space_ = MakeNasBench201();
};

// Edges by number: 0 is 1<-0, 1 is 2<-0, 2 is 2<-1, 3 is 3<-0, 4 is 3<-1, 5 is 3<-2.
const std::vector<std::vector<int>> kPaths = {{3}, {0, 4}, {1, 5}, {0, 2, 5}};

std::array<bool, 6> LiveByPaths(const std::vector<int>& decisions) {
  std::array<bool, 6> live = {};
  for (const std::vector<int>& path : kPaths) {
    if (std::all_of(path.begin(), path.end(), [&](int e) { return decisions[e] != kNone; })) {
      for (int e : path) live[e] = true;
    }
  }
  return live;
}

TEST_F(NasBench201, CountsTheEdgesOnPathsFromInputToOutput) {
  int connected = 0;
  int tight = 0;
  for (std::int64_t i = 0; i < space_->size(); ++i) {
    const Architecture cell = space_->At(i);
    const std::array<bool, 6> live = LiveByPaths(cell.decisions());
    std::array<int, 5> count = {};
    bool dangling = false;
    for (int e = 0; e < 6; ++e) {
      if (live[e]) ++count[cell.decisions()[e]];
      dangling = dangling || (cell.decisions()[e] != kNone && !live[e]);
    }
    const LiveEdges expected = {
        .skip = count[1], .conv_1x1 = count[2], .conv_3x3 = count[3], .pool = count[4]};
    ASSERT_EQ(space_->CountLiveEdges(cell), expected) << cell.text();
    ASSERT_EQ(space_->HasDanglingEdges(cell), dangling) << cell.text();
    const bool any = std::find(live.begin(), live.end(), true) != live.end();
    ASSERT_EQ(space_->IsConnected(cell), any) << cell.text();
    connected += int(any);
    tight += int(any && !dangling);
  }
  EXPECT_EQ(connected, 15284);
  EXPECT_EQ(tight, 9444);
}

TEST_F(NasBench201, TellsLiveFromDeadInExamples) {
  EXPECT_FALSE(space_->IsConnected(space_->Parse("000000")));
  EXPECT_FALSE(space_->HasDanglingEdges(space_->Parse("000000")));
  EXPECT_TRUE(space_->IsConnected(space_->Parse("000100")));
  // Reaches node 1 and no further; comes from node 2, where nothing arrives.
  EXPECT_FALSE(space_->IsConnected(space_->Parse("300003")));
  EXPECT_TRUE(space_->HasDanglingEdges(space_->Parse("300003")));
  EXPECT_EQ(space_->CountLiveEdges(space_->Parse("330123")),
            (LiveEdges{.skip = 1, .conv_1x1 = 1, .conv_3x3 = 3}));
  EXPECT_EQ(space_->CountLiveEdges(space_->Parse("330123")).convs(), 4);
}

TEST_F(NasBench201, WritesFormsAsSumsOfTerms) {
  EXPECT_EQ(Form("000000"), "0");
  EXPECT_EQ(Form("000100"), "x");
  EXPECT_EQ(Form("000200"), "conv_1x1(x)");
  EXPECT_EQ(Form("100110"), "x + x");
  EXPECT_EQ(Form("111111"), "x + x + x + x");
  EXPECT_EQ(Form("400110"), "pool(x) + x");
  EXPECT_EQ(Form("310003"), "conv_3x3(x)");
  EXPECT_EQ(Form("213003"), "conv_3x3(conv_3x3(conv_1x1(x)) + x)");
  EXPECT_EQ(Form("330412"), "conv_1x1(conv_3x3(x)) + conv_3x3(x) + pool(x)");
  // On an empty node: counts as nothing.
  EXPECT_EQ(Form("000130"), "x");
  EXPECT_EQ(Form("003004"), "0");
  EXPECT_EQ(space_->FormText(space_->Parse("400110")), "pool(x) + x");
}

TEST_F(NasBench201, DistinguishesSharedFromRepeatedConvolutions) {
  // c3 reached twice through skips; two c3 with their own weights.
  EXPECT_EQ(Form("301011"), "conv_3x3(x) + conv_3x3(x)");
  EXPECT_EQ(Form("300310"), "conv_3x3(x) + conv_3x3(x)");
  EXPECT_FALSE(SameClass("301011", "300310"));
  EXPECT_TRUE(SameClass("300310", "030301"));
  EXPECT_TRUE(SameClass("301011", "301011"));
  // Dead operations and operations on nothing do not matter.
  EXPECT_TRUE(SameClass("000300", "333300"));
  EXPECT_TRUE(SameClass("000300", "003342"));
  EXPECT_TRUE(SameClass("000000", "003042"));
}

TEST_F(NasBench201, HasSoManyFormsAndClasses) {
  std::set<std::string> forms;
  std::set<std::string> connected_forms;
  std::set<std::string> tight_forms;
  std::set<Hash128> classes;
  std::map<std::string, std::set<Hash128>> classes_of_form;
  int disconnected = 0;
  for (std::int64_t i = 0; i < space_->size(); ++i) {
    const Architecture cell = space_->At(i);
    const std::string form = CanonicalForm(cell);
    const Hash128 class_id = space_->ClassId(cell);
    forms.insert(form);
    classes.insert(class_id);
    classes_of_form[form].insert(class_id);
    ASSERT_EQ(form == "0", !space_->IsConnected(cell)) << cell.text();
    if (form == "0") {
      ++disconnected;
      continue;
    }
    connected_forms.insert(form);
    if (!space_->HasDanglingEdges(cell)) tight_forms.insert(form);
  }
  EXPECT_EQ(disconnected, 341);
  EXPECT_EQ(forms.size(), 4930u);
  EXPECT_EQ(connected_forms.size(), 4929u);
  EXPECT_EQ(tight_forms, connected_forms);
  EXPECT_EQ(classes.size(), 5260u);
  int split = 0;
  for (const auto& [form, ids] : classes_of_form) split += int(ids.size() > 1);
  EXPECT_EQ(split, 326);
}

TEST_F(NasBench201, RepresentsAClassByItsFirstMember) {
  std::map<Architecture, Architecture> first;
  for (std::int64_t i = 0; i < space_->size(); ++i) {
    const Architecture cell = space_->At(i);
    const Architecture representative = space_->Canonicalize(cell);
    first.emplace(representative, cell);  // keeps the first
    ASSERT_EQ(space_->Canonicalize(representative), representative);
    ASSERT_EQ(CanonicalForm(representative), CanonicalForm(cell));
    const LiveEdges live = space_->CountLiveEdges(cell);
    const LiveEdges of_representative = space_->CountLiveEdges(representative);
    ASSERT_EQ(live.conv_1x1, of_representative.conv_1x1);
    ASSERT_EQ(live.conv_3x3, of_representative.conv_3x3);
    // A dead edge would come later in the order than `none`.
    ASSERT_FALSE(space_->HasDanglingEdges(representative));
  }
  for (const auto& [representative, cell] : first) EXPECT_EQ(representative, cell);
}

// The form with every convolution called by a number of its own: two cells compute the same with
// the same weights exactly if some numbering makes these equal.
std::string NumberedForm(const std::vector<int>& decisions, const std::array<int, 6>& numbers) {
  const int source[] = {0, 0, 1, 0, 1, 2};
  const int target[] = {1, 2, 2, 3, 3, 3};
  std::vector<std::string> terms[4] = {{"x"}, {}, {}, {}};
  for (int e = 0; e < 6; ++e) {
    const std::vector<std::string>& from = terms[source[e]];
    std::vector<std::string>& to = terms[target[e]];
    if (decisions[e] == kNone || from.empty()) continue;
    if (decisions[e] == kSkip) {
      to.insert(to.end(), from.begin(), from.end());
      continue;
    }
    std::vector<std::string> sorted = from;
    std::sort(sorted.begin(), sorted.end());
    std::string term = std::to_string(decisions[e]) + "#" + std::to_string(numbers[e]) + "(";
    for (const std::string& part : sorted) term += part + ",";
    to.push_back(term + ")");
  }
  std::sort(terms[3].begin(), terms[3].end());
  std::string form;
  for (const std::string& term : terms[3]) form += term + ",";
  return form;
}

// The smallest over all numberings of the live convolutions.
std::string SmallestNumberedForm(const std::vector<int>& decisions) {
  std::vector<int> convs;
  const std::array<bool, 6> live = LiveByPaths(decisions);
  for (int e = 0; e < 6; ++e) {
    if (live[e] && (decisions[e] == kConv1x1 || decisions[e] == kConv3x3)) convs.push_back(e);
  }
  std::array<int, 6> numbers = {};
  std::vector<int> order(convs.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = int(i) + 1;
  std::string smallest;
  do {
    for (std::size_t i = 0; i < convs.size(); ++i) numbers[convs[i]] = order[i];
    std::string form = NumberedForm(decisions, numbers);
    if (smallest.empty() || form < smallest) smallest = std::move(form);
  } while (std::next_permutation(order.begin(), order.end()));
  return smallest;
}

TEST_F(NasBench201, PutsCellsInOneClassExactlyIfTheyAreOneNetwork) {
  std::map<std::string, Architecture> representative_of;
  std::set<Architecture> representatives;
  for (std::int64_t i = 0; i < space_->size(); ++i) {
    const Architecture cell = space_->At(i);
    const Architecture representative = space_->Canonicalize(cell);
    const std::string form = SmallestNumberedForm(cell.decisions());
    const auto [entry, added] = representative_of.emplace(form, representative);
    ASSERT_EQ(entry->second, representative) << cell.text() << " is " << form;
    ASSERT_EQ(representatives.insert(representative).second, added) << cell.text();
  }
  EXPECT_EQ(representative_of.size(), 5260u);
}

constexpr Task kTiny = {.height = 4, .width = 4, .channels = 3, .classes = 2};

TEST_F(NasBench201, BuildsEveryEdgeInFullForm) {
  // 1<-0 none, 2<-0 conv3x3 (dead), 2<-1 conv1x1 on nothing, 3<-0 skip, 3<-1 pool on nothing.
  const Architecture cell = space_->Parse("032140");
  EXPECT_EQ(space_->Build(cell, RowSkeleton(1, 4), kTiny, BuildForm::kFull).ToText(),
            "  0 input              3x4x4  input\n"
            "  1 conv               4x4x4 <-0 k3 s1 p1  stem.conv\n"
            "  2 batch_norm         4x4x4 <-1  stem.bn\n"
            "  3 relu               4x4x4 <-2  cell0.edge2-0.relu\n"
            "  4 conv               4x4x4 <-3 k3 s1 p1  cell0.edge2-0.conv\n"
            "  5 batch_norm         4x4x4 <-4  cell0.edge2-0.bn\n"
            "  6 zero               4x4x4  cell0.node1.zero\n"
            "  7 relu               4x4x4 <-6  cell0.edge2-1.relu\n"
            "  8 conv               4x4x4 <-7 k1 s1 p0  cell0.edge2-1.conv\n"
            "  9 batch_norm         4x4x4 <-8  cell0.edge2-1.bn\n"
            " 10 add                4x4x4 <-5 <-9  cell0.node2\n"
            " 11 avg_pool           4x4x4 <-6 k3 s1 p1  cell0.edge3-1.pool\n"
            " 12 add                4x4x4 <-2 <-11  cell0.node3\n"
            " 13 global_avg_pool    4x1x1 <-12  head.pool\n"
            " 14 linear             2x1x1 <-13  head.linear\n");
}

TEST_F(NasBench201, BuildsLiveEdgesOfItsOwnTextInLiveForm) {
  const Architecture cell = space_->Parse("032140");
  EXPECT_EQ(space_->Build(cell, RowSkeleton(1, 4), kTiny, BuildForm::kLive).ToText(),
            "  0 input              3x4x4  input\n"
            "  1 conv               4x4x4 <-0 k3 s1 p1  stem.conv\n"
            "  2 batch_norm         4x4x4 <-1  stem.bn\n"
            "  3 global_avg_pool    4x1x1 <-2  head.pool\n"
            "  4 linear             2x1x1 <-3  head.linear\n");
  // The convolution moves to edge 3<-0 in the representative.
  const Architecture moved = space_->Parse("300010");
  EXPECT_NO_THROW(
      space_->Build(moved, RowSkeleton(1, 4), kTiny, BuildForm::kLive).Find("cell0.edge1-0.conv"));
  EXPECT_NO_THROW(space_->Build(moved, RowSkeleton(1, 4), kTiny).Find("cell0.edge3-0.conv"));
}

TEST_F(NasBench201, SumsAtNodesInTheOrderOfTheEdges) {
  const Network network =
      space_->Build(space_->Parse("111111"), RowSkeleton(1, 4), kTiny, BuildForm::kLive);
  EXPECT_EQ(network.op(network.Find("cell0.node2")).src, (std::vector<int>{2, 2}));
  const int node2 = network.Find("cell0.node2");
  EXPECT_EQ(network.op(network.Find("cell0.node3")).src, (std::vector<int>{2, 2, node2}));
}

TEST_F(NasBench201, GivesBiasesAndPlainNormalisationsToCellsAlone) {
  const Task task = {.height = 8, .width = 8};
  const Architecture cell = space_->Parse("312034");
  const Network usual = space_->Build(cell, BenchmarkSkeleton(), task);
  const Network network = space_->Build(cell, ZeroCostSkeleton(), task);
  ASSERT_EQ(network.ops().size(), usual.ops().size());
  int convs_in_cells = 0;
  for (std::size_t i = 0; i < network.ops().size(); ++i) {
    const Op& op = network.op(int(i));
    EXPECT_EQ(op.name, usual.op(int(i)).name);
    const bool in_cell = op.name.starts_with("cell");
    if (op.kind == OpKind::kConv) {
      EXPECT_EQ(op.has_bias(), in_cell) << op.name;
      EXPECT_FALSE(usual.op(int(i)).has_bias()) << op.name;
      convs_in_cells += int(in_cell);
    } else if (op.kind == OpKind::kBatchNorm) {
      EXPECT_EQ(op.is_affine(), !in_cell) << op.name;
      EXPECT_TRUE(usual.op(int(i)).is_affine()) << op.name;
    }
  }
  EXPECT_EQ(convs_in_cells, 15 * space_->CountLiveEdges(cell).convs());
}

TEST_F(NasBench201, BuildsAZeroIfTheOutputIsNotConnected) {
  for (BuildForm form : {BuildForm::kCanonical, BuildForm::kLive, BuildForm::kFull}) {
    const Network network =
        space_->Build(space_->Parse("000000"), PaperSkeleton(), {.height = 8, .width = 8}, form);
    EXPECT_FALSE(network.depends_on_input());
    EXPECT_EQ(network.op(network.Find("cell0.node3.zero")).kind, OpKind::kZero);
    EXPECT_EQ(network.op(network.Find("cell1.node3.zero")).shape, (Shape{32, 2, 2}));
  }
}

TEST_F(NasBench201, BuildsAllCellsAlikeInEveryForm) {
  const Skeleton skeleton = RowSkeleton(1, 2);
  std::map<Architecture, std::string> text_of_class;
  for (std::int64_t i = 0; i < space_->size(); ++i) {
    const Architecture cell = space_->At(i);
    const Network canonical = space_->Build(cell, skeleton, kTiny);
    const Network live = space_->Build(cell, skeleton, kTiny, BuildForm::kLive);
    const Network full = space_->Build(cell, skeleton, kTiny, BuildForm::kFull);
    const bool connected = space_->IsConnected(cell);
    ASSERT_EQ(canonical.depends_on_input(), connected) << cell.text();
    ASSERT_EQ(live.depends_on_input(), connected) << cell.text();
    ASSERT_EQ(full.depends_on_input(), connected) << cell.text();
    ASSERT_EQ(CountCost(live).params, CountCost(canonical).params) << cell.text();
    ASSERT_EQ(CountCost(live).macs, CountCost(canonical).macs) << cell.text();
    ASSERT_LE(CountCost(live).params, CountCost(full).params) << cell.text();
    if (!space_->HasDanglingEdges(cell)) {
      ASSERT_EQ(live.ToText(), full.ToText());
    }
    const auto entry = text_of_class.emplace(space_->Canonicalize(cell), canonical.ToText());
    ASSERT_EQ(entry.first->second, canonical.ToText()) << cell.text();
    if (!connected) continue;
    std::vector<char> is_read(live.ops().size(), false);
    is_read.back() = true;
    for (const Op& op : live.ops()) {
      for (int src : op.src) is_read[src] = true;
    }
    ASSERT_EQ(std::count(is_read.begin(), is_read.end(), false), 0) << cell.text();
  }
}

TEST_F(NasBench201, DrawsTheCell) {
  EXPECT_EQ(space_->Draw(space_->Parse("321143")), R"(
┌────────────────────────────── skip_connect ───────────────────────────────┐
│ ┌───────────────── nor_conv_1x1 ─────────────────┐                        │
│ │                                                ▼                        ▼
(0)─── nor_conv_3x3 ────▶(1)─── skip_connect ────▶(2)─── nor_conv_3x3 ────▶(3)
                          │                                                 ▲
                          └───────────────── avg_pool_3x3 ──────────────────┘
)" + 1);
  EXPECT_EQ(space_->Draw(space_->Parse("300103")), R"(
┌────────────────────────────── skip_connect ───────────────────────────────┐
│                                                                           ▼
(0)╌╌╌ nor_conv_3x3 ╌╌╌╌▶(1)                      (2)╌╌╌ nor_conv_3x3 ╌╌╌╌▶(3)
╌╌╌ on no path from 0 to 3
)" + 1);
  EXPECT_EQ(space_->Draw(space_->Parse("000000")),
            "(0)                      (1)                      (2)                      (3)\n");
}

TEST_F(NasBench201, DrawsWithin80Columns) {
  for (std::int64_t i = 0; i < space_->size(); ++i) {
    const std::string drawing = space_->Draw(space_->At(i));
    EXPECT_EQ(drawing.back(), '\n');
    int column = 0;
    int lines = 0;
    for (unsigned char c : drawing) {
      if (c == '\n') {
        column = 0;
        ++lines;
      } else if ((c & 0xc0) != 0x80) {  // not a byte that continues a glyph
        ASSERT_LE(++column, 80) << drawing;
      }
    }
    ASSERT_LE(lines, 8) << drawing;
  }
}

}  // namespace
}  // namespace mote
