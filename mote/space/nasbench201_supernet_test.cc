#include "mote/space/nasbench201_supernet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "mote/base/error.h"
#include "mote/base/rng.h"
#include "mote/graph/cost.h"
#include "mote/space/operators.h"
#include "mote/space/test_spaces.h"

namespace mote {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Bits of a decision.
enum { kSkip = 1, kConv1x1 = 2, kConv3x3 = 4, kPool = 8, kAll = 15 };

class Supernet : public ::testing::Test {
 protected:
  std::string Message(const std::string& text) {
    try {
      return "accepted as " + space_->Parse(text).text();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
      return error.what();
    }
  }

  const std::unique_ptr<SearchSpace> base_ = MakeNasBench201();
  const std::unique_ptr<SearchSpace> space_ = MakeNasBench201Supernet();
};

TEST_F(Supernet, IsFoundFromItsSpace) {
  ASSERT_NE(base_->supernet(), nullptr);
  EXPECT_EQ(base_->supernet()->name(), "nasbench201-supernet");
  EXPECT_EQ(base_->supernet()->size(), 1 << 24);
  EXPECT_EQ(space_->supernet(), nullptr);
  EXPECT_EQ(base_->Named("nasbench201"), base_.get());
  EXPECT_EQ(base_->Named("nasbench201-supernet"), base_->supernet());
  EXPECT_EQ(base_->Named("nasbench101"), nullptr);
  EXPECT_EQ(&base_->SpaceOf(base_->Parse("333333")), base_.get());
  EXPECT_EQ(&base_->SpaceOf(space_->At(77)), base_->supernet());
}

// As SearchSpace::supernet says: option 1 + j of the space for bit j.
TEST_F(Supernet, HasSetsOfTheOptionsOfItsSpace) {
  const auto& choices = space_->choices();
  ASSERT_EQ(choices.size(), base_->choices().size());
  for (std::size_t place = 0; place < choices.size(); ++place) {
    EXPECT_EQ(choices[place].name, base_->choices()[place].name);
    const std::vector<std::string>& options = base_->choices()[place].options;
    ASSERT_EQ(choices[place].options.size(), 16u);
    EXPECT_EQ(choices[place].options[0], options[0]);
    for (int j = 0; j < 4; ++j) EXPECT_EQ(choices[place].options[1 << j], options[1 + j]);
    EXPECT_EQ(choices[place].options[kSkip | kConv3x3], "skip_connect,nor_conv_3x3");
    EXPECT_EQ(choices[place].options[kAll], "skip_connect,nor_conv_1x1,nor_conv_3x3,avg_pool_3x3");
  }
}

TEST_F(Supernet, WritesTheTextOfItsSpaceAndSetsWithCommas) {
  EXPECT_EQ(space_->Make({kSkip | kConv3x3, 0, kPool, kConv1x1, kConv3x3 | kPool, kAll}).text(),
            "|skip_connect,nor_conv_3x3~0|+|none~0|avg_pool_3x3~1|+|nor_conv_1x1~0|"
            "nor_conv_3x3,avg_pool_3x3~1|skip_connect,nor_conv_1x1,nor_conv_3x3,avg_pool_3x3~2|");
  for (std::int64_t i = 0; i < base_->size(); i += 7) {
    const Architecture cell = base_->At(i);
    std::vector<int> decisions;
    for (const int decision : cell.decisions()) decisions.push_back((1 << decision) >> 1);
    const Architecture one = space_->Make(decisions);
    ASSERT_EQ(one.text(), cell.text());
    ASSERT_EQ(space_->Parse(cell.text()), one);
    ASSERT_NE(one.id(), cell.id()) << "another space, other results";
  }
}

TEST_F(Supernet, ReadsSetsInAnyOrder) {
  const std::string rest = "~0|+|none~0|none~1|+|none~0|none~1|zeros~2|";
  EXPECT_EQ(space_->Parse("|avg_pool_3x3,skip_connect" + rest).decisions(),
            (std::vector<int>{kSkip | kPool, 0, 0, 0, 0, 0}));
  EXPECT_EQ(space_->Parse(" |skip_connect" + rest + "\n").decisions()[0], int(kSkip));
}

TEST_F(Supernet, RefusesWhatIsNoSupernet) {
  const std::string rest = "~0|+|none~0|none~1|+|none~0|none~1|none~2|";
  EXPECT_THAT(Message(""), HasSubstr("empty"));
  EXPECT_THAT(Message("333333"), HasSubstr("starts with '|'"));
  EXPECT_THAT(Message("|skip_connect,skip_connect" + rest),
              testing::AllOf(HasSubstr("character 15"), HasSubstr("'skip_connect' twice")));
  EXPECT_THAT(Message("|none,skip_connect" + rest), HasSubstr("'none' stands alone"));
  EXPECT_THAT(Message("|skip_connect,none" + rest), HasSubstr("'none' stands alone"));
  EXPECT_THAT(Message("|skip_connect," + rest), HasSubstr("no operation ''"));
  EXPECT_THAT(Message("|,skip_connect" + rest), HasSubstr("no operation ''"));
  EXPECT_THAT(Message("|skip_connect,nor_conv" + rest), HasSubstr("no operation 'nor_conv'"));
  EXPECT_THAT(Message("|skip_connect;nor_conv_3x3" + rest), HasSubstr("no operation"));
  EXPECT_THAT(Message("|skip_connect" + rest + "|"), HasSubstr("ends here"));
  // A cell of the benchmark has one operation on an edge.
  try {
    base_->Parse("|skip_connect,nor_conv_3x3" + rest);
    FAIL() << "a set is no operation";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("no operation 'skip_connect,nor_conv_3x3'"));
  }
}

TEST_F(Supernet, ThrowsOrRoundTripsWhateverItIsGiven) {
  Rng rng(Key(1, "supernet mutations"));
  constexpr std::string_view kBytes = "|+~,()0123_ \tabnorz_x-\n";
  int accepted = 0;
  for (int i = 0; i < 10000; ++i) {
    std::string text = SampleUniform(*space_, rng).text();
    for (int edits = int(rng.Below(3)); edits > 0 && !text.empty(); --edits) {
      const std::size_t at = rng.Below(text.size());
      switch (rng.Below(4)) {
        case 0:
          text.erase(at, 1 + rng.Below(14));
          break;
        case 1:
          text[at] = kBytes[rng.Below(kBytes.size())];
          break;
        case 2:
          text.insert(at, text.substr(rng.Below(text.size()), rng.Below(20)));
          break;
        default:
          text[at] = char(rng.Below(256));
      }
    }
    try {
      const Architecture read = space_->Parse(text);
      ++accepted;
      ASSERT_EQ(space_->Parse(read.text()), read) << text;
      ASSERT_EQ(space_->At(space_->IndexOf(read)), read) << text;
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), ErrorCode::kInvalidArgument) << text;
    }
  }
  EXPECT_GT(accepted, 3000);
  EXPECT_LT(accepted, 6000);
}

// Everything but names, which the operations are a part of.
void ExpectSameNetwork(const Network& a, const Network& b) {
  ASSERT_EQ(a.ops().size(), b.ops().size());
  for (std::size_t i = 0; i < a.ops().size(); ++i) {
    const Op& x = a.op(int(i));
    const Op& y = b.op(int(i));
    EXPECT_EQ(x.kind, y.kind);
    EXPECT_EQ(x.src, y.src);
    EXPECT_EQ(x.shape, y.shape);
    EXPECT_EQ(x.kernel, y.kernel);
    EXPECT_EQ(x.parameters, y.parameters);
    EXPECT_EQ(x.epsilon, y.epsilon);
  }
  ASSERT_EQ(a.parameters().size(), b.parameters().size());
  for (std::size_t p = 0; p < a.parameters().size(); ++p) {
    EXPECT_EQ(a.parameters()[p].offset, b.parameters()[p].offset);
    EXPECT_EQ(a.parameters()[p].dims, b.parameters()[p].dims);
  }
}

TEST_F(Supernet, BuildsTheNetworkOfTheCellWithOneOperationPerEdge) {
  for (std::int64_t i = 0; i < base_->size(); i += 97) {
    const Architecture cell = base_->At(i);
    SCOPED_TRACE(cell.text());
    for (const BuildForm form : {BuildForm::kLive, BuildForm::kFull}) {
      ExpectSameNetwork(
          space_->Build(space_->Parse(cell.text()), RowSkeleton(2, 4), {8, 8, 3, 10}, form),
          base_->Build(cell, RowSkeleton(2, 4), {8, 8, 3, 10}, form));
    }
  }
}

TEST_F(Supernet, AveragesTheOperationsOfAnEdge) {
  const Network network =
      space_->Build(space_->Make({kSkip | kConv3x3 | kPool, 0, 0, kSkip, kConv1x1, 0}),
                    RowSkeleton(1, 4), {8, 8, 3, 10});
  const Op& mean = network.op(network.Find("cell0.edge1-0.mean"));
  EXPECT_EQ(mean.kind, OpKind::kMean);
  EXPECT_THAT(mean.src,
              ElementsAre(network.Find("stem.bn"), network.Find("cell0.edge1-0.nor_conv_3x3.bn"),
                          network.Find("cell0.edge1-0.avg_pool_3x3.pool")));
  const Op& sum = network.op(network.Find("cell0.node3"));
  EXPECT_EQ(sum.kind, OpKind::kAdd);
  EXPECT_THAT(sum.src,
              ElementsAre(network.Find("stem.bn"), network.Find("cell0.edge3-1.nor_conv_1x1.bn")));
  EXPECT_THROW(network.Find("cell0.edge3-0.mean"), Error);
}

// What an operation is called does not depend on what stands beside it.
TEST_F(Supernet, NamesParametersAlikeWhateverIsMasked) {
  const auto names = [&](const Architecture& architecture) {
    const Network network = space_->Build(architecture, RowSkeleton(1, 4), {8, 8, 3, 10});
    std::set<std::string> found;
    for (const Parameter& parameter : network.parameters()) found.insert(parameter.name);
    return found;
  };
  const auto all = names(space_->Make(std::vector<int>(6, kAll)));
  EXPECT_EQ(all.size(), 3 + 6 * 2 * 3 + 2u);  // stem, two convolutions an edge, head
  for (int edge = 0; edge < 6; ++edge) {
    std::vector<int> masked(6, kAll);
    masked[edge] &= ~kConv3x3;
    const auto left = names(space_->Make(masked));
    EXPECT_EQ(left.size(), all.size() - 3);
    EXPECT_TRUE(std::includes(all.begin(), all.end(), left.begin(), left.end()));
  }
}

TEST_F(Supernet, LeavesOutWhatIsOnNoPath) {
  // Node 1 is reached by all operations, and reaches nothing.
  const Architecture dangling = space_->Make({kAll, kSkip | kConv3x3, 0, 0, 0, kConv1x1});
  EXPECT_TRUE(space_->HasDanglingEdges(dangling));
  EXPECT_EQ(space_->CountLiveEdges(dangling), (LiveEdges{.skip = 1, .conv_1x1 = 1, .conv_3x3 = 1}));
  const Task task{8, 8, 3, 10};
  const Network network = space_->Build(dangling, RowSkeleton(1, 4), task);
  const Network full = space_->Build(dangling, RowSkeleton(1, 4), task, BuildForm::kFull);
  EXPECT_THROW(network.Find("cell0.edge1-0.mean"), Error);
  EXPECT_GE(full.Find("cell0.edge1-0.mean"), 0);
  EXPECT_GT(CountCost(full).macs, CountCost(network).macs);

  const Architecture disconnected = space_->Make({kAll, 0, 0, 0, 0, kAll});
  EXPECT_FALSE(space_->IsConnected(disconnected));
  EXPECT_FALSE(space_->Build(disconnected, RowSkeleton(1, 4), task).depends_on_input());
  EXPECT_TRUE(space_->IsConnected(space_->Make({0, 0, 0, kPool, 0, 0})));
}

TEST_F(Supernet, IsAClassOfItsOwn) {
  const Architecture one = space_->Make({kSkip, 0, 0, 0, kConv3x3, 0});
  const Architecture other = space_->Make({0, kSkip, 0, 0, 0, kConv3x3});
  EXPECT_EQ(space_->Canonicalize(one), one);
  EXPECT_NE(space_->ClassId(one), space_->ClassId(other));
  EXPECT_TRUE(space_->shares_weights());
  EXPECT_FALSE(base_->shares_weights());
}

TEST_F(Supernet, DrawsSetsByShortNames) {
  EXPECT_EQ(space_->Draw(space_->Make({kAll, 0, kConv1x1, kSkip | kConv3x3, 0, kPool | kSkip})),
            "┌──────────────────────────────── skip 3x3 ─────────────────────────────────┐\n"
            "│                                                                           ▼\n"
            "(0)─ skip 1x1 3x3 pool ─▶(1)─── nor_conv_1x1 ────▶(2)───── skip pool ─────▶(3)\n");
}

}  // namespace
}  // namespace mote
