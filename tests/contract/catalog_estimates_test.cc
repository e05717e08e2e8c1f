// Every preset, estimator and strategy of the build does what its kind promises.
#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>
#include <tuple>

#include "mote/base/rng.h"
#include "mote/probe/probe.h"
#include "mote/search/fake_space.h"
#include "tests/contract/catalog_walk.h"

namespace mote {
namespace {

using ::testing::HasSubstr;

const Catalog& All() { return BuiltinCatalog(); }

// The default, which also gives single gradients and activations.
std::unique_ptr<Backend> FastBackend() {
  const std::string name = "native";
  return All().backends.Create(name, CheapOptions(All().backends.Find(name).options));
}

std::unique_ptr<Preset> CheapPreset(const std::string& name) {
  return All().presets.Create(name, CheapOptions(All().presets.Find(name).options));
}

// Normalised before the head, without which a tangent kernel is singular (probe/kernel.h).
NetworkChoice SmallNetwork() {
  NetworkChoice network{.name = "small", .skeleton = RowSkeleton(2, 4), .image_size = 8};
  network.skeleton.head_norm_relu = true;
  return network;
}

// Images that moments of training tell apart: of ten shades, a class each, with noise.
std::shared_ptr<const Dataset> Shades() {
  Dataset::Content content;
  content.kind = content.name = "shades";
  content.height = content.width = 8;
  for (int c = 0; c < 10; ++c) content.class_names.push_back(std::to_string(c));
  Split& train = content.splits["train"];
  Rng rng(Key(3, "shades"));
  for (int i = 0; i < 500; ++i) {
    train.labels.push_back(i % 10);
    for (int k = 0; k < 8 * 8 * 3; ++k) {
      train.pixels.push_back(std::uint8_t(20 * (i % 10) + rng.Below(50)));
    }
  }
  return std::make_shared<const Dataset>(std::move(content));
}

// All decisions alike, for each option in turn, and some that are not: of NAS-Bench-201 these are
// the cells of nothing, of skips, of each operation, and one where all are mixed.
std::vector<Architecture> SixCells(const SearchSpace& space) {
  std::vector<Architecture> cells;
  int options = space.choices()[0].options.size();
  for (const Choice& choice : space.choices())
    options = std::min(options, int(choice.options.size()));
  for (int o = 0; o < std::min(options, 5); ++o) {
    cells.push_back(space.Make(std::vector<int>(space.choices().size(), o)));
  }
  Rng rng(Key(3, "six-cells"));
  while (cells.size() < 6) {
    const Architecture cell = SampleUniform(space, rng);
    if (space.IsConnected(cell) && space.CountLiveEdges(cell).convs() > 1) cells.push_back(cell);
  }
  return cells;
}

TEST(EveryPreset, IsWhatItsNameSaysAndCanBeBuilt) {
  const auto space = All().spaces.Create("nasbench201", {});
  const Architecture cell = space->Parse("312034");
  const auto noise = LoadDataset(All().datasets, "noise", {.image_size = 32, .seed = 1});
  ForEachComponent(All().presets, [&](const std::string& name, const auto& entry) {
    const auto preset = All().presets.Create(name, {});
    EXPECT_EQ(preset->name, name);
    EXPECT_EQ(preset->summary, entry.summary);
    const TrainingProbe probe(preset->recipe);
    EXPECT_GT(probe.ForecastMacs(*space, cell, *noise), 1e6);
  });
}

TEST(EveryPreset, DiffersFromTheOthers) {
  std::map<std::string, std::string> name_of_recipe;
  ForEachComponent(All().presets, [&](const std::string& name, const auto&) {
    const std::string recipe = All().presets.Create(name, {})->recipe.ToJson().dump();
    const auto [same, is_new] = name_of_recipe.emplace(recipe, name);
    EXPECT_TRUE(is_new) << "its recipe is that of " << same->second;
  });
}

// What an option changes is part of a probe's key, or stored results would be mistaken.
TEST(EveryPreset, HasRecipesThatTellItsOptionsApart) {
  ForEachComponent(All().presets, [&](const std::string& name, const auto& entry) {
    const std::string plain = All().presets.Create(name, {})->recipe.ToJson().dump();
    for (const OptionSpec& option : entry.options) {
      std::string other;
      for (const std::string& choice : option.choices) {
        if (choice != ToText(option.default_value)) other = choice;
      }
      if (const auto* count = std::get_if<std::int64_t>(&option.default_value)) {
        other = std::to_string(*count + 1);
      } else if (const auto* real = std::get_if<double>(&option.default_value)) {
        other = ToText(OptionValue(*real / 2));
      }
      ASSERT_FALSE(other.empty()) << option.name;
      EXPECT_NE(All().presets.Create(name, {{option.name, other}})->recipe.ToJson().dump(), plain)
          << option.name << "=" << other << " changes nothing";
    }
  });
}

TEST(EveryPreset, HasConstantsOfBothForms) {
  ForEachComponent(All().presets, [&](const std::string& name, const auto&) {
    const auto preset = All().presets.Create(name, {});
    ASSERT_TRUE(preset->slides.has_value());
    ASSERT_TRUE(preset->released.has_value());
    for (const Calibration& calibration : {*preset->slides, *preset->released}) {
      EXPECT_FALSE(calibration.source.empty());
      if (preset->unlearnable_is_worst) {  // a small one: measured, not published
        EXPECT_THAT(calibration.source, HasSubstr("mote calibrate --preset " + name));
        for (const char* word : {"--cells", "--seed", "--data"}) {
          EXPECT_THAT(calibration.source, HasSubstr(word));
        }
      }
      for (const TermTransform& term : {calibration.landscape, calibration.speed}) {
        EXPECT_TRUE(std::isfinite(term.lambda) && std::isfinite(term.shift));
        EXPECT_LT(std::abs(term.lambda), 10);
        EXPECT_GT(term.weight, 0);
        EXPECT_TRUE(std::isfinite(term.weight));
      }
    }
  });
}

TEST(EveryEstimator, IsMadeForEveryPresetAndExplainsItself) {
  ForEachComponent(All().estimators, [&](const std::string& name, const auto& entry) {
    for (const std::string& preset_name : All().presets.Names()) {
      const auto preset = All().presets.Create(preset_name, {});
      const auto estimator = All().estimators.Create(name, {}, Setting{*preset});
      const EstimatorInfo info = estimator->info();
      EXPECT_EQ(info.name, name);
      EXPECT_GE(info.version, 1);
      EXPECT_FALSE(info.unit.empty());
      EXPECT_EQ(info.cost == CostClass::kFree, estimator->Needs().empty());
      for (const auto& probe : estimator->Needs()) {
        EXPECT_FALSE(probe->name().empty());
        EXPECT_GE(probe->version(), 1);
        EXPECT_TRUE(probe->ToJson().is_object());
      }
    }
    for (const OptionSpec& option : entry.options) {
      for (const std::string& choice : option.choices) {
        const auto preset = CheapPreset("faster");
        EXPECT_NE(All().estimators.Create(name, {{option.name, choice}}, Setting{*preset}),
                  nullptr);
      }
    }
  });
}

TEST(EveryEstimator, RepeatsReentersAndIsANumberOrAFailure) {
  const auto space = All().spaces.Create("nasbench201", {});
  const auto backend = FastBackend();
  DataCache data(Shades());
  const auto preset = CheapPreset("faster");
  const auto cells = SixCells(*space);
  const Task target{.height = 32, .width = 32, .channels = 3, .classes = 10};
  ForEachComponent(All().estimators, [&](const std::string& name, const auto& entry) {
    const auto estimator = All().estimators.Create(
        name, CheapOptions(entry.options), Setting{.preset = *preset, .network = SmallNetwork()});
    const auto read_all = [&] {
      std::vector<Outcome<double>> values;
      const ProbeContext context{.space = *space,
                                 .backend = *backend,
                                 .data = data,
                                 .seed = 1,
                                 .replicate = 0,
                                 .check_stop = {}};
      for (const Architecture& cell : cells) {
        std::vector<Outcome<ProbeResult>> results;
        for (const auto& probe : estimator->Needs()) {
          results.push_back(probe->Run(context, space->Canonicalize(cell)));
        }
        std::vector<const ProbeResult*> read;
        const Failure* failure = nullptr;
        for (const auto& result : results) {
          if (result) {
            read.push_back(&*result);
          } else {
            failure = &result.failure();
          }
        }
        values.push_back(failure ? Outcome<double>(*failure)
                                 : estimator->Read({*space, cell, target}, read));
      }
      return values;
    };
    const auto once = read_all();
    std::vector<Outcome<double>> here, there;
    std::thread one([&] { here = read_all(); });
    std::thread two([&] { there = read_all(); });
    one.join();
    two.join();
    ASSERT_EQ(once.size(), 6u);
    // In every bit: the default backends promise it.
    EXPECT_TRUE(here == once) << "another thread reads other values";
    EXPECT_TRUE(there == once) << "another thread reads other values";
    std::set<double> different;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (once[i]) {
        // Degenerate networks have a stated value, which may be infinite.
        EXPECT_FALSE(std::isnan(*once[i])) << cells[i].text();
        different.insert(*once[i]);
      } else {
        EXPECT_FALSE(once[i].failure().message.empty()) << cells[i].text();
      }
    }
    EXPECT_GE(different.size(), 2u) << "says the same of all cells";
  });
}

// A utility without structure, that fails every seventh time.
Outcome<double> Erratic(const Request& request) {
  const std::uint64_t hash = request.architecture.id().low;
  if (hash % 7 == 0) return Failure{FailureKind::kDiverged, "every seventh"};
  return double(hash % 1000);
}

// Who wants more estimators than there are says how many it wants.
bool NeedsTwo(const std::string& strategy, const SearchProblem& problem) {
  try {
    All().strategies.Create(strategy, {}, problem);
    return false;
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("two estimators"));
    return true;
  }
}

TEST(EveryStrategy, ReplaysFromWhatItWasTold) {
  const auto space = All().spaces.Create("nasbench201", {});
  const Feasible feasible = [&](const Architecture& architecture) {
    return space->IsConnected(architecture) && space->CountLiveEdges(architecture).pool == 0;
  };
  const SearchProblem with_one{.space = *space, .feasible = feasible, .seed = 9};
  SearchProblem with_two = with_one;
  with_two.estimators = 2;
  ForEachComponent(All().strategies, [&](const std::string& name, const auto&) {
    const SearchProblem& problem = NeedsTwo(name, with_one) ? with_two : with_one;
    const auto first = All().strategies.Create(name, {}, problem);
    const auto second = All().strategies.Create(name, {}, problem);
    const int expected = first->ExpectedRequests();
    const auto generations = RunToEnd(*first, Erratic);
    EXPECT_TRUE(RunToEnd(*second, Erratic) == generations);
    std::set<std::tuple<Architecture, int, int>> asked;
    std::set<Architecture> scored;
    bool asks_supernets = false;
    for (const auto& generation : generations) {
      for (const Request& request : generation) {
        const bool is_supernet = &space->SpaceOf(request.architecture) == space->supernet();
        asks_supernets = asks_supernets || is_supernet;
        EXPECT_TRUE(is_supernet || feasible(request.architecture)) << request.architecture.text();
        EXPECT_TRUE(
            asked.emplace(request.architecture, request.replicate, request.estimator).second)
            << "asked twice";
        if (Erratic(request).ok()) scored.insert(request.architecture);
      }
    }
    EXPECT_FALSE(scored.empty());
    EXPECT_GT(expected, 0);
    EXPECT_EQ(first->ExpectedGenerations(), int(generations.size()));
    const auto ranking = first->Ranking();
    if (asks_supernets) {
      EXPECT_FALSE(ranking.empty());
    } else {
      EXPECT_EQ(ranking.size(), scored.size());
    }
    for (const Ranked& ranked : ranking) EXPECT_TRUE(feasible(ranked.architecture));
    for (std::size_t i = 1; i < ranking.size(); ++i) {
      EXPECT_GE(ranking[i - 1].utility, ranking[i].utility);
    }
    // Bounds at their ends are settings like others.
    for (const OptionSpec& option : All().strategies.Find(name).options) {
      if (!option.minimum) continue;
      const auto least = All().strategies.Create(
          name,
          {{option.name, ToText(std::holds_alternative<double>(option.default_value)
                                    ? OptionValue(*option.minimum)
                                    : OptionValue(std::int64_t(*option.minimum)))}},
          problem);
      EXPECT_FALSE(RunToEnd(*least, Erratic).empty()) << option.name << " at its least";
    }
  });
}

}  // namespace
}  // namespace mote
