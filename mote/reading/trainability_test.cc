#include "mote/reading/trainability.h"

#include <gtest/gtest.h>

#include <vector>

#include "mote/reading/test_values.h"

namespace mote {
namespace {

TEST(TrainabilityTerm, ByHand) {
  EXPECT_NEAR(TrainabilityTerm(1), 1e-6, 1e-11);
  EXPECT_NEAR(TrainabilityTerm(2), -0.5, 1e-6);
  EXPECT_NEAR(TrainabilityTerm(0.5), -0.499996, 1e-6);
  EXPECT_NEAR(TrainabilityTerm(0), -1e6 + 2, 1e-6);
}

// Slopes of +-1 whose channels are orthogonal over the four positions of a 2 x 2 map.
constexpr double kSigns[] = {1, 1, 1, -1, -1, 1, -1, -1};

std::vector<double> Scaled(std::span<const double> values, double factor) {
  std::vector<double> result(values.begin(), values.end());
  for (double& value : result) value *= factor;
  return result;
}

TEST(BlockTrainability, OfABlockThatScalesIsItsTerm) {
  // result = a source: M = a I.
  for (const double gain : {0.5, 2.0, -3.0}) {
    const std::vector<double> source = Scaled(kSigns, gain);
    EXPECT_NEAR(*BlockTrainability({source, 2, 2, 2}, {kSigns, 2, 2, 2}),
                TrainabilityTerm(std::abs(gain)), 1e-9)
        << gain;
  }
}

TEST(BlockTrainability, OfAMixOfChannelsIsThatOfItsLargestGain) {
  // The 1 x 1 convolution [[3, 0], [4, 5]] / 5 on each position, with slopes W^T g at the source.
  // W has singular values sqrt(45)/5 and sqrt(5)/5.
  std::vector<double> source;
  for (int position = 0; position < 4; ++position) {
    const double g0 = kSigns[2 * position], g1 = kSigns[2 * position + 1];
    source.insert(source.end(), {(3 * g0 + 4 * g1) / 5, 5 * g1 / 5});
  }
  EXPECT_NEAR(*BlockTrainability({source, 2, 2, 2}, {kSigns, 2, 2, 2}),
              TrainabilityTerm(std::sqrt(45.0) / 5), 1e-12);
}

TEST(BlockTrainability, OfAnIdentityIsMinusInfinity) {
  EXPECT_EQ(*BlockTrainability({kSigns, 2, 2, 2}, {kSigns, 2, 2, 2}), -kInfinity);
}

TEST(BlockTrainability, OfACutBlockIsBad) {
  const std::vector<double> zeros(8);
  EXPECT_EQ(*BlockTrainability({zeros, 2, 2, 2}, {kSigns, 2, 2, 2}), TrainabilityTerm(0));
}

TEST(BlockTrainability, OfAStrideTakesTheFourPixelsForChannels) {
  // One channel; average pooling 2 x 2 of a 4 x 4 map for two images hands back a quarter of each
  // slope: M = (1/4, 1/4, 1/4, 1/4)^T has norm 1/2.
  const double result[] = {1, -1, -1, -1, 1, 1, -1, 1};
  std::vector<double> source;
  for (int image = 0; image < 2; ++image) {
    for (int y = 0; y < 4; ++y) {
      for (int x = 0; x < 4; ++x) source.push_back(result[image * 4 + y / 2 * 2 + x / 2] / 4);
    }
  }
  EXPECT_NEAR(*BlockTrainability({source, 4, 4, 1}, {result, 2, 2, 1}), TrainabilityTerm(0.5),
              1e-12);
}

TEST(BlockTrainability, EqualsItsDefinitionWithAStride) {
  constexpr int kImages = 2, kSource = 3, kResult = 2;  // channels
  const std::vector<double> source = Normals("source", 0, kImages * 4 * 2 * kSource);
  const std::vector<double> result = Normals("result", 0, kImages * 2 * 1 * kResult);
  // Unshuffled by hand: [image][2][1][12].
  std::vector<double> channels;
  for (int image = 0; image < kImages; ++image) {
    for (int y = 0; y < 2; ++y) {
      for (int pixel = 0; pixel < 4; ++pixel) {
        for (int c = 0; c < kSource; ++c) {
          const int row = 2 * y + pixel / 2, column = pixel % 2;
          channels.push_back(source[((image * 4 + row) * 2 + column) * kSource + c]);
        }
      }
    }
  }
  const double strided = *BlockTrainability({source, 4, 2, kSource}, {result, 2, 1, kResult});
  EXPECT_NEAR(strided, *BlockTrainability({channels, 2, 1, 12}, {result, 2, 1, kResult}), 1e-12);
  // M written out, its norm by the two eigenvalues of the 2 x 2 matrix M^T M.
  double gram[2][2] = {};
  for (int c = 0; c < 12; ++c) {
    double row[2] = {};
    for (int position = 0; position < 4; ++position) {
      for (int k = 0; k < 2; ++k) {
        row[k] += channels[position * 12 + c] * result[position * 2 + k] / 4;
      }
    }
    for (int i = 0; i < 2; ++i) {
      for (int j = 0; j < 2; ++j) gram[i][j] += row[i] * row[j];
    }
  }
  const double trace = gram[0][0] + gram[1][1];
  const double determinant = gram[0][0] * gram[1][1] - gram[0][1] * gram[1][0];
  const double largest = trace / 2 + std::sqrt(trace * trace / 4 - determinant);
  EXPECT_NEAR(strided, TrainabilityTerm(std::sqrt(largest)), 1e-11);
}

TEST(BlockTrainability, OfSlopesThatAreNotFiniteHasNoValue) {
  const double bad[] = {1, kNan}, good[] = {1, -1};
  EXPECT_EQ(BlockTrainability({bad, 1, 1, 2}, {good, 1, 1, 2}).failure().kind,
            FailureKind::kDiverged);
}

}  // namespace
}  // namespace mote
