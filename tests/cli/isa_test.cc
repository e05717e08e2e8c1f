// The instruction set of the native engine: capped by --isa, and part of what a result is.
#include <set>

#include "tests/cli/program.h"

namespace mote {
namespace {

using ::testing::HasSubstr;

class IsaTest : public ProgramTest {
 protected:
  // Best first: what `mote doctor` would list, taken from what a wrong name is answered with.
  Words Available() const {
    const std::string answer = Mote({"plan", "333333", "--isa", "mmx"}).err;
    Words names;
    for (const char* name : {"avx512", "avx2", "sse4", "neon"}) {
      if (answer.find(name) != std::string::npos) names.emplace_back(name);
    }
    return names;
  }
};

TEST_F(IsaTest, IsRefusedWhereThereIsNoneOfThatName) {
  const Words available = Available();
  ASSERT_FALSE(available.empty());
  const Words commands[] = {{"score", "--arch", "333333"},
                            {"search", "--out", "run"},
                            {"correlate", "--all", "--table", "t.csv", "--target", "accuracy"},
                            {"calibrate"},
                            {"plan", "333333"},
                            {"bench"},
                            {"doctor"},
                            {"resume", "run"}};
  for (const Words& command : commands) {
    ExpectRefusal(Mote(command + Words{"--isa", "mmx"}), 2,
                  Words{"instruction set mmx"} + available);
  }
  EXPECT_THAT(Files(), testing::ElementsAre());
}

TEST_F(IsaTest, IsWhatThePlanIsMadeFor) {
  for (const std::string& isa : Available()) {
    const Finished plan = Mote({"plan", "333333", "--isa", isa});
    ExpectDone(plan);
    EXPECT_THAT(plan.err, HasSubstr(", " + isa + "\n"));
  }
}

// What one instruction set measured is not taken for another's.
TEST_F(IsaTest, KeepsEstimatesApart) {
  const Words score =
      Words{"score",   "--arch",      "333333",    "--estimator", "mote.landscape", "--quiet",
            "--store", "kept.sqlite", "--backend", "native",      "--format",       "csv"} +
      CheapOn("noise");
  const Words available = Available();
  std::map<std::string, std::string> first;
  for (const std::string& isa : available) {
    const Finished finished = Mote(score + Words{"--isa", isa});
    ExpectDone(finished);
    first[isa] = finished.out;
  }
  for (const std::string& isa : available) {
    EXPECT_EQ(Mote(score + Words{"--isa", isa}).out, first[isa]) << isa;
  }
  // The best is the one that is used unasked.
  EXPECT_EQ(Mote(score).out, first[available.front()]);
  const Finished exported = Mote({"export", "kept.sqlite", "--format", "json"});
  ExpectDone(exported);
  EXPECT_EQ(ParseJson(exported.out)["rows"].size(), available.size()) << exported.out;
}

TEST_F(IsaTest, IsKeptByASearch) {
  const Words available = Available();
  const std::string least = available.back();
  const Words search =
      Words{"search",      "--estimator", "mote.landscape", "--set", "mote-nas.iterations=1",
            "--finalists", "2",           "--replicates",   "2",     "--backend",
            "native",      "--quiet"} +
      CheapOn("noise");
  ExpectDone(Mote(search + Words{"--out", "plain"}));
  EXPECT_THAT(Read("plain/config.toml"), HasSubstr("isa=\"" + available.front() + "\"\n"));
  ExpectDone(Mote(search + Words{"--out", "least", "--isa", least}));
  EXPECT_THAT(Read("least/config.toml"), HasSubstr("isa=\"" + least + "\"\n"));

  const auto isa_of_result = [this] {
    return std::string(ParseJson(Read("least/result.json"))["provenance"]["isa"]);
  };
  const std::string result = Read("least/result.json");
  EXPECT_EQ(isa_of_result(), least);
  ExpectDone(Mote({"resume", "least", "--quiet"}));
  EXPECT_EQ(Read("least/result.json"), result);
  ExpectDone(Mote({"resume", "least", "--quiet", "--isa", available.front()}));
  EXPECT_EQ(isa_of_result(), available.front());

  // As on a machine that has not what the run was begun with.
  std::string config = Read("least/config.toml");
  config.replace(config.find("isa=\"" + least), 5 + least.size(), "isa=\"mmx");
  Write("least/config.toml", config);
  ExpectRefusal(Mote({"resume", "least"}), 1,
                {"'least/config.toml'", "instruction set mmx", least});
}

}  // namespace
}  // namespace mote
