#include "mote/base/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mote {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Counter {
  int start;
};

using Counters = Registry<Counter, int>;

Counters TwoCounters() {
  Counters counters("counter");
  counters.Add("up", "counts up", {{.name = "step", .default_value = std::int64_t(1), .help = ""}},
               [](const Options& options, int start) {
                 return std::make_unique<Counter>(Counter{start + int(options.Int("step"))});
               });
  counters.Add("down", "counts down", {}, [](const Options&, int start) {
    return std::make_unique<Counter>(Counter{start - 1});
  });
  return counters;
}

std::string MessageOf(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    return error.what();
  }
  return "no error";
}

TEST(Registry, CreatesByNameWithOptionsAndArguments) {
  const Counters counters = TwoCounters();
  EXPECT_EQ(counters.Create("up", {}, 10)->start, 11);
  EXPECT_EQ(counters.Create("up", {{"step", "5"}}, 10)->start, 15);
  EXPECT_EQ(counters.Create("down", {}, 10)->start, 9);
}

TEST(Registry, ListsItsEntriesByName) {
  const Counters counters = TwoCounters();
  EXPECT_THAT(counters.Names(), ElementsAre("down", "up"));
  EXPECT_EQ(counters.Find("up").summary, "counts up");
  EXPECT_EQ(counters.Find("up").options.size(), 1u);
  EXPECT_TRUE(counters.Contains("up"));
  EXPECT_FALSE(counters.Contains("upp"));
  EXPECT_EQ(counters.kind(), "counter");
}

TEST(Registry, ListsTheCandidatesForAnUnknownName) {
  EXPECT_EQ(MessageOf([] { TwoCounters().Create("sideways", {}, 0); }),
            "there is no counter 'sideways'; there is down or up");
}

TEST(Registry, NamesTheComponentWhoseOptionIsWrong) {
  EXPECT_THAT(MessageOf([] {
                TwoCounters().Create("up", {{"stp", "1"}}, 0);
              }),
              HasSubstr("up has no option 'stp'"));
}

TEST(RegistryDeathTest, AbortsWhenANameIsTaken) {
  Counters counters = TwoCounters();
  EXPECT_DEATH(counters.Add("up", "", {}, {}), "counter up registered twice");
}

}  // namespace
}  // namespace mote
