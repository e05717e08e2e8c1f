#include "mote/probe/accuracy_probe.h"

#include <gmock/gmock.h>

#include <cmath>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "mote/base/error.h"
#include "mote/probe/two_points.h"

namespace mote {

MOTE_BACKEND(reference);

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// Which images an executor was given for what: images of Numbered() by their number.
struct Seen {
  std::multiset<int> trained;
  std::multiset<int> judged;
  Statistics statistics = Statistics::kBatch;  // that were judged with
};

// A network that learns nothing and writes down what it is shown.
class WatchingExecutor : public Executor {
 public:
  struct Losses {
    double training = 1;
    double validation = 2;
  };

  WatchingExecutor(Network network, Losses losses, Seen& seen)
      : network_(std::move(network)), losses_(losses), seen_(seen) {}

  const Network& network() const override { return network_; }
  void GetParameters(std::span<double>) const override {}
  void SetParameters(std::span<const double>) override {}
  void Reset(const OptimizerOptions&, const LossOptions&) override {}
  EvaluationResult Step(const Batch& batch, double) override {
    Note(batch, seen_.trained);
    return {.loss = losses_.training};
  }
  EvaluationResult Evaluate(const Batch& batch, Statistics statistics) override {
    Note(batch, seen_.judged);
    seen_.statistics = statistics;
    return {.loss = losses_.validation, .correct = 1};
  }
  double Gradient(const Batch&, std::span<double>) override { return 0; }
  void Logits(const Batch&, Statistics, std::span<double>) override {}

 private:
  void Note(const Batch& batch, std::multiset<int>& to) const {
    const std::size_t image = batch.images.size() / batch.size();
    for (int i = 0; i < batch.size(); ++i) {
      const float* pixel = &batch.images[i * image];
      to.insert(int(std::lround(pixel[0] * 255) * 256 + std::lround(pixel[1] * 255)));
    }
  }

  Network network_;
  Losses losses_;
  Seen& seen_;
};

class WatchingBackend : public Backend {
 public:
  BackendTraits traits() const override {
    return {.name = "watching", .version = "1", .device = "cpu", .isa = "any"};
  }
  std::optional<std::string> WhyUnsupported(const Network& network) const override {
    if (network.classes() == 7) return "it does not count to seven";
    return std::nullopt;
  }
  std::unique_ptr<Executor> Compile(const Network& network, int batch_size) const override {
    largest_batch = batch_size;
    return std::make_unique<WatchingExecutor>(network, losses, seen);
  }

  WatchingExecutor::Losses losses;
  mutable Seen seen;
  mutable int largest_batch = 0;
};

// sizes[c] images of each class c; the first two values of an image are its number, counted from
// `first` on through the splits.
Split Numbered(const std::vector<int>& sizes, int first) {
  Split split;
  for (std::size_t c = 0; c < sizes.size(); ++c) {
    for (int i = 0; i < sizes[c]; ++i) {
      const int number = first + split.images();
      split.labels.push_back(int(c));
      for (int k = 0; k < 12; ++k) {
        split.pixels.push_back(std::uint8_t(k == 0 ? number / 256 : k == 1 ? number % 256 : 0));
      }
    }
  }
  return split;
}

Dataset::Content Frame(int classes) {
  Dataset::Content content;
  content.kind = content.name = "made";
  content.height = content.width = 2;
  for (int c = 0; c < classes; ++c) content.class_names.push_back("class " + std::to_string(c));
  return content;
}

std::shared_ptr<const Dataset> TrainAndTest(const std::vector<int>& sizes) {
  Dataset::Content content = Frame(int(sizes.size()));
  content.splits["train"] = Numbered(sizes, 0);
  content.splits["test"] = Numbered(sizes, 10'000);
  return std::make_shared<Dataset>(std::move(content));
}

AccuracyRecipe Recipe() {
  AccuracyRecipe recipe;
  recipe.training.epochs = 3;
  recipe.training.batch_size = 8;
  recipe.training.keep_partial_batch = true;
  recipe.training.schedule.peak = 0.1;
  recipe.evaluation_batch_size = 16;
  return recipe;
}

// What the probe gives for "sees", unless told otherwise.
struct Asked {
  const char* architecture = "sees";
  int replicate = 0;
  std::uint64_t seed = 7;
  std::function<void()> stop = {};
};

Outcome<ProbeResult> RunProbe(const AccuracyRecipe& recipe, const Backend& backend,
                              std::shared_ptr<const Dataset> dataset, Asked asked = {}) {
  const TwoPoints space;
  DataCache data(std::move(dataset));
  const ProbeContext context{.space = space,
                             .backend = backend,
                             .data = data,
                             .seed = asked.seed,
                             .replicate = asked.replicate,
                             .check_stop = std::move(asked.stop)};
  return AccuracyProbe(recipe).Run(context, space.Parse(asked.architecture));
}

std::set<int> Distinct(const std::multiset<int>& numbers) {
  return {numbers.begin(), numbers.end()};
}

// How many of the numbers 0 .. sizes[0]-1 of class 0, of the next of class 1, ...
std::vector<int> CountByClass(const std::set<int>& numbers, const std::vector<int>& sizes) {
  std::vector<int> counts;
  int first = 0;
  for (int size : sizes) {
    counts.push_back(
        int(std::distance(numbers.lower_bound(first), numbers.lower_bound(first + size))));
    first += size;
  }
  return counts;
}

TEST(AccuracyProbe, JudgesOnImagesThatItDidNotTrainOn) {
  const std::vector<int> sizes = {30, 10, 3, 2, 50};
  WatchingBackend backend;
  const auto result = RunProbe(Recipe(), backend, TrainAndTest(sizes));
  ASSERT_TRUE(result);
  const std::set<int> trained = Distinct(backend.seen.trained);
  const std::set<int> judged = Distinct(backend.seen.judged);
  std::vector<int> common;
  std::set_intersection(trained.begin(), trained.end(), judged.begin(), judged.end(),
                        std::back_inserter(common));
  EXPECT_THAT(common, ElementsAre());
  // A fifth of each class, at least one; together they are the training split, and of the test
  // split there is nothing.
  EXPECT_THAT(CountByClass(judged, sizes), ElementsAre(6, 2, 1, 1, 10));
  EXPECT_THAT(CountByClass(trained, sizes), ElementsAre(24, 8, 2, 1, 40));
  EXPECT_EQ(*trained.rbegin() < 95 && *judged.rbegin() < 95, true);
  // Judged once, trained on once an epoch.
  EXPECT_EQ(backend.seen.judged.size(), 20u);
  EXPECT_EQ(backend.seen.trained.size(), 3u * 75);
  EXPECT_EQ((*result)["val_images"][0], 20);
  EXPECT_EQ(backend.seen.statistics, Statistics::kRunning);
  EXPECT_EQ(backend.largest_batch, 16);
}

TEST(AccuracyProbe, ReadsMeansOverImages) {
  WatchingBackend backend;
  backend.losses = {.training = 0.75, .validation = 0.5};
  const auto result = RunProbe(Recipe(), backend, TrainAndTest({60, 50}));
  ASSERT_TRUE(result);
  EXPECT_THAT((*result)["epoch_loss"], ElementsAre(0.75, 0.75, 0.75));
  EXPECT_THAT((*result)["val_loss"], ElementsAre(0.5));
  EXPECT_THAT((*result)["val_accuracy"], ElementsAre(2.0 / 22)) << "one of each batch, 16 and 6";
}

TEST(AccuracyProbe, TakesTheValidationSplitWhereThereIsOne) {
  Dataset::Content content = Frame(2);
  content.splits["train"] = Numbered({20, 20}, 0);
  content.splits["val"] = Numbered({9, 4}, 1000);
  content.splits["test"] = Numbered({9, 9}, 2000);
  AccuracyRecipe recipe = Recipe();
  recipe.data.images = 10;  // to train on; all are judged on
  WatchingBackend backend;
  const auto result = RunProbe(recipe, backend, std::make_shared<Dataset>(std::move(content)));
  ASSERT_TRUE(result);
  const std::set<int> trained = Distinct(backend.seen.trained);
  EXPECT_THAT(trained, SizeIs(10));
  EXPECT_LT(*trained.rbegin(), 40);
  const std::set<int> judged = Distinct(backend.seen.judged);
  EXPECT_THAT(judged, SizeIs(13));
  EXPECT_GE(*judged.begin(), 1000);
  EXPECT_LT(*judged.rbegin(), 1013);
  EXPECT_EQ((*result)["val_images"][0], 13);
}

TEST(AccuracyProbe, SetsOthersAsideWithAnotherSeed) {
  const auto judged = [](std::uint64_t seed, int replicate) {
    WatchingBackend backend;
    EXPECT_TRUE(RunProbe(Recipe(), backend, TrainAndTest({40, 40}),
                         {.replicate = replicate, .seed = seed}));
    return Distinct(backend.seen.judged);
  };
  EXPECT_EQ(judged(7, 0), judged(7, 0));
  EXPECT_NE(judged(7, 0), judged(8, 0));
  EXPECT_NE(judged(7, 0), judged(7, 1));
}

TEST(AccuracyProbe, RefusesDataOfWhichNothingIsLeftToTrainOn) {
  WatchingBackend backend;
  try {
    (void)RunProbe(Recipe(), backend, TrainAndTest({1, 1, 1}));
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(error.what(), HasSubstr("there are 3; give the data a split val"));
  }
  EXPECT_TRUE(backend.seen.trained.empty());
}

TEST(AccuracyProbe, FailsWhenALossIsNoNumber) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  for (const WatchingExecutor::Losses& losses : {WatchingExecutor::Losses{.training = kInfinity},
                                                 {.training = kNan},
                                                 {.validation = kInfinity},
                                                 {.validation = kNan}}) {
    WatchingBackend backend;
    backend.losses = losses;
    const auto result = RunProbe(Recipe(), backend, TrainAndTest({10, 10}));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.failure().kind, FailureKind::kDiverged);
    EXPECT_THAT(result.failure().message, HasSubstr("not finite"));
  }
}

TEST(AccuracyProbe, FailsWhereNoBackendHelps) {
  WatchingBackend backend;
  const auto result = RunProbe(Recipe(), backend, TrainAndTest(std::vector<int>(7, 5)));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.failure().kind, FailureKind::kUnsupported);
  EXPECT_EQ(result.failure().message, "it does not count to seven");
}

TEST(AccuracyProbe, DoesNotTrainWhatCannotLearn) {
  WatchingBackend backend;
  const auto result =
      RunProbe(Recipe(), backend, TrainAndTest({10, 10, 10, 10}), {.architecture = "blind"});
  ASSERT_TRUE(result);
  EXPECT_THAT((*result)["val_accuracy"], ElementsAre(0.25));
  EXPECT_THAT((*result)["val_loss"], ElementsAre(std::log(4.0)));
  EXPECT_THAT((*result)["val_images"], ElementsAre(8));
  EXPECT_TRUE(backend.seen.trained.empty() && backend.seen.judged.empty());
}

TEST(AccuracyProbe, StopsBetweenEpochs) {
  WatchingBackend backend;
  int asked = 0;
  const auto stop = [&] {
    if (++asked == 3) throw std::runtime_error("stop");
  };
  EXPECT_THROW((void)RunProbe(Recipe(), backend, TrainAndTest({10, 10}), {.stop = stop}),
               std::runtime_error);
  EXPECT_EQ(backend.seen.trained.size(), 2u * 16) << "two epochs";
  EXPECT_TRUE(backend.seen.judged.empty());
}

// From here on with real arithmetic.

std::unique_ptr<Backend> Reference() {
  BackendRegistry registry("backend");
  RegisterBackend_reference(registry);
  return registry.Create("reference", {});
}

// Class 0 is red, class 1 blue, with noise that is small beside the difference.
std::shared_ptr<const Dataset> RedAndBlue() {
  Dataset::Content content = Frame(2);
  Rng noise(Key(1, "red and blue"));
  Split& train = content.splits["train"];
  for (int i = 0; i < 100; ++i) {
    train.labels.push_back(i % 2);
    for (int k = 0; k < 12; ++k) {
      const bool bright = k % 3 == (i % 2 == 0 ? 0 : 2);
      train.pixels.push_back(std::uint8_t((bright ? 180 : 20) + noise.Below(50)));
    }
  }
  return std::make_shared<Dataset>(std::move(content));
}

AccuracyRecipe RealRecipe() {
  AccuracyRecipe recipe = Recipe();
  recipe.training.epochs = 10;
  recipe.training.optimizer.kind = OptimizerKind::kSgd;
  recipe.training.schedule = {ScheduleKind::kCosine, 0.5};
  return recipe;
}

TEST(AccuracyProbe, OfATrainedNetworkBeatsChance) {
  const auto backend = Reference();
  const auto result = RunProbe(RealRecipe(), *backend, RedAndBlue());
  ASSERT_TRUE(result);
  EXPECT_EQ((*result)["val_images"][0], 20);
  EXPECT_GE((*result)["val_accuracy"][0], 0.95) << "a straight line tells the colours apart";
  EXPECT_LT((*result)["val_loss"][0], 0.5 * std::log(2.0));
  EXPECT_LT((*result)["epoch_loss"][9], 0.5 * (*result)["epoch_loss"][0]);
  // It is the training that does it.
  AccuracyRecipe idle = RealRecipe();
  idle.training.schedule.peak = 0;
  int good = 0;
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    good += (*RunProbe(idle, *backend, RedAndBlue(), {.seed = seed}))["val_accuracy"][0] > 0.9;
  }
  EXPECT_LT(good, 6);
}

TEST(AccuracyProbe, GivesTheSameBitsFromTheSameSeed) {
  const auto backend = Reference();
  const auto once = RunProbe(RealRecipe(), *backend, RedAndBlue());
  EXPECT_EQ(once, RunProbe(RealRecipe(), *Reference(), RedAndBlue()));
  EXPECT_NE(once, RunProbe(RealRecipe(), *backend, RedAndBlue(), {.replicate = 1}));
  EXPECT_NE(once, RunProbe(RealRecipe(), *backend, RedAndBlue(), {.seed = 8}));
}

TEST(AccuracyProbe, OfADivergingNetworkIsAFailure) {
  AccuracyRecipe recipe = RealRecipe();
  recipe.training.optimizer.weight_decay = 5e-4;
  recipe.training.schedule = {ScheduleKind::kConstant, 1e200};
  const auto result = RunProbe(recipe, *Reference(), RedAndBlue());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.failure().kind, FailureKind::kDiverged);
}

TEST(AccuracyProbe, HasAKeyOfAllThatItsResultDependsOn) {
  const auto key = [](const AccuracyRecipe& recipe) {
    return ProbeKey(AccuracyProbe(recipe), HashOf("cell"), *RedAndBlue(), 1, 0, {});
  };
  const Hash128 plain = key(Recipe());
  EXPECT_EQ(plain, key(Recipe()));
  const std::function<void(AccuracyRecipe&)> changes[] = {
      [](auto& recipe) { recipe.skeleton = BenchmarkSkeleton(); },
      [](auto& recipe) { recipe.data.images = 5; },
      [](auto& recipe) { recipe.training.epochs = 4; },
      [](auto& recipe) { recipe.initializer = Initializer::kGlorotUniform; },
      [](auto& recipe) { recipe.holdout = 0.3; },
      [](auto& recipe) { recipe.evaluation_batch_size = 17; },
  };
  std::set<Hash128> keys = {plain};
  for (const auto& change : changes) {
    AccuracyRecipe recipe = Recipe();
    change(recipe);
    EXPECT_TRUE(keys.insert(key(recipe)).second) << keys.size();
  }
}

}  // namespace
}  // namespace mote
