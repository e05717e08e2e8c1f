#include <gtest/gtest.h>

#include <cmath>

#include "mote/estimate/calibration.h"
#include "mote/estimate/estimator.h"
#include "mote/estimate/mote_terms.h"
#include "mote/estimate/paper_recipe.h"
#include "mote/estimate/training_losses.h"

namespace mote {

MOTE_ESTIMATOR(mote);
MOTE_ESTIMATOR(tse);

namespace {

// A space of one architecture, so that readings can be tested without networks.
class OneCell : public SearchSpace {
 public:
  std::string_view name() const override { return "one"; }
  const std::vector<Choice>& choices() const override { return choices_; }
  Architecture Parse(std::string_view) const override { return Make({0}); }
  Architecture Make(std::vector<int> decisions) const override { return {"one", decisions, "x"}; }
  bool IsConnected(const Architecture&) const override { return true; }
  LiveEdges CountLiveEdges(const Architecture&) const override {
    return {.conv_1x1 = 1, .conv_3x3 = 2};
  }
  bool HasDanglingEdges(const Architecture&) const override { return false; }
  Architecture Canonicalize(const Architecture& architecture) const override {
    return architecture;
  }
  Network Build(const Architecture&, const Skeleton&, const Task&, BuildForm) const override {
    NetworkBuilder builder({3, 4, 4});
    builder.Linear("head", builder.GlobalAvgPool("gap", 0), 10);
    return builder.Finish();
  }
  std::string Draw(const Architecture&) const override { return "x"; }

 private:
  std::vector<Choice> choices_ = {{"only", {"x"}}};
};

Preset TestPreset() {
  Preset preset;
  preset.name = "test";
  preset.released = ReleasedCalibration();
  preset.slides = Calibration{.landscape = {1, 0, 1}, .speed = {1, 0, 1}, .source = "test"};
  return preset;
}

ProbeResult MadeRun(std::vector<double> epochs, std::vector<double> line, double learnable = 1) {
  ProbeResult result;
  result.Set("epoch_loss", std::move(epochs));
  result.Set("line_loss", std::move(line));
  result.Set("learnable", {learnable});
  return result;
}

double Read(const std::string& name, std::map<std::string, std::string> options,
            const ProbeResult& run, const Preset& preset = TestPreset()) {
  EstimatorRegistry registry("estimator");
  RegisterEstimator_mote(registry);
  RegisterEstimator_tse(registry);
  const auto estimator = registry.Create(name, options, Setting{preset});
  const OneCell space;
  const Architecture only = space.Make({0});
  const ProbeResult* results[] = {&run};
  return *estimator->Read({space, only, Task{}}, results);
}

TEST(MoteTerms, ByHand) {
  const double losses[] = {2, 1, 0.5};
  EXPECT_DOUBLE_EQ(LandscapeTerm(losses, MoteForm::kReleased), 3.5);
  EXPECT_DOUBLE_EQ(LandscapeTerm(losses, MoteForm::kSlides), 3.5);
  const double epochs[] = {3, 1};
  EXPECT_DOUBLE_EQ(SpeedTerm(epochs, 6, MoteForm::kReleased), 3);
  // Two epochs of 3 s: 3/3 + 1/3.
  EXPECT_DOUBLE_EQ(SpeedTerm(epochs, 6, MoteForm::kSlides), 4.0 / 3);
}

TEST(MoteTerms, LogisticLineByHand) {
  // Binary logistic regression whose margin grows along the line as a ln 3: loss ln(1 + 3^-a).
  std::vector<double> losses;
  for (int g = 0; g <= 10; ++g) losses.push_back(std::log1p(std::pow(3.0, -g / 10.0)));
  EXPECT_NEAR(LandscapeTerm(losses, MoteForm::kReleased), 25.294507, 1e-6);
  EXPECT_NEAR(LandscapeTerm(losses, MoteForm::kSlides), 5.166180, 1e-6);
  const double three[] = {losses[0], losses[5], losses[10]};
  EXPECT_NEAR(LandscapeTerm(three, MoteForm::kReleased), 7.112957, 1e-6);
}

// Record 0 of the authors' published results.
TEST(MoteTerms, GoldenRecord) {
  const double losses[] = {4.664431095123291,  3.6533608436584473, 3.0549747943878174,
                           2.6264355182647705, 2.2701644897460938, 1.9642202854156494,
                           1.7194772958755493, 1.5255022048950195, 1.392594575881958,
                           1.3022593259811401, 1.2638765573501587};
  const double landscape = LandscapeTerm(losses, MoteForm::kReleased);
  EXPECT_NEAR(landscape, 5.660083397658493, 1e-12);
  const std::vector<double> epochs(50, 80.56241309642792 / 50);
  const double speed = SpeedTerm(epochs, 5.555690377019346, MoteForm::kReleased);
  EXPECT_NEAR(speed, 3.4480660170702366, 1e-12);
  EXPECT_NEAR(JoinTerms(landscape, speed, ReleasedCalibration()), 4.277557169850038, 1e-12);
}

TEST(MoteTerms, WeightsOfTheReleasedCode) {
  EXPECT_NEAR(ReleasedCalibration().landscape.weight, 0.8993536, 1e-9);
  EXPECT_NEAR(ReleasedCalibration().speed.weight, 0.3658421, 1e-7);
}

TEST(MoteTerms, CountedSeconds) {
  EXPECT_DOUBLE_EQ(CountedSeconds({}), 6.338);
  EXPECT_DOUBLE_EQ(CountedSeconds({.skip = 3, .conv_1x1 = 2, .conv_3x3 = 1, .pool = 1}),
                   6.338 + 2 * 0.704 + 1.134);
}

TEST(Mote, ReadsBothTermsAndTheirSum) {
  const ProbeResult run = MadeRun({2, 2}, {2, 1, 0.5});
  const double seconds = 6.338 + 0.704 + 2 * 1.134;
  EXPECT_DOUBLE_EQ(Read("mote.landscape", {}, run), 3.5);
  EXPECT_DOUBLE_EQ(Read("mote.speed", {}, run), seconds / 2);
  EXPECT_DOUBLE_EQ(Read("mote", {}, run), JoinTerms(3.5, seconds / 2, ReleasedCalibration()));
  // The slides' form with lambda 1: (L - 1) + (S - 1), S = 4 epochs-of-loss * 2 / seconds.
  EXPECT_DOUBLE_EQ(Read("mote", {{"form", "slides"}}, run), 3.5 - 1 + 8 / seconds - 1);
}

TEST(Mote, AnUnlearnableNetworkIsWorstInEitherForm) {
  const ProbeResult bad = MadeRun({9, 9}, {9, 9, 9}),
                    none = MadeRun({2.3, 2.3}, {2.3, 2.3, 2.3}, 0);
  EXPECT_LT(Read("mote", {}, none), Read("mote", {}, bad));
  EXPECT_GT(Read("mote", {{"form", "slides"}}, none), Read("mote", {{"form", "slides"}}, bad));
  EXPECT_GT(Read("tse", {}, none), Read("tse", {}, bad));
}

TEST(Mote, AnUnlearnableNetworkOfTheReleasedPresetHasItsAnalyticScore) {
  Preset preset = TestPreset();
  preset.unlearnable_is_worst = false;
  const ProbeResult none =
      MadeRun(std::vector<double>(50, std::log(10.0)), std::vector<double>(11, std::log(10.0)), 0);
  EXPECT_NEAR(Read("mote.landscape", {}, none, preset), 4.7772393, 1e-7);
}

TEST(Mote, RefusesAFormWithoutConstants) {
  Preset preset = TestPreset();
  preset.slides.reset();
  const ProbeResult run = MadeRun({2}, {2});
  EXPECT_THROW(Read("mote", {{"form", "slides"}}, run, preset), Error);
}

TEST(Tse, ByHand) {
  const ProbeResult run = MadeRun({2, 1.5, 1.2, 1.0}, {1});
  EXPECT_NEAR(Read("tse", {}, run), 5.7, 1e-12);
  EXPECT_DOUBLE_EQ(Read("tse-e", {}, run), 1.0);
  EXPECT_DOUBLE_EQ(Read("tse-e", {{"window", "2"}}, run), 2.2);
  EXPECT_DOUBLE_EQ(Read("tse-e", {{"window", "9"}}, run), Read("tse", {}, run));
  EXPECT_NEAR(Read("tse-ema", {}, run), 1.0235, 1e-12);
  EXPECT_NEAR(Read("tse-ema", {{"form", "paper"}, {"gamma", "0.9"}}, run), 4.753, 1e-12);
  EXPECT_NEAR(Read("tse-ema", {{"form", "paper"}}, run), 5.689807, 1e-6);
}

TEST(Calibration, StandardisesTheTermsItWasFittedTo) {
  const std::vector<double> landscape = {2, 3, 5, 7, 11, 13}, speed = {1, 2, 3, 4, 5, 9};
  const Calibration fit = FitCalibration(landscape, speed, "test");
  EXPECT_NEAR(fit.landscape.lambda, 0.233639, 1e-5);
  double sum = 0;
  for (int i = 0; i < 6; ++i) sum += JoinTerms(landscape[i], speed[i], fit);
  EXPECT_NEAR(sum, 0, 1e-9);
}

}  // namespace
}  // namespace mote
