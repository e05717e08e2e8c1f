// A layer includes itself and what stands below it; only the torch backend and the oracle see
// libtorch.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>

#include "tests/contract/source_tree.h"

namespace mote {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What a layer stands on directly; it may include all that those may.
const std::map<std::string, std::vector<std::string>> kLayers = {
    {"base", {}},
    {"reading", {"base"}},
    {"graph", {"base"}},
    {"data", {"base"}},
    {"backends", {"graph"}},
    {"space", {"graph"}},
    {"record", {"space"}},
    {"train", {"backends", "data"}},
    {"probe", {"train", "record", "reading"}},
    {"estimate", {"probe"}},
    {"search", {"record"}},
    {"store", {"record"}},
    {"run", {"estimate", "search", "store"}},
    {"report", {"store"}},
    {"cli", {"run", "report"}},
};

std::set<std::string> VisibleFrom(const std::string& layer) {
  std::set<std::string> visible = {layer};
  for (const std::string& below : kLayers.at(layer)) visible.merge(VisibleFrom(below));
  return visible;
}

// "backends" of "mote/backends/torch/torch.cc"; nothing for files outside mote/ or directly in it.
std::string LayerOf(const std::string& path) {
  static const std::regex pattern("^mote/([^/]+)/.*");
  std::smatch match;
  return std::regex_match(path, match, pattern) ? match[1].str() : "";
}

bool MaySeeTorch(const std::string& path) {
  return path.starts_with("mote/backends/torch/") || path.starts_with("tests/oracle/");
}

Violations CheckIncludes(const SourceFile& file) {
  static const std::regex include("^\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"].*");
  static const std::regex torch("^(torch|ATen|c10|caffe2)/.*");
  // Highway's own form, and as private: vectors stay inside the engine.
  const bool may_see_highway = file.path.starts_with("mote/backends/native/");
  Violations violations;
  const std::string layer = LayerOf(file.path);
  if (!layer.empty() && !kLayers.contains(layer)) {
    return {file.path + ": layer '" + layer + "' is not in the table of layers"};
  }
  int number = 0;
  for (const std::string& line : Lines(CodeOnly(file.text))) {
    ++number;
    std::smatch match;
    if (!std::regex_match(line, match, include)) continue;
    const std::string target = match[2];
    const std::string place = file.path + ":" + std::to_string(number) + ": ";
    if (std::regex_match(target, torch) && !MaySeeTorch(file.path)) {
      violations.push_back(place + "only mote/backends/torch and tests/oracle include " + target);
    }
    if (layer.empty() || (may_see_highway && target.starts_with("hwy/"))) continue;
    const std::string other = LayerOf(target);
    if (match[1] == "\"" && other.empty()) {
      violations.push_back(place + "\"" + target + "\" does not start with mote/<layer>/");
    } else if (!other.empty() && !VisibleFrom(layer).contains(other)) {
      violations.push_back(place + layer + " must not include " + target);
    }
  }
  return violations;
}

TEST(IncludeDirection, PointsDownOnly) {
  const auto files = ReadSources({"mote", "tests", "examples", "bench"}, IsCpp);
  ASSERT_FALSE(files.empty());
  Violations violations;
  for (const SourceFile& file : files) {
    for (std::string& violation : CheckIncludes(file)) violations.push_back(std::move(violation));
  }
  EXPECT_THAT(violations, IsEmpty()) << ToText(violations);
}

TEST(IncludeDirection, FindsAPlantedViolation) {
  const auto check = [](const char* path, const char* line) {
    return CheckIncludes({path, std::string("// comment\n") + line + "\n"});
  };
  EXPECT_THAT(check("mote/base/a.cc", "#include \"mote/graph/network.h\""),
              ElementsAre("mote/base/a.cc:2: base must not include mote/graph/network.h"));
  EXPECT_THAT(check("mote/search/a.cc", "#include \"mote/train/trainer.h\""),
              ElementsAre(HasSubstr("must not")));
  EXPECT_THAT(check("mote/estimate/a.cc", "#include <mote/store/store.h>"),
              ElementsAre(HasSubstr("must not")));
  EXPECT_THAT(check("mote/report/a.cc", "  # include \"mote/backends/backend.h\""),
              ElementsAre(HasSubstr("must not")));
  EXPECT_THAT(check("mote/base/a.cc", "#include \"rng.h\""),
              ElementsAre(HasSubstr("does not start")));
  EXPECT_THAT(check("mote/base/a.cc", "#include \"../graph/network.h\""),
              ElementsAre(HasSubstr("does not start")));
  EXPECT_THAT(check("mote/novel/a.cc", ""), ElementsAre(HasSubstr("not in the table")));
  EXPECT_THAT(check("mote/backends/check.cc", "#include <torch/torch.h>"),
              ElementsAre(HasSubstr("only")));
  EXPECT_THAT(check("tests/conformance/a.cc", "#include <ATen/ATen.h>"),
              ElementsAre(HasSubstr("only")));
}

TEST(IncludeDirection, LetsWhatIsAllowedPass) {
  const auto check = [](const char* path, const char* line) { return CheckIncludes({path, line}); };
  EXPECT_THAT(check("mote/base/a.cc", "#include \"mote/base/rng.h\""), IsEmpty());
  EXPECT_THAT(check("mote/cli/a.cc", "#include \"mote/base/rng.h\""), IsEmpty());
  EXPECT_THAT(check("mote/probe/a.cc", "#include \"mote/space/search_space.h\""), IsEmpty());
  EXPECT_THAT(check("mote/backends/torch/torch.cc", "#include <torch/torch.h>"), IsEmpty());
  EXPECT_THAT(check("tests/oracle/a.cc", "#include <torch/torch.h>"), IsEmpty());
  EXPECT_THAT(check("mote/base/a.cc", "#include <vector>"), IsEmpty());
  EXPECT_THAT(check("mote/base/a.cc", "// #include \"mote/cli/progress.h\""), IsEmpty());
}

}  // namespace
}  // namespace mote
