#include "mote/base/outcome.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>

namespace mote {
namespace {

TEST(Outcome, HoldsAValue) {
  const Outcome<double> outcome = 2.5;
  ASSERT_TRUE(outcome.ok());
  EXPECT_TRUE(outcome);
  EXPECT_EQ(outcome.value(), 2.5);
  EXPECT_EQ(*outcome, 2.5);
  const Outcome<std::string> text = std::string("abc");
  EXPECT_EQ(text->size(), 3u);
}

TEST(Outcome, HoldsAFailure) {
  const Outcome<double> outcome = Failure{FailureKind::kDiverged, "loss became nan in epoch 3"};
  EXPECT_FALSE(outcome.ok());
  EXPECT_FALSE(outcome);
  EXPECT_EQ(outcome.failure().kind, FailureKind::kDiverged);
  EXPECT_EQ(outcome.failure().message, "loss became nan in epoch 3");
}

TEST(Outcome, MovesItsValueOut) {
  Outcome<std::unique_ptr<int>> outcome = std::make_unique<int>(7);
  const std::unique_ptr<int> value = std::move(outcome).value();
  EXPECT_EQ(*value, 7);
}

TEST(Outcome, ComparesValueAndFailure) {
  const Outcome<int> seven = 7, failed = Failure{FailureKind::kMissing, "x"};
  EXPECT_EQ(seven, Outcome<int>(7));
  EXPECT_NE(seven, Outcome<int>(8));
  EXPECT_NE(seven, failed);
  EXPECT_EQ(failed, Outcome<int>(Failure{FailureKind::kMissing, "x"}));
  EXPECT_NE(failed, Outcome<int>(Failure{FailureKind::kMissing, "y"}));
}

TEST(OutcomeDeathTest, AbortsWhenTheWrongSideIsRead) {
  const Outcome<int> failed = Failure{FailureKind::kMissing, "no row"};
  EXPECT_DEATH((void)failed.value(), "value of a failed outcome: no row");
  EXPECT_DEATH((void)Outcome<int>(7).failure(), "ok");
}

TEST(FailureKind, HasANameEach) {
  std::set<std::string_view> names;
  for (const FailureKind kind :
       {FailureKind::kDiverged, FailureKind::kUnsupported, FailureKind::kOutOfMemory,
        FailureKind::kMissing, FailureKind::kUndefined}) {
    names.insert(Name(kind));
  }
  EXPECT_EQ(names.size(), 5u);
}

}  // namespace
}  // namespace mote
