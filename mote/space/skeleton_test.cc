#include "mote/space/skeleton.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace mote {
namespace {

TEST(Skeleton, WritesEverythingThatTellsItApart) {
  EXPECT_EQ(TwoScaleSkeleton(5, 8).ToJson().dump(),
            R"({"head_norm_relu":false,"norm_epsilon":0.0001,"norm_momentum":0.1,"stages":[)"
            R"({"before":"none","cells":1,"channels":8},)"
            R"({"before":"avg_pool","cells":5,"channels":8,"pool":2}],"stem_activation":"none"})");
  Skeleton skeleton = BenchmarkSkeleton();
  skeleton.stem_activation = Activation::kGelu;
  EXPECT_EQ(skeleton.ToJson()["stem_activation"], "gelu");
  EXPECT_EQ(skeleton.ToJson()["stages"][2]["before"], "residual_block");
  EXPECT_EQ(skeleton.ToJson()["head_norm_relu"], true);
}

TEST(Skeleton, WritesHowCellsNormaliseOnlyWhereItIsUnusual) {
  const nlohmann::json usual = BenchmarkSkeleton().ToJson();
  nlohmann::json expected = usual;
  expected["cell_conv_bias"] = true;
  expected["cell_norm_affine"] = false;
  EXPECT_EQ(ZeroCostSkeleton().ToJson(), expected);
  EXPECT_FALSE(usual.contains("cell_conv_bias"));
  EXPECT_FALSE(usual.contains("cell_norm_affine"));
}

TEST(Skeleton, WritesThatItHasNoStemOnlyThen) {
  Skeleton skeleton = RowSkeleton(1, 3);
  nlohmann::json expected = skeleton.ToJson();
  EXPECT_FALSE(expected.contains("stem"));
  skeleton.stem = false;
  expected["stem"] = false;
  EXPECT_EQ(skeleton.ToJson(), expected);
}

TEST(Skeleton, IgnoresAPoolThatIsNotUsed) {
  Skeleton skeleton = RowSkeleton(5, 8);
  const nlohmann::json before = skeleton.ToJson();
  skeleton.stages[0].pool = 4;
  EXPECT_EQ(skeleton.ToJson(), before);
  skeleton.stages[0].channels = 16;
  EXPECT_NE(skeleton.ToJson(), before);
}

TEST(Skeleton, OfThePaperHasKerasNorms) {
  const Skeleton skeleton = PaperSkeleton();
  EXPECT_EQ(skeleton.norm_epsilon, 1e-4);
  EXPECT_EQ(skeleton.norm_momentum, 0.003);
  EXPECT_EQ(skeleton.stem_activation, Activation::kNone);
  EXPECT_FALSE(skeleton.head_norm_relu);
}

}  // namespace
}  // namespace mote
