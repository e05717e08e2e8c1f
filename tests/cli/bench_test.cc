// Speeds of backends: that they are measured and told, not how large they are.
#include "tests/cli/program.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A workload of moments.
const Words kTiny = {"bench",    "--workload", "fast",      "--cells",         "1",
                     "--rounds", "1",          "--backend", "native,reference"};

class BenchTest : public ProgramTest {};

TEST_F(BenchTest, IsATableForPeople) {
  const Finished finished = Mote(kTiny);
  ExpectDone(finished);
  const Words lines = Lines(finished.out);
  ASSERT_EQ(lines.size(), 2u + 2);
  EXPECT_THAT(lines[0], testing::MatchesRegex("workload +cells +batch +backend +ms/step +ratio "
                                              "+GFLOP/s +% of peak"));
  EXPECT_THAT(lines[2], testing::MatchesRegex("fast +1 +64 +native +[0-9.]+ +1\\.00 .*"));
  EXPECT_THAT(lines[3], testing::MatchesRegex("fast +1 +64 +reference +[0-9.]+ +[0-9.]+ .*"));
  EXPECT_THAT(finished.err, AllOf(HasSubstr("one thread, median of 1 round;"),
                                  HasSubstr("GFLOP/s measured on"), HasSubstr("ratio to native")));
  EXPECT_THAT(Files(), ElementsAre());
}

TEST_F(BenchTest, HasFiguresThatFitTogether) {
  const Finished finished = Mote(kTiny + Words{"--format", "json", "--quiet", "--isa", "sse4"});
  if (finished.exit_code == 2) GTEST_SKIP() << "this CPU has no sse4: " << finished.err;
  ExpectDone(finished);
  EXPECT_EQ(finished.err, "");
  const auto rows = ParseJson(finished.out)["rows"];
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0]["isa"], "sse4");
  EXPECT_EQ(rows[1]["isa"], "any");
  double work = 0;
  for (const auto& row : rows) {
    EXPECT_EQ(row["workload"], "fast");
    const double ms = row["ms_per_step"];
    const double gflops = row["gflops"];
    EXPECT_GT(ms, 0);
    EXPECT_NEAR(row["peak_percent"].get<double>(), 100 * gflops / row["peak_gflops"].get<double>(),
                1e-6);
    EXPECT_NEAR(row["ratio"].get<double>(), ms / rows[0]["ms_per_step"].get<double>(), 1e-9);
    // Both did the same.
    if (work == 0) work = ms * gflops;
    EXPECT_NEAR(ms * gflops, work, 1e-9 * work);
  }
  EXPECT_GT(work, 0);
}

TEST_F(BenchTest, ListsWorkloadsAndBackends) {
  ExpectRefusal(Mote({"bench", "--workload", "slow"}), 2,
                {"no workload 'slow'", "random-16x8x8", "wide", "infer-1"});
  ExpectRefusal(Mote({"bench", "--workload", "fast", "--backend", "gpu"}), 2,
                {"no backend 'gpu'", "native"});
  ExpectRefusal(Mote({"bench", "--rounds", "0"}), 2, {"--rounds", "0"});
  EXPECT_THAT(Mote({"bench", "--help"}).out,
              AllOf(HasSubstr("\n  random-32x32x32 "), HasSubstr("\n  train-64 ")));
}

}  // namespace
}  // namespace mote
