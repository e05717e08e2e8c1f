// What a backend makes of a network, as a table.
#include "tests/cli/program.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class PlanTest : public ProgramTest {};

TEST_F(PlanTest, ShowsTheStepsAndTheirSum) {
  const Finished finished = Mote({"plan", "333333", "--backend", "native"});
  ExpectDone(finished);
  const Words lines = Lines(finished.out);
  ASSERT_GT(lines.size(), 10u);
  EXPECT_THAT(lines[0], testing::MatchesRegex("name +what +kernel +folded +shape +kB +MFLOP"));
  EXPECT_THAT(lines, Contains(AllOf(HasSubstr("cell4."), HasSubstr("conv 3x3"),
                                    HasSubstr("winograd"), HasSubstr("8x4x4"))));
  EXPECT_THAT(lines.back(), testing::MatchesRegex(fmt::format("{} steps .*", lines.size() - 4)));
  EXPECT_THAT(finished.err, AllOf(HasSubstr("preset fast on 4x4 images, 10 classes"),
                                  HasSubstr("backend native"), HasSubstr("|nor_conv_3x3~0|+")));
}

TEST_F(PlanTest, HasExactNumbersForPrograms) {
  const Words plan = {"plan", "303030", "--network", "benchmark", "--image-size", "16", "--quiet"};
  const Finished json = Mote(plan + Words{"--format", "json"});
  const Finished csv = Mote(plan + Words{"--format", "csv"});
  ExpectDone(json);
  ExpectDone(csv);
  EXPECT_EQ(json.err + csv.err, "");
  const auto rows = ParseJson(json.out)["rows"];
  EXPECT_EQ(Lines(csv.out)[0], "name,what,kernel,folded,channels,height,width,bytes,flops");
  EXPECT_EQ(Lines(csv.out).size(), 1 + rows.size());
  // The stem reads 3 channels of 16x16 pixels: forward, and the gradient to its weights.
  const auto stem = std::find_if(rows.begin(), rows.end(),
                                 [](const auto& row) { return row["name"] == "stem.conv"; });
  ASSERT_NE(stem, rows.end());
  EXPECT_EQ((*stem)["channels"], 16);
  EXPECT_EQ((*stem)["height"], 16);
  EXPECT_EQ((*stem)["flops"], 2 * 2 * 3 * 9 * 16 * 16 * 16);
}

TEST_F(PlanTest, DependsOnNetworkDataAndOptions) {
  const auto plan = [this](const Words& more) {
    const Finished finished = Mote(Words{"plan", "303030", "--format", "csv"} + more);
    ExpectDone(finished);
    return finished;
  };
  const Finished benchmark = plan({"--network", "benchmark"});
  EXPECT_THAT(benchmark.err, HasSubstr("the benchmark's network on 32x32 images"));
  EXPECT_THAT(benchmark.out, AllOf(HasSubstr("cell14."), HasSubstr("block1."),
                                   HasSubstr(",64,8,8,"), HasSubstr("winograd")));
  EXPECT_THAT(plan({"--network", "benchmark", "--set", "native.exact=true"}).out,
              Not(HasSubstr("winograd")));
  EXPECT_THAT(plan({"--preset", "wide"}).out,
              AllOf(HasSubstr(",16,4,4,"), Not(HasSubstr(",8,4,4,"))));
  EXPECT_THAT(plan({"--data", "noise", "--preset", "two-scale"}).err,
              HasSubstr("preset two-scale on 8x8 images, 10 classes"));
  EXPECT_THAT(plan({"--network", "benchmark", "--classes", "7"}).out, HasSubstr("logits,"));
}

TEST_F(PlanTest, SaysWhatHasNone) {
  ExpectRefusal(Mote({"plan", "333333", "--backend", "reference"}), 1,
                {"backend reference makes no plan", "operation by operation"});
  ExpectRefusal(Mote({"plan", "333333", "--preset", "fast", "--network", "benchmark"}), 2,
                {"--preset", "--network"});
  ExpectRefusal(Mote({"plan", "3333"}), 2, {"3333"});
  const Finished nothing = Mote({"plan", "000000"});
  ExpectDone(nothing);
  EXPECT_THAT(nothing.err, HasSubstr("does not depend on the image"));
}

}  // namespace
}  // namespace mote
