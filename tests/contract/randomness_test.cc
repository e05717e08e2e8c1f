// Results depend on keys alone: no generator of the standard library, no seed from a clock or a
// device, and no compiler flag that lets the order of a sum depend on the optimiser.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "mote/base/file.h"
#include "tests/contract/source_tree.h"

namespace mote {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Rule {
  std::regex pattern;
  std::string what;
};

std::string Place(const SourceFile& file, int line) {
  return file.path + ":" + std::to_string(line) + ": ";
}

Violations Search(const SourceFile& file, const std::string& code, const std::vector<Rule>& rules) {
  Violations violations;
  int number = 0;
  for (const std::string& line : Lines(code)) {
    ++number;
    for (const Rule& rule : rules) {
      if (std::regex_search(line, rule.pattern)) {
        violations.push_back(Place(file, number) + rule.what);
      }
    }
  }
  return violations;
}

bool IsGenerator(const std::string& path) {
  return path == "mote/base/rng.h" || path == "mote/base/rng.cc";
}

Violations CheckRandomness(const SourceFile& file) {
  static const std::vector<Rule> rules = {
      {std::regex("#\\s*include\\s*<random>"),
       "<random> differs between libraries; use mote/base/rng.h"},
      {std::regex("\\b(rand|rand_r|srand|srandom|random|[dlmj]rand48|arc4random|getrandom)\\s*\\("),
       "a generator without a key; use mote/base/rng.h"},
      {std::regex("\\b(random_device|mt19937(_64)?|default_random_engine|random_shuffle)\\b"),
       "a generator without a key; use mote/base/rng.h"},
      {std::regex("(^|[^\\w.>])time\\s*\\(\\s*(NULL|nullptr|0|&\\s*\\w+)\\s*\\)"),
       "time() as a number; a date for people comes from std::chrono"},
      {std::regex("#\\s*pragma\\s+GCC\\s+optimize|\\b(__attribute__|gnu::).*\\boptimize\\s*\\("),
       "optimiser settings in a source can break the floating-point contract"},
  };
  const std::string code = CodeOnly(file.text);
  Violations violations = Search(file, code, rules);

  // A clock and a seed in one statement.
  static const std::regex clock(
      "_clock\\b|\\bclock\\s*\\(\\s*\\)|clock_gettime|gettimeofday|time_since_epoch");
  static const std::regex seed("seed|\\bRng\\b|\\bKey\\b", std::regex::icase);
  int line = 1;
  std::string statement;
  for (const char c : code) {
    if (c == '\n') ++line;
    if (c != ';' && c != '{' && c != '}') {
      statement += c;
      continue;
    }
    if (std::regex_search(statement, clock) && std::regex_search(statement, seed)) {
      violations.push_back(Place(file, line) + "a seed from a clock");
    }
    statement.clear();
  }
  return violations;
}

bool IsBuildFile(std::string_view path) {
  return path.ends_with("CMakeLists.txt") || path.ends_with(".cmake") ||
         path.ends_with("CMakePresets.json");
}

Violations CheckFlags(const SourceFile& file) {
  static const std::vector<Rule> rules = {
      {std::regex("-ffast-math|-Ofast|-funsafe-math-optimizations|-fassociative-math|"
                  "-freciprocal-math|-ffinite-math-only|-fno-signed-zeros"),
       "lets results depend on the optimiser"},
      {std::regex("-ffp-contract=(fast|on)"),
       "fuses multiply-adds that the source does not ask for"},
  };
  std::string text;
  for (const std::string& line : Lines(file.text)) {
    // CMake's comments; JSON has none.
    text += file.path.ends_with(".json") ? line : line.substr(0, line.find('#'));
    text += '\n';
  }
  return Search(file, text, rules);
}

TEST(Randomness, ComesFromKeysAlone) {
  Violations violations;
  for (const SourceFile& file : ReadSources({"mote", "tests", "examples", "bench"}, IsCpp)) {
    if (IsGenerator(file.path)) continue;
    for (std::string& violation : CheckRandomness(file)) violations.push_back(std::move(violation));
  }
  EXPECT_THAT(violations, IsEmpty()) << ToText(violations);
}

TEST(Randomness, FindsPlantedViolations) {
  const auto check = [](const char* code) { return CheckRandomness({"mote/a.cc", code}); };
  EXPECT_THAT(check("\n#include <random>\n"), ElementsAre(HasSubstr("mote/a.cc:2: <random>")));
  for (const char* code :
       {"int x = std::rand();", "int x = rand ();", "::srand(1);", "std::random_device device;",
        "std::mt19937 g(1);", "double x = drand48();", "std::random_shuffle(a, b);",
        "auto t = time(nullptr);", "auto t = std::time(NULL);", "time_t t; ::time(&t);",
        "#pragma GCC optimize(x)\n", "__attribute__((optimize(x))) void f();"}) {
    EXPECT_THAT(check(code), ElementsAre(HasSubstr("mote/a.cc:1: "))) << code;
  }
  EXPECT_THAT(check("Rng rng(Key(std::chrono::system_clock::now().time_since_epoch().count()));"),
              ElementsAre(HasSubstr("a seed from a clock")));
  EXPECT_THAT(check("void f() {\n  options.seed =\n      clock();\n}"),
              ElementsAre(HasSubstr("a.cc:3: a seed from a clock")));
}

TEST(Randomness, LetsWhatIsAllowedPass) {
  for (const char* code :
       {"// std::rand() would be wrong", "f(\"srand(1)\");", "double Randomness(int operand);",
        "auto date = std::chrono::system_clock::now();", "double time(int step);",
        "result.time(nullptr);", "Rng rng(Key(seed, epoch)); start = steady_clock::now();",
        "int operand(0); brand(1);"}) {
    EXPECT_THAT(CheckRandomness({"mote/a.cc", code}), IsEmpty()) << code;
  }
}

TEST(FloatingPoint, NoFlagLetsTheOptimiserRegroupSums) {
  auto files = ReadSources({"mote", "tests", "examples", "bench", "cmake"}, IsBuildFile);
  for (const char* name : {"CMakeLists.txt", "CMakePresets.json"}) {
    files.push_back({name, ReadFile(std::string(MOTE_SOURCE_DIR "/") + name)});
  }
  ASSERT_GT(files.size(), 10u);
  Violations violations;
  for (const SourceFile& file : files) {
    for (std::string& violation : CheckFlags(file)) violations.push_back(std::move(violation));
  }
  EXPECT_THAT(violations, IsEmpty()) << ToText(violations);
}

TEST(FloatingPoint, FindsAPlantedFlag) {
  EXPECT_THAT(CheckFlags({"CMakeLists.txt", "# -ffast-math\nadd_compile_options(-ffast-math)\n"}),
              ElementsAre("CMakeLists.txt:2: lets results depend on the optimiser"));
  EXPECT_THAT(CheckFlags({"CMakePresets.json", "{\"CMAKE_CXX_FLAGS\": \"#1 -Ofast\"}"}),
              ElementsAre(HasSubstr("optimiser")));
  EXPECT_THAT(CheckFlags({"cmake/a.cmake", "-ffp-contract=fast"}), ElementsAre(HasSubstr("fuses")));
  EXPECT_THAT(CheckFlags({"cmake/a.cmake", "-ffp-contract=off"}), IsEmpty());
}

}  // namespace
}  // namespace mote
