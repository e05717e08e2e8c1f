#include "mote/probe/initial_weights.h"

#include <gtest/gtest.h>

#include <map>

#include "mote/probe/test_subject.h"
#include "mote/space/nasbench201_supernet.h"

namespace mote {
namespace {

// Of architectures of one space on images of four channels.
class InitialWeightsTest : public testing::Test {
 protected:
  using ByName = std::map<std::string, std::vector<double>>;

  ByName Draw(const SearchSpace& space, const Architecture& architecture, int replicate = 0,
              int repeat = 0) {
    const ProbeContext context{.space = space,
                               .backend = *backend_,
                               .data = data_,
                               .seed = 7,
                               .replicate = replicate,
                               .check_stop = {}};
    const Network network = space.Build(architecture, RowSkeleton(1, 4), {4, 4, 3, 3});
    const std::vector<double> weights =
        InitialWeights(context, architecture, network, Initializer::kKaimingNormalFanIn, repeat);
    ByName by_name;
    for (const Parameter& parameter : network.parameters()) {
      const auto part = PartOf(weights, parameter);
      by_name[parameter.name] = {part.begin(), part.end()};
    }
    return by_name;
  }

  const std::unique_ptr<SearchSpace> cells_ = MakeNasBench201();
  const std::unique_ptr<SearchSpace> supernets_ = MakeNasBench201Supernet();
  const std::unique_ptr<Backend> backend_ = MakeReferenceBackend();
  DataCache data_{SmallImages()};
};

TEST_F(InitialWeightsTest, AreSharedByTheMasksOfASupernet) {
  const Architecture full = supernets_->Make(std::vector<int>(6, 15));
  const ByName all = Draw(*supernets_, full);
  for (int edge = 0; edge < 6; ++edge) {
    for (int bit = 0; bit < 4; ++bit) {
      std::vector<int> masked(6, 15);
      masked[edge] &= ~(1 << bit);
      for (const auto& [name, values] : Draw(*supernets_, supernets_->Make(masked))) {
        EXPECT_EQ(values, all.at(name)) << name;
      }
    }
  }
  const std::string conv = "cell0.edge2-1.nor_conv_3x3.conv.kernel";
  EXPECT_NE(all.at(conv), all.at("cell0.edge3-1.nor_conv_3x3.conv.kernel"));
  EXPECT_NE(all.at(conv), Draw(*supernets_, full, 1).at(conv)) << "another replicate";
  EXPECT_NE(all.at(conv), Draw(*supernets_, full, 0, 1).at(conv)) << "another repeat";
}

TEST_F(InitialWeightsTest, AreDrawnForEachClassElsewhere) {
  const auto draw = [&](const char* text) {
    return Draw(*cells_, cells_->Canonicalize(cells_->Parse(text)));
  };
  EXPECT_EQ(draw("000300"), draw("030001")) << "one network";
  EXPECT_NE(draw("000300").at("stem.conv.kernel"), draw("000200").at("stem.conv.kernel"));
}

}  // namespace
}  // namespace mote
