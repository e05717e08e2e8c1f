#include "mote/graph/redundancy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mote {
namespace {

TEST(Redundancy, NamesTheFirstOfEqualOperationsThroughTheirSources) {
  NetworkBuilder b({2, 4, 4});
  const int relu = b.Relu("relu", 0);
  const int again = b.Relu("again", 0);
  const int pool = b.AvgPool("pool", relu, 3, 1, 1);
  const int pool_again = b.AvgPool("pool_again", again, 3, 1, 1);
  const int wider = b.AvgPool("wider", again, 3, 1, 0);
  const int sum = b.Add("sum", {pool, pool_again});
  b.Linear("linear", b.Add("features", {b.GlobalAvgPool("a", sum), b.GlobalAvgPool("b", wider)}),
           3);
  const Redundancy found = FindRedundancy(b.Finish());
  EXPECT_EQ(found.same_as[again], relu);
  EXPECT_EQ(found.same_as[pool_again], pool);
  EXPECT_EQ(found.same_as[wider], wider);
  EXPECT_FALSE(found.IsComputed(again));
  EXPECT_TRUE(found.IsComputed(pool));
}

TEST(Redundancy, TellsMeansFromSums) {
  NetworkBuilder b({2, 4, 4});
  const int relu = b.Relu("relu", 0);
  const int sum = b.Add("sum", {0, relu});
  const int mean = b.Mean("mean", {0, relu});
  const int again = b.Mean("again", {0, relu});
  const int turned = b.Mean("turned", {relu, 0});
  b.Linear("linear", b.GlobalAvgPool("gap", b.Add("all", {sum, mean, again, turned})), 3);
  const Redundancy found = FindRedundancy(b.Finish());
  EXPECT_EQ(found.same_as[mean], mean);
  EXPECT_EQ(found.same_as[again], mean);
  EXPECT_EQ(found.same_as[turned], turned) << "sums depend on the order";
}

TEST(Redundancy, NeverJoinsOperationsWithParameters) {
  NetworkBuilder b({2, 4, 4});
  const int first = b.Conv("first", 0, 2, 1, 1, 0);
  const int second = b.Conv("second", 0, 2, 1, 1, 0);
  b.Linear("linear", b.GlobalAvgPool("gap", b.Add("sum", {first, second})), 3);
  const Redundancy found = FindRedundancy(b.Finish());
  EXPECT_EQ(found.same_as[second], second);
}

TEST(Redundancy, JoinsNormalisationsWithoutParametersIfAllElseIsEqual) {
  NetworkBuilder b({2, 4, 4});
  const int first = b.BatchNorm("first", 0, 1e-5, 0.1, /*affine=*/false);
  const int equal = b.BatchNorm("equal", 0, 1e-5, 0.1, /*affine=*/false);
  const int epsilon = b.BatchNorm("epsilon", 0, 1e-4, 0.1, /*affine=*/false);
  const int momentum = b.BatchNorm("momentum", 0, 1e-5, 0.2, /*affine=*/false);
  const int affine = b.BatchNorm("affine", 0, 1e-5, 0.1);
  const int sum = b.Add("sum", {first, equal, epsilon, momentum, affine});
  b.Linear("linear", b.GlobalAvgPool("gap", sum), 3);
  const Redundancy found = FindRedundancy(b.Finish());
  EXPECT_EQ(found.same_as[equal], first);
  EXPECT_EQ(found.same_as[epsilon], epsilon);
  EXPECT_EQ(found.same_as[momentum], momentum);
  EXPECT_EQ(found.same_as[affine], affine);
}

TEST(Redundancy, SeesWhatNothingReads) {
  NetworkBuilder b({2, 4, 4});
  const int relu = b.Relu("relu", 0);
  const int unread = b.Conv("unread", relu, 2, 1, 1, 0);
  b.Linear("linear", b.GlobalAvgPool("gap", 0), 3);
  const Redundancy found = FindRedundancy(b.Finish());
  EXPECT_FALSE(found.alive[unread]);
  EXPECT_FALSE(found.alive[relu]) << "only what nothing reads reads it";
  EXPECT_TRUE(found.IsComputed(0));
}

}  // namespace
}  // namespace mote
