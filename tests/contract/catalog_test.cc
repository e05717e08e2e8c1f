// Whoever registers a component is tested here, before a test is written for it: every component of
// the build is walked, without exceptions by name.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "mote/base/file.h"
#include "mote/base/rng.h"
#include "mote/data/test_files.h"
#include "mote/space/operators.h"
#include "tests/contract/catalog_walk.h"

namespace mote {

// The functions that the components of this build register themselves by.
#define MOTE_DECLARE_estimator(name) MOTE_ESTIMATOR(name);
#define MOTE_DECLARE_ranking(name) MOTE_RANKING(name);
#define MOTE_DECLARE_preset(name) MOTE_PRESET(name);
#define MOTE_DECLARE_dataset(name) MOTE_DATASET(name);
#define MOTE_DECLARE_space(name) MOTE_SPACE(name);
#define MOTE_DECLARE_strategy(name) MOTE_STRATEGY(name);
#define MOTE_DECLARE_backend(name) MOTE_BACKEND(name);
#define MOTE_COMPONENT(kind, name) MOTE_DECLARE_##kind(name)
#include "mote/run/components.inc"
#undef MOTE_COMPONENT

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Catalog& All() { return BuiltinCatalog(); }

// What a component's file adds to an empty registry is in the catalog; the names go to `found`.
template <typename Registry, typename Register>
void ExpectRegistered(const Registry& catalog, Register add, const char* file,
                      std::set<std::string>& found) {
  Registry own(catalog.kind());
  add(own);
  EXPECT_FALSE(own.entries().empty()) << file << " registers nothing";
  for (const std::string& name : own.Names()) {
    EXPECT_TRUE(catalog.Contains(name)) << catalog.kind() << " " << name << " was dropped";
    EXPECT_TRUE(found.insert(catalog.kind() + " " + name).second) << name << " twice";
  }
}

// mote_component is the only way in, and leads all of them in, though they come from static
// libraries that nothing else refers to.
TEST(Catalog, HoldsExactlyTheComponentsOfTheBuild) {
  std::set<std::string> found;
  int files = 0;
#define MOTE_CHECK_estimator(name) \
  ExpectRegistered(All().estimators, RegisterEstimator_##name, #name, found);
#define MOTE_CHECK_ranking(name) \
  ExpectRegistered(All().rankings, RegisterRanking_##name, #name, found);
#define MOTE_CHECK_preset(name) \
  ExpectRegistered(All().presets, RegisterPreset_##name, #name, found);
#define MOTE_CHECK_dataset(name) \
  ExpectRegistered(All().datasets, RegisterDataset_##name, #name, found);
#define MOTE_CHECK_space(name) ExpectRegistered(All().spaces, RegisterSpace_##name, #name, found);
#define MOTE_CHECK_strategy(name) \
  ExpectRegistered(All().strategies, RegisterStrategy_##name, #name, found);
#define MOTE_CHECK_backend(name) \
  ExpectRegistered(All().backends, RegisterBackend_##name, #name, found);
#define MOTE_COMPONENT(kind, name) MOTE_CHECK_##kind(name)++ files;
#include "mote/run/components.inc"
#undef MOTE_COMPONENT
  EXPECT_GE(files, 20);
  const auto expect_known = [&found](const auto& registry) {
    for (const std::string& name : registry.Names()) {
      EXPECT_TRUE(found.contains(registry.kind() + " " + name)) << name << " came from elsewhere";
    }
    return registry.entries().size();
  };
  EXPECT_EQ(expect_known(All().estimators) + expect_known(All().rankings) +
                expect_known(All().presets) + expect_known(All().datasets) +
                expect_known(All().spaces) + expect_known(All().strategies) +
                expect_known(All().backends),
            found.size());
}

// Every .cc with a registration line has its line in a CMakeLists.txt.
TEST(Catalog, HoldsEveryComponentOfTheSourceTree) {
  const std::filesystem::path root = MOTE_SOURCE_DIR;
  std::set<std::string> built;
#define MOTE_COMPONENT(kind, name) built.insert(#kind " " #name);
#include "mote/run/components.inc"
#undef MOTE_COMPONENT
  int lines = 0;
  for (const char* kind :
       {"estimator", "ranking", "preset", "dataset", "space", "strategy", "backend"}) {
    std::string macro = std::string("\nMOTE_") + kind + "(";
    std::transform(macro.begin(), macro.end(), macro.begin(),
                   [](char letter) { return letter >= 'a' ? char(letter - 32) : letter; });
    for (const auto& file : std::filesystem::recursive_directory_iterator(root / "mote")) {
      // Optional parts may be left out of a build.
      if (file.path().extension() != ".cc" || file.path().string().ends_with("_test.cc") ||
          file.path().parent_path().filename() == "torch" ||
          file.path().filename() == "test_files.cc") {
        continue;
      }
      const std::string text = ReadFile(file.path());
      const std::size_t at = text.find(macro);
      if (at == std::string::npos) continue;
      ++lines;
      const std::size_t begin = at + macro.size();
      const std::string name = text.substr(begin, text.find(')', begin) - begin);
      EXPECT_TRUE(built.contains(std::string(kind) + " " + name))
          << file.path() << " lacks its line mote_component(" << kind << " " << name << ")";
    }
  }
  EXPECT_GE(lines, 20) << "registration lines are no longer recognised";
}

template <typename Registry>
void ExpectExplained(const Registry& registry) {
  ForEachComponent(registry, [](const std::string& name, const auto& entry) {
    EXPECT_THAT(name, testing::MatchesRegex("[a-z0-9][a-z0-9.-]*"));
    EXPECT_FALSE(entry.summary.empty());
    EXPECT_THAT(entry.summary, Not(HasSubstr("\n")));
    std::set<std::string> names;
    for (const OptionSpec& option : entry.options) {
      SCOPED_TRACE("option " + option.name);
      EXPECT_TRUE(names.insert(option.name).second) << "declared twice";
      EXPECT_THAT(option.name, testing::MatchesRegex("[a-z0-9_]+"));
      EXPECT_FALSE(option.help.empty());
      EXPECT_THAT(option.help, Not(HasSubstr("\n")));
      if (option.minimum && option.maximum) {
        EXPECT_LE(*option.minimum, *option.maximum);
      }
      // The default is within its bounds, and survives being written and read.
      const std::string written = ToText(option.default_value);
      try {
        const Options options(name, entry.options, {{option.name, written}});
        EXPECT_EQ(options.values().at(option.name), option.default_value);
      } catch (const Error& error) {
        ADD_FAILURE() << "the default is refused: " << error.what();
      }
      if (!option.choices.empty()) {
        const std::map<std::string, std::string> foreign = {{option.name, "no such choice"}};
        EXPECT_THROW(Options(name, entry.options, foreign), Error);
      }
    }
    EXPECT_THROW(Options(name, entry.options, {{"no-such-option", "1"}}), Error);
  });
}

TEST(Catalog, ExplainsEveryComponentAndOption) {
  ExpectExplained(All().estimators);
  ExpectExplained(All().presets);
  ExpectExplained(All().datasets);
  ExpectExplained(All().spaces);
  ExpectExplained(All().strategies);
  ExpectExplained(All().backends);
}

TEST(Catalog, ListsCandidatesForAnUnknownName) {
  EXPECT_ERROR(All().estimators.Find("mots"), ErrorCode::kInvalidArgument,
               testing::AllOf(HasSubstr("'mots'"), HasSubstr("mote.landscape")));
  EXPECT_ERROR(All().spaces.Find("x"), ErrorCode::kInvalidArgument, HasSubstr("nasbench201"));
}

TEST(EverySpace, ReadsWhatItWritesAndMovesValidly) {
  ForEachComponent(All().spaces, [](const std::string& name, const auto&) {
    const auto space = All().spaces.Create(name, {});
    EXPECT_EQ(space->name(), name);
    Rng rng(Key(1, "every-space", name));
    for (int i = 0; i < 200; ++i) {
      const Architecture parent = SampleUniform(*space, rng);
      SCOPED_TRACE(parent.text());
      EXPECT_EQ(parent.space(), name);
      const Architecture read = space->Parse(parent.text());
      EXPECT_EQ(read, parent);
      EXPECT_EQ(read.text(), parent.text());
      EXPECT_EQ(read.id(), parent.id());
      EXPECT_EQ(space->Make(parent.decisions()), parent);
      EXPECT_EQ(space->At(space->IndexOf(parent)), parent);

      const Architecture representative = space->Canonicalize(parent);
      EXPECT_EQ(space->Canonicalize(representative), representative);
      EXPECT_EQ(space->IsConnected(representative), space->IsConnected(parent));
      // One class, one number of weights; skips may differ.
      const LiveEdges live = space->CountLiveEdges(parent);
      EXPECT_EQ(space->CountLiveEdges(representative).conv_1x1, live.conv_1x1);
      EXPECT_EQ(space->CountLiveEdges(representative).conv_3x3, live.conv_3x3);
      EXPECT_EQ(space->FormText(representative), space->FormText(parent));
      EXPECT_FALSE(space->Draw(parent).empty());
      EXPECT_GT(space->Build(parent, RowSkeleton(1, 4), {8, 8, 3, 10}).parameters().size(), 0u);

      const Feasible connected = [&](const Architecture& one) { return space->IsConnected(one); };
      for (int changes : {1, 2}) {
        const auto child = Mutate(*space, parent, changes, connected, rng);
        if (!child) continue;  // none of a lonely parent's neighbours is connected
        EXPECT_EQ(Distance(parent, *child), changes);
        EXPECT_TRUE(space->IsConnected(*child));
        EXPECT_EQ(space->Parse(child->text()), *child);
      }
      const Architecture other = SampleUniform(*space, rng);
      const Architecture crossed = Crossover(*space, parent, other, rng);
      for (std::size_t d = 0; d < crossed.decisions().size(); ++d) {
        EXPECT_TRUE(crossed.decisions()[d] == parent.decisions()[d] ||
                    crossed.decisions()[d] == other.decisions()[d]);
      }
    }
    for (const char* foreign : {"", "no architecture", "|", "\n", "999999999"}) {
      EXPECT_ERROR(space->Parse(foreign), ErrorCode::kInvalidArgument, HasSubstr("architecture"));
    }
  });
}

TEST(EveryDataset, LoadsOrSaysWhyNot) {
  const TempFolder folder;
  const auto text = folder.Write("text.csv", "arch,accuracy\n333333,90\n");
  std::filesystem::create_directory(folder.path() / "empty");
  ForEachComponent(All().datasets, [&](const std::string& name, const auto&) {
    const auto loader = All().datasets.Create(name, {});
    for (const auto& path : {text, folder.path() / "empty", folder.path() / "nowhere"}) {
      EXPECT_FALSE(loader->Recognises(path)) << path;
      if (loader->is_named()) continue;
      try {
        loader->Load(path, {});
        ADD_FAILURE() << "loaded " << path;
      } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr(folder.path().string())) << "names no file";
      }
    }
    if (!loader->is_named()) return;
    try {
      const Dataset dataset = loader->Load("", {});
      EXPECT_EQ(dataset.name(), name);
      EXPECT_GE(dataset.classes(), 2);
      EXPECT_GT(dataset.split(Dataset::kTrain).images(), 0);
      EXPECT_EQ(loader->Load("", {}).fingerprint(), dataset.fingerprint());
      EXPECT_THAT(dataset.Describe(), HasSubstr(name));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kNotFound);
      EXPECT_GT(std::string_view(error.what()).size(), 20u) << error.what();
    }
  });
}

TEST(Assignments, AreGroupedByComponent) {
  const Assignments assignments =
      ParseAssignments(All(), {"fast.epochs=3", "mote.speed.form=slides", "fast.images=7",
                               "fast.epochs=4", "mote.calibration=a=b.json", "noise.epochs=2"});
  const Assignments expected = {{"fast", {{"epochs", "4"}, {"images", "7"}}},
                                {"mote.speed", {{"form", "slides"}}},
                                {"mote", {{"calibration", "a=b.json"}}},
                                {"noise", {{"epochs", "2"}}}};
  EXPECT_EQ(assignments, expected);
  EXPECT_TRUE(ParseAssignments(All(), {}).empty());
}

TEST(Assignments, NameFilesByAbsolutePaths) {
  const std::string here = std::filesystem::current_path().string();
  EXPECT_THAT(
      WithAbsolutePaths(All(),
                        {"mote.calibration=a/b=c.json", "fast.epochs=3", "mote.calibration=/a.json",
                         "mote.calibration=", "mote.form=slides", "mote.landscape.calibration=x"}),
      testing::ElementsAre("mote.calibration=" + here + "/a/b=c.json", "fast.epochs=3",
                           "mote.calibration=/a.json", "mote.calibration=", "mote.form=slides",
                           "mote.landscape.calibration=" + here + "/x"));
  EXPECT_ERROR(WithAbsolutePaths(All(), {"fast.epoch=1"}), ErrorCode::kInvalidArgument,
               HasSubstr("'epoch'"));
}

TEST(Assignments, AreRefusedWithTheCandidates) {
  const auto code = ErrorCode::kInvalidArgument;
  for (const char* text : {"", "fast", "fast.epochs", "=", ".epochs=1", "fast.=1", "epochs=1"}) {
    EXPECT_ERROR(ParseAssignments(All(), {text}), code, HasSubstr("component.option=value"));
  }
  EXPECT_ERROR(ParseAssignments(All(), {"fasts.epochs=1"}), code,
               testing::AllOf(HasSubstr("'fasts'"), HasSubstr("mote-nas"), HasSubstr("wide")));
  EXPECT_ERROR(ParseAssignments(All(), {"fast.epoch=1"}), code, HasSubstr("epochs, learning_rate"));
  EXPECT_ERROR(ParseAssignments(All(), {"fast.epochs=1", "fast.epochs=0"}), code,
               HasSubstr("at least 1"));
  EXPECT_ERROR(ParseAssignments(All(), {"cifar10.epochs=1"}), code, HasSubstr("none at all"));
}

}  // namespace
}  // namespace mote
