// Every backend of the build computes what it takes and declines the rest in words.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "mote/base/rng.h"
#include "tests/contract/catalog_walk.h"

namespace mote {
namespace {

using ::testing::HasSubstr;

const Catalog& All() { return BuiltinCatalog(); }

TEST(EveryBackend, CompilesOrDeclinesInWords) {
  const auto space = All().spaces.Create("nasbench201", {});
  Rng rng(Key(1, "every-backend"));
  std::vector<Network> networks;
  for (const char* text : {"000000", "111111", "444444", "312034"}) {
    networks.push_back(space->Build(space->Parse(text), RowSkeleton(1, 4), {4, 4, 3, 3}));
  }
  networks.push_back(space->Build(space->Parse("312034"), PaperSkeleton(), {8, 8, 3, 10}));
  networks.push_back(space->Build(space->Parse("312034"), BenchmarkSkeleton(), {16, 16, 3, 7}));
  ForEachComponent(All().backends, [&](const std::string& name, const auto&) {
    const auto backend = All().backends.Create(name, {});
    const BackendTraits traits = backend->traits();
    EXPECT_EQ(traits.name, name);
    EXPECT_FALSE(traits.version.empty());
    EXPECT_FALSE(traits.device.empty());
    EXPECT_FALSE(traits.isa.empty());
    EXPECT_GE(traits.priority, 0);
    for (const Network& network : networks) {
      if (const auto reason = backend->WhyUnsupported(network)) {
        EXPECT_GE(reason->size(), 10u) << "not in words: " << *reason;
      } else {
        EXPECT_NE(backend->Compile(network, 8), nullptr);
      }
    }
  });
}

// Networks beyond the spaces' own, of what the builder can make.
std::vector<Network> OddNetworks() {
  using Body = std::function<int(NetworkBuilder&)>;  // returns the last operation before the head
  const Body bodies[] = {
      [](NetworkBuilder& b) { return b.AvgPool("pool", 0, 3, 1, 2); },  // windows of padding alone
      [](NetworkBuilder& b) { return b.AvgPool("pool", 0, 5, 3, 0); },
      [](NetworkBuilder& b) { return b.Conv("conv", 0, 3, 5, 3, 4); },
      [](NetworkBuilder& b) { return b.Gelu("gelu", b.Conv("conv", 0, 5, 7, 1, 3)); },
      [](NetworkBuilder& b) {
        return b.Add("sum", {0, 0, b.Zero("zero", b.shape(0))});
      },
      [](NetworkBuilder& b) {
        // With a GELU between: the gradient to the first of two norms in a row is rounding errors.
        return b.BatchNorm("norm", b.Gelu("gelu", b.BatchNorm("again", 0, 1e-3, 0.5)), 1e-5, 0.1);
      },
      [](NetworkBuilder& b) {
        return b.Mean("mean", {0, b.Relu("relu", 0), 0});
      },
      [](NetworkBuilder& b) {
        return b.Zero("zero", {4, 2, 2});
      },
      [](NetworkBuilder&) { return 0; },
  };
  std::vector<Network> networks;
  for (const Body& body : bodies) {
    NetworkBuilder builder({3, 9, 9});
    const int last = body(builder);
    builder.Linear("head", builder.GlobalAvgPool("gap", last), 4);
    networks.push_back(builder.Finish());
  }
  return networks;
}

// What a backend takes it computes; what it declines it declines in words, before it compiles it.
TEST(EveryBackend, ComputesOddNetworksOrDeclinesInWords) {
  const std::vector<Network> networks = OddNetworks();
  std::vector<float> images(2 * 9 * 9 * 3);
  Rng rng(Key(1, "odd-networks"));
  for (float& value : images) value = float(rng.Uniform());
  const std::vector<int> labels = {1, 3};
  int declined = 0;
  ForEachComponent(All().backends, [&](const std::string& name, const auto&) {
    const auto backend = All().backends.Create(name, {});
    const auto checked = MakeBackend(All(), "check(" + name + ",reference)", "cpu", {});
    for (std::size_t i = 0; i < networks.size(); ++i) {
      SCOPED_TRACE(networks[i].ToText());
      const auto reason = backend->WhyUnsupported(networks[i]);
      EXPECT_EQ(checked->WhyUnsupported(networks[i]), reason) << "the judge takes everything";
      if (reason) {
        ++declined;
        EXPECT_THAT(*reason, testing::MatchesRegex("[^\n]+ [^\n]+ [^\n]+[^.\n]"))
            << "no words that can follow \"because\"";
        continue;
      }
      const Batch batch{.images = images, .labels = labels};
      std::vector<double> parameters(networks[i].parameter_count());
      for (double& value : parameters) value = rng.Normal();
      // Forward as the judge does; what steps compute is the matter of the conformance tests.
      const auto judged = checked->Compile(networks[i], 2);
      judged->Reset({}, {});
      judged->SetParameters(parameters);
      EXPECT_NO_THROW(judged->Evaluate(batch, Statistics::kBatch));
      const auto executor = backend->Compile(networks[i], 2);
      executor->Reset({}, {});
      executor->SetParameters(parameters);
      EXPECT_TRUE(std::isfinite(executor->Step(batch, 1e-3).loss));
      EXPECT_TRUE(std::isfinite(executor->Evaluate(batch, Statistics::kBatch).loss));
    }
  });
  // Or this tests half of what it says. The reference alone declines nothing.
  EXPECT_EQ(declined > 0, All().backends.Names().size() > 1);
}

// Each choice of each option makes the backend, or is refused in words.
TEST(EveryBackend, TakesItsChoicesOrSaysWhyNot) {
  ForEachComponent(All().backends, [&](const std::string& name, const auto& entry) {
    for (const OptionSpec& option : entry.options) {
      for (const std::string& choice : option.choices) {
        try {
          EXPECT_NE(All().backends.Create(name, {{option.name, choice}}), nullptr);
        } catch (const Error& error) {
          EXPECT_EQ(error.code(), ErrorCode::kUnsupported) << error.what();
          EXPECT_THAT(error.what(), HasSubstr(choice));
        }
      }
    }
  });
}

TEST(EveryBackend, IsChosenByNameOrPriority) {
  int highest = -1;
  ForEachComponent(All().backends, [&](const std::string& name, const auto&) {
    const auto backend = MakeBackend(All(), name, "cpu", {});
    EXPECT_EQ(backend->traits().name, name);
    highest = std::max(highest, backend->traits().priority);
    const auto both = MakeBackend(All(), "check(" + name + ",reference)", "cpu", {});
    EXPECT_THAT(both->traits().name, HasSubstr(name));
  });
  EXPECT_EQ(MakeBackend(All(), "", "cpu", {})->traits().priority, highest);
}

}  // namespace
}  // namespace mote
