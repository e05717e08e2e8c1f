// Every backend's tape, on every instruction set that it has, by hand values, by differences and by
// the reference.
#include "mote/backends/tape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "mote/backends/backend.h"
#include "mote/backends/cpu_engine.h"
#include "mote/base/rng.h"

namespace mote {

MOTE_BACKEND(native);
MOTE_BACKEND(reference);

namespace {

using testing::Each;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::Pointwise;

using Numbers = std::vector<double>;

constexpr double kEpsilon = 0.01;
constexpr int kCount = 4;
constexpr Shape kImage = {2, 5, 4};

// A backend and, for the engine that has several, the instruction set it computes with.
struct Subject {
  std::string backend;
  std::string isa = "";

  std::string label() const { return backend + (isa.empty() ? "" : "_" + isa); }
  friend void PrintTo(const Subject& subject, std::ostream* out) { *out << subject.label(); }
};

std::vector<Subject> Natives() {
  std::vector<Subject> subjects;
  for (const std::string& isa : EngineIsas()) subjects.push_back({"native", isa});
  return subjects;
}

std::vector<Subject> Subjects() {
  std::vector<Subject> subjects = Natives();
  subjects.push_back({"reference"});
  return subjects;
}

std::unique_ptr<Backend> MakeBackend(const std::string& name) {
  BackendRegistry registry("backend");
  RegisterBackend_native(registry);
  RegisterBackend_reference(registry);
  return registry.Create(name, {});
}

class TapeTest : public testing::TestWithParam<Subject> {
 protected:
  void SetUp() override {
    if (!GetParam().isa.empty()) CapEngineIsa(GetParam().isa);
  }
  void TearDown() override { CapEngineIsa(EngineIsas().front()); }

  std::unique_ptr<Tape> MakeTape(const Network& network, int count,
                                 Precision precision = Precision::kDouble) const {
    return MakeBackend(GetParam().backend)->Record(network, count, precision);
  }
};

std::string LabelOf(const testing::TestParamInfo<Subject>& info) { return info.param.label(); }

Numbers Copy(std::span<const double> values) { return {values.begin(), values.end()}; }

Numbers Random(std::int64_t size, std::string_view name) {
  Rng rng(Key(7, name));
  Numbers numbers(size);
  for (double& number : numbers) number = rng.Normal();
  return numbers;
}

// A network with every operation: two branches of one convolution, one of them normalised twice.
// `frozen`: with a convolution of 1x1 and bias in the place of each batch normalisation, that is,
// with a mean and a variance which are given and not computed; see FreezeParameters.
Network Branches(bool frozen = false) {
  NetworkBuilder b(kImage);
  const auto norm = [&](const std::string& name, int src, bool affine) {
    return frozen ? b.Conv(name, src, b.shape(src).channels, 1, 1, 0, /*bias=*/true)
                  : b.BatchNorm(name, src, kEpsilon, 0.1, affine);
  };
  const int stem = norm("stem.bn", b.Conv("stem", 0, 3, 3, 1, 1), true);
  const int left_conv = b.Conv("left.conv", b.Relu("left.relu", stem), 3, 3, 2, 1, /*bias=*/true);
  const int left = b.Gelu("left.gelu", norm("left.bn", left_conv, false));
  const int right = norm("right.bn", b.AvgPool("right.pool", stem, 3, 2, 1), true);
  const int sum = b.Add("sum", {left, right, b.Zero("zero", b.shape(left)), left});
  const int average = b.Mean("average", {sum, right, left});
  b.Linear("head", b.GlobalAvgPool("mean", b.Gelu("gelu", average)), 2);
  return b.Finish();
}

// The parameters of Branches(true) which make of every value what those of Branches() make of it if
// it is normalised with the statistics of the last pass of `tape`, one of Branches().
Numbers FreezeParameters(Tape& tape, const Numbers& parameters) {
  const Network& network = tape.network();
  Numbers frozen;
  for (const Op& op : network.ops()) {
    const auto of = [&](int which) {
      const Parameter& parameter = network.parameters()[op.parameters[which]];
      return std::span(parameters).subspan(parameter.offset, parameter.elements());
    };
    if (op.kind != OpKind::kBatchNorm) {
      for (int which = 0; which < int(op.parameters.size()); ++which) {
        frozen.insert(frozen.end(), of(which).begin(), of(which).end());
      }
      continue;
    }
    const std::span<const double> src = tape.Value(op.src.front());
    const int channels = op.shape.channels;
    const double count = double(src.size()) / channels;
    Numbers kernel(channels * channels);
    Numbers bias(channels);
    for (int c = 0; c < channels; ++c) {
      double mean = 0;
      double variance = 0;
      for (std::size_t i = c; i < src.size(); i += channels) mean += src[i] / count;
      for (std::size_t i = c; i < src.size(); i += channels) {
        variance += (src[i] - mean) * (src[i] - mean) / count;
      }
      const double gamma = op.is_affine() ? of(0)[c] : 1;
      kernel[c * channels + c] = gamma / std::sqrt(variance + kEpsilon);
      bias[c] = (op.is_affine() ? of(1)[c] : 0) - mean * kernel[c * channels + c];
    }
    frozen.insert(frozen.end(), kernel.begin(), kernel.end());
    frozen.insert(frozen.end(), bias.begin(), bias.end());
  }
  return frozen;
}

// A tape of Branches() after one pass, with what a test asks most of.
struct Recorded {
  Recorded(const std::string& backend, NormMode mode)
      : parameters(Random(network.parameter_count(), "parameters")),
        images(Random(kCount * kImage.elements(), "images")),
        tape(MakeBackend(backend)->Record(network, kCount, Precision::kDouble)) {
    tape->SetParameters(parameters);
    // So that the running statistics are not 0 and 1.
    tape->Forward(Random(kCount * kImage.elements(), "earlier"), kCount, NormMode::kBatch, true);
    tape->Forward(images, kCount, mode);
  }

  Numbers RandomSlopes(int op) const {
    return Random(kCount * network.op(op).shape.elements(), "slopes");
  }

  const Network network = Branches();
  const Numbers parameters;
  const Numbers images;
  const std::unique_ptr<Tape> tape;
};

double Product(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

// Central differences of `function` at `point`.
template <typename Function>
Numbers Differences(Numbers point, Function function) {
  constexpr double kStep = 1e-5;
  Numbers slopes;
  for (double& x : point) {
    const double kept = x;
    x = kept + kStep;
    const double above = function(point);
    x = kept - kStep;
    const double below = function(point);
    x = kept;
    slopes.push_back((above - below) / (2 * kStep));
  }
  return slopes;
}

void ExpectClose(std::span<const double> values, const Numbers& expected, double tolerance) {
  EXPECT_THAT(Copy(values), Pointwise(testing::DoubleNear(tolerance), expected));
}

// From the logits and from operations inside.
TEST_P(TapeTest, GivesTheSlopesOfDifferences) {
  for (const NormMode mode :
       {NormMode::kBatch, NormMode::kFrozen, NormMode::kRunning, NormMode::kIdentity}) {
    SCOPED_TRACE(int(mode));
    Recorded recorded(GetParam().backend, mode);
    Tape& tape = *recorded.tape;
    const auto frozen = MakeTape(Branches(/*frozen=*/true), kCount);
    for (const char* name : {"head", "left.bn", "average", "sum", "right.pool"}) {
      SCOPED_TRACE(name);
      const int op = recorded.network.Find(name);
      const Numbers slopes = recorded.RandomSlopes(op);
      const auto scalar = [&](const Numbers& parameters, const Numbers& images) {
        if (mode == NormMode::kFrozen) {
          frozen->SetParameters(FreezeParameters(tape, parameters));
          frozen->Forward(images, kCount, NormMode::kIdentity);
          return Product(slopes, frozen->Value(op));
        }
        Recorded again(GetParam().backend, mode);
        again.tape->SetParameters(parameters);
        again.tape->Forward(images, kCount, mode);
        return Product(slopes, again.tape->Value(op));
      };
      tape.Backward(op, slopes);
      const Numbers of_parameters = Copy(tape.ParameterSlopes());
      const Numbers of_images = Copy(tape.Slopes(0));
      ExpectClose(of_parameters,
                  Differences(recorded.parameters,
                              [&](const Numbers& parameters) {
                                return scalar(parameters, recorded.images);
                              }),
                  2e-7);
      ExpectClose(
          of_images,
          Differences(recorded.images,
                      [&](const Numbers& images) { return scalar(recorded.parameters, images); }),
          2e-7);
    }
  }
}

TEST_P(TapeTest, GivesTheValuesOfFrozenStatisticsAsOfTheBatch) {
  Recorded recorded(GetParam().backend, NormMode::kFrozen);
  const auto frozen = MakeTape(Branches(/*frozen=*/true), kCount);
  frozen->SetParameters(FreezeParameters(*recorded.tape, recorded.parameters));
  frozen->Forward(recorded.images, kCount, NormMode::kBatch);
  Recorded batch(GetParam().backend, NormMode::kBatch);
  for (int op = 0; op < int(recorded.network.ops().size()); ++op) {
    const Numbers values = Copy(recorded.tape->Value(op));
    ExpectClose(frozen->Value(op), values, 1e-12);
    EXPECT_THAT(Copy(batch.tape->Value(op)), ElementsAreArray(values));
  }
}

// Every parameter: an image's slopes are those where no other image counts.
TEST_P(TapeTest, GivesEveryImageItsOwnSlopes) {
  for (const NormMode mode : {NormMode::kFrozen, NormMode::kRunning, NormMode::kIdentity}) {
    Recorded recorded(GetParam().backend, mode);
    const int head = recorded.network.Find("head");
    const Numbers slopes = recorded.RandomSlopes(head);
    std::vector<Numbers> by_parameter;
    recorded.tape->Backward(head, slopes);
    const Numbers together = Copy(recorded.tape->ParameterSlopes());
    for (int p = 0; p < int(recorded.network.parameters().size()); ++p) {
      by_parameter.push_back(Copy(recorded.tape->ImageParameterSlopes(p)));
    }
    Numbers sum(together.size());
    for (int n = 0; n < kCount; ++n) {
      Numbers alone(slopes.size());
      for (int k = 2 * n; k < 2 * (n + 1); ++k) alone[k] = slopes[k];
      recorded.tape->Backward(head, alone);
      const Numbers expected = Copy(recorded.tape->ParameterSlopes());
      for (int p = 0; p < int(by_parameter.size()); ++p) {
        const Parameter& parameter = recorded.network.parameters()[p];
        SCOPED_TRACE(parameter.name);
        ASSERT_EQ(std::int64_t(by_parameter[p].size()), kCount * parameter.elements());
        for (int i = 0; i < parameter.elements(); ++i) {
          const double of_image = by_parameter[p][n * parameter.elements() + i];
          EXPECT_NEAR(of_image, expected[parameter.offset + i], 1e-12);
          sum[parameter.offset + i] += of_image;
        }
      }
    }
    ExpectClose(sum, together, 1e-12);
  }
}

TEST_P(TapeTest, LeavesZerosWhereTheOperationDoesNotLead) {
  Recorded recorded(GetParam().backend, NormMode::kFrozen);
  Tape& tape = *recorded.tape;
  const Network& network = recorded.network;
  tape.Backward(network.Find("head"), recorded.RandomSlopes(network.Find("head")));
  const int left = network.Find("left.conv");
  const Numbers slopes = recorded.RandomSlopes(left);
  tape.Backward(left, slopes);
  EXPECT_THAT(Copy(tape.Slopes(left)), ElementsAreArray(slopes));
  for (const char* name :
       {"left.bn", "left.gelu", "right.pool", "right.bn", "sum", "average", "head"}) {
    EXPECT_THAT(Copy(tape.Slopes(network.Find(name))), Each(0.0)) << name;
  }
  const Numbers all = Copy(tape.ParameterSlopes());
  for (int p = 0; p < int(network.parameters().size()); ++p) {
    const Parameter& parameter = network.parameters()[p];
    const Numbers part = Copy(std::span(all).subspan(parameter.offset, parameter.elements()));
    const bool leads =
        parameter.name.starts_with("stem") || parameter.name.starts_with("left.conv");
    const auto is_zero = [](double x) { return x == 0; };
    EXPECT_EQ(std::ranges::all_of(part, is_zero), !leads) << parameter.name;
    EXPECT_EQ(std::ranges::all_of(Copy(tape.ImageParameterSlopes(p)), is_zero), !leads);
  }
}

// As far as it goes: to the bit what a pass all the way back gives.
TEST_P(TapeTest, GoesNoFurtherBackThanAsked) {
  Recorded recorded(GetParam().backend, NormMode::kBatch);
  Tape& tape = *recorded.tape;
  const int head = recorded.network.Find("head");
  const Numbers slopes = recorded.RandomSlopes(head);
  tape.Backward(head, slopes);
  std::vector<Numbers> expected;
  for (int op = 0; op <= head; ++op) expected.push_back(Copy(tape.Slopes(op)));
  for (int from = 0; from <= head; ++from) {
    SCOPED_TRACE(recorded.network.op(from).name);
    tape.Backward(head, slopes, from);
    for (int op = head; op >= from; --op) EXPECT_EQ(Copy(tape.Slopes(op)), expected[op]) << op;
  }
}

// Of what its arrays hold.
TEST_P(TapeTest, GivesSignsAndSumsOfProducts) {
  Recorded recorded(GetParam().backend, NormMode::kBatch);
  Tape& tape = *recorded.tape;
  const int head = recorded.network.Find("head");
  tape.Backward(head, recorded.RandomSlopes(head));
  for (int op = 0; op <= head; ++op) {
    SCOPED_TRACE(recorded.network.op(op).name);
    const Numbers values = Copy(tape.Value(op));
    const Numbers slopes = Copy(tape.Slopes(op));
    const int channels = recorded.network.op(op).shape.channels;
    const std::int64_t elements = recorded.network.op(op).shape.elements();
    const std::int64_t words = (elements + 63) / 64;
    std::vector<std::uint64_t> bits(kCount * words);
    Numbers sums(kCount * channels);
    for (std::int64_t i = 0; i < kCount * elements; ++i) {
      const std::int64_t image = i / elements, element = i % elements;
      bits[image * words + element / 64] |= std::uint64_t(values[i] > 0) << (element % 64);
      sums[image * channels + i % channels] += values[i] * slopes[i];
    }
    const Signs signs = tape.Positive(op);
    EXPECT_EQ(signs.elements, elements);
    EXPECT_TRUE(signs.finite);
    EXPECT_THAT(std::vector(signs.bits.begin(), signs.bits.end()), ElementsAreArray(bits));
    EXPECT_EQ(Copy(tape.ValueSlopeSums(op)), sums);
  }
}

TEST_P(TapeTest, SlopesOfAConvolutionAddUpToThoseOfItsBias) {
  Recorded recorded(GetParam().backend, NormMode::kRunning);
  const Network& network = recorded.network;
  const int head = network.Find("head");
  recorded.tape->Backward(head, recorded.RandomSlopes(head));
  const int conv = network.Find("left.conv");
  const Numbers slopes = Copy(recorded.tape->Slopes(conv));
  Numbers sums(3);
  for (std::size_t i = 0; i < slopes.size(); ++i) sums[i % 3] += slopes[i];
  const Parameter& bias = network.parameters()[network.op(conv).parameters[1]];
  ExpectClose(recorded.tape->ParameterSlopes().subspan(bias.offset, 3), sums, 1e-12);
}

TEST_P(TapeTest, SkipsNormalisationInIdentityMode) {
  Recorded recorded(GetParam().backend, NormMode::kIdentity);
  Tape& tape = *recorded.tape;
  const Network& network = recorded.network;
  const int head = network.Find("head");
  tape.Backward(head, recorded.RandomSlopes(head));
  for (const char* name : {"stem.bn", "left.bn", "right.bn"}) {
    const int norm = network.Find(name);
    const int src = network.op(norm).src.front();
    EXPECT_THAT(Copy(tape.Value(norm)), ElementsAreArray(Copy(tape.Value(src)))) << name;
    for (int parameter : network.op(norm).parameters) {
      EXPECT_THAT(Copy(tape.ImageParameterSlopes(parameter)), Each(0.0)) << name;
    }
  }
  EXPECT_THAT(Copy(tape.Slopes(network.Find("left.bn"))),
              ElementsAreArray(Copy(tape.Slopes(network.Find("left.conv")))));
}

// Pixels 1, 3 have the unbiased variance 2, pixels 0, 4 have 8.
TEST_P(TapeTest, FeedsRunningVariancesAsZenScoreReadsThem) {
  NetworkBuilder b({1, 1, 1});
  const int norm = b.BatchNorm("bn", 0, kEpsilon, 0.1, /*affine=*/false);
  b.Linear("head", norm, 1);
  const auto tape = MakeTape(b.Finish(), 2);
  ExpectClose(tape->RunningVariance(norm), {1}, 0);
  tape->Forward(Numbers{1, 3}, 2, NormMode::kBatch, /*feed_running=*/true);
  ExpectClose(tape->RunningVariance(norm), {0.9 + 0.1 * 2}, 1e-15);
  tape->Forward(Numbers{5, 7}, 2, NormMode::kBatch);
  tape->Forward(Numbers{0, 4}, 2, NormMode::kFrozen, /*feed_running=*/true);
  ExpectClose(tape->RunningVariance(norm), {0.81 + 0.09 * 2 + 0.1 * 8}, 1e-15);
  // Both batches have the mean 2.
  tape->Forward(Numbers{0.38}, 1, NormMode::kRunning);
  ExpectClose(tape->Value(norm), {0}, 1e-15);
  tape->ResetRunning();
  ExpectClose(tape->RunningVariance(norm), {1}, 0);
  ExpectClose(tape->Value(norm), {0}, 1e-15);
  tape->Forward(Numbers{0.38}, 1, NormMode::kRunning);
  ExpectClose(tape->Value(norm), {0.38 / std::sqrt(1 + kEpsilon)}, 1e-15);
}

// With the slopes of the mean cross-entropy, (softmax - target) / count.
TEST_P(TapeTest, AgreesWithTheExecutor) {
  for (const auto& [precision, tolerance] :
       {std::pair(Precision::kDouble, 1e-13), std::pair(Precision::kSingle, 1e-5)}) {
    const Network network = Branches();
    const Numbers parameters = Random(network.parameter_count(), "parameters");
    std::vector<float> images(kCount * kImage.elements());
    Rng rng(Key(1, "images"));
    for (float& pixel : images) pixel = float(rng.Uniform());
    const std::vector<int> labels = {0, 1, 1, 0};
    const Batch batch = {images, labels};
    const auto executor = MakeBackend("reference")->Compile(network, kCount);
    executor->SetParameters(parameters);
    Numbers gradient(parameters.size());
    executor->Gradient(batch, gradient);
    Numbers logits(2 * kCount);
    executor->Logits(batch, Statistics::kBatch, logits);

    const auto tape = MakeTape(network, kCount + 1, precision);
    tape->SetParameters(parameters);
    tape->Forward(Numbers(images.begin(), images.end()), kCount, NormMode::kBatch);
    const int head = network.Find("head");
    ExpectClose(tape->Value(head), logits, tolerance);
    Numbers slopes(2 * kCount);
    for (int n = 0; n < kCount; ++n) {
      for (int k = 0; k < 2; ++k) {
        const double softmax = 1 / (1 + std::exp(logits[2 * n + 1 - k] - logits[2 * n + k]));
        slopes[2 * n + k] = (softmax - (labels[n] == k ? 1 : 0)) / kCount;
      }
    }
    tape->Backward(head, slopes);
    ExpectClose(tape->ParameterSlopes(), gradient, tolerance);
  }
}

// f = w2 relu(w1 x) at x = 1, w1 = 2, w2 = 3: gradient (3, 2), Hessian 0 but for 1 beside the
// diagonal. The sums are those of the estimates called by these names.
TEST_P(TapeTest, GivesTheHandValuesOfTheGradientFamily) {
  NetworkBuilder b({1, 1, 1});
  const int conv = b.Conv("w1", 0, 1, 1, 1, 0);
  const int head = b.Linear("w2", b.Relu("relu", conv), 1);
  const auto tape = MakeTape(b.Finish(), 1);
  const auto slopes_at = [&](const Numbers& weights) {
    tape->SetParameters(Numbers{weights[0], weights[1], 0});
    tape->Forward(Numbers{1}, 1, NormMode::kBatch);
    tape->Backward(head, Numbers{1});
    const std::span<const double> slopes = tape->ParameterSlopes();
    EXPECT_EQ(slopes[2], 1) << "of the bias";
    return Numbers{slopes[0], slopes[1]};
  };
  const Numbers w = {2, 3};
  // GraSP: -w Hg, with Hg by differences of the gradient along it.
  constexpr double kStep = 1e-4;
  const Numbers above = slopes_at({2 + 3 * kStep, 3 + 2 * kStep});
  const Numbers below = slopes_at({2 - 3 * kStep, 3 - 2 * kStep});
  const Numbers hg = {(above[0] - below[0]) / (2 * kStep), (above[1] - below[1]) / (2 * kStep)};
  EXPECT_NEAR(-Product(w, hg), -13, 1e-9);

  const Numbers g = slopes_at(w);
  EXPECT_THAT(g, ElementsAre(3, 2));
  EXPECT_EQ(std::abs(g[0]) + std::abs(g[1]), 5);  // grad_norm
  EXPECT_EQ(Product(w, g), 12);                   // snip, plain, synflow: nothing is negative
  double fisher = 0;
  for (int op : {conv, head}) {
    const double value = tape->Value(op)[0];
    fisher += std::pow(value * tape->Slopes(op)[0], 2) / 2;
  }
  EXPECT_EQ(fisher, 36);
  EXPECT_THAT(Copy(tape->Slopes(0)), ElementsAre(6));  // w2 w1
}

TEST_P(TapeTest, LaysChannelsLast) {
  NetworkBuilder b({2, 1, 3});
  const int conv = b.Conv("conv", 0, 1, 1, 1, 0);
  b.Linear("head", b.GlobalAvgPool("mean", conv), 1);
  const auto tape = MakeTape(b.Finish(), 2);
  tape->SetParameters(Numbers{100, 1, 1, 0});
  const Numbers images = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  tape->Forward(images, 2, NormMode::kBatch);
  EXPECT_THAT(Copy(tape->Value(0)), ElementsAreArray(images));
  EXPECT_THAT(Copy(tape->Value(conv)), ElementsAre(102, 304, 506, 708, 910, 1112));
  tape->Backward(conv, Numbers{0, 0, 0, 0, 1, 0});
  EXPECT_THAT(Copy(tape->Slopes(0)), ElementsAre(0, 0, 0, 0, 0, 0, 0, 0, 100, 1, 0, 0));
  EXPECT_THAT(Copy(tape->ParameterSlopes()), ElementsAre(9, 10, 0, 0));
}

TEST_P(TapeTest, ComputesInItsPrecision) {
  NetworkBuilder b({1, 1, 1});
  const int head = b.Linear("head", 0, 1);
  const Network network = b.Finish();
  const auto at_a_third = [&](std::unique_ptr<Tape> tape) {
    tape->SetParameters(Numbers{1.0 / 3, 0});
    tape->Forward(Numbers{1}, 1, NormMode::kBatch);
    return tape->Value(head)[0];
  };
  EXPECT_EQ(at_a_third(MakeTape(network, 1)), 1.0 / 3);
  EXPECT_EQ(at_a_third(MakeTape(network, 1, Precision::kSingle)), double(1.0f / 3));
}

// 0 times what is infinite in a branch that leads nowhere would be no number.
TEST_P(TapeTest, KeepsOverflowWhereItIs) {
  NetworkBuilder b({1, 1, 1});
  const int scaled = b.Conv("scaled", 0, 1, 1, 1, 0);
  const int infinite = b.Conv("infinite", b.Conv("huge", scaled, 1, 1, 1, 0), 1, 1, 1, 0);
  b.Conv("dead", infinite, 1, 1, 1, 0);
  const int head = b.Linear("head", scaled, 1);
  const auto tape = MakeTape(b.Finish(), 1);
  tape->SetParameters(Numbers{1, 1e200, 1e200, 1, 2, 0});
  tape->Forward(Numbers{1}, 1, NormMode::kFrozen);
  EXPECT_TRUE(std::isinf(tape->Value(infinite)[0]));
  EXPECT_FALSE(tape->Positive(infinite).finite);
  tape->Backward(head, Numbers{1});
  EXPECT_THAT(Copy(tape->ParameterSlopes()), ElementsAre(2, 0, 0, 0, 1, 1));
  EXPECT_THAT(Copy(tape->ImageParameterSlopes(3)), ElementsAre(0));
}

INSTANTIATE_TEST_SUITE_P(Backends, TapeTest, testing::ValuesIn(Subjects()), LabelOf);

class TapeDeathTest : public TapeTest {};

TEST_P(TapeDeathTest, AbortsOnWhatHasEndedOrCannotBe) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Recorded recorded(GetParam().backend, NormMode::kBatch);
  Tape& tape = *recorded.tape;
  const int head = recorded.network.Find("head");
  EXPECT_DEATH(tape.ParameterSlopes(), "no Backward");
  EXPECT_DEATH(tape.Backward(head, Numbers{1}), "1 slopes for 8");
  EXPECT_DEATH(tape.Value(head + 1), "operation");
  EXPECT_DEATH(tape.RunningVariance(head), "no batch normalisation");
  EXPECT_DEATH(tape.Forward(recorded.images, kCount + 1, NormMode::kBatch), "5 images for 4");
  EXPECT_DEATH(tape.Forward(recorded.images, kCount, NormMode::kIdentity, true),
               "statistics of a batch");
  tape.Backward(head, recorded.RandomSlopes(head));
  EXPECT_DEATH(tape.ImageParameterSlopes(0), "images are not apart");
  EXPECT_DEATH(tape.Backward(head, recorded.RandomSlopes(head), head + 1), "back from");
  tape.Backward(head, recorded.RandomSlopes(head), head - 1);
  EXPECT_DEATH(tape.Slopes(head - 2), "no further");
  EXPECT_DEATH(tape.ParameterSlopes(), "no further");
  tape.SetParameters(recorded.parameters);
  EXPECT_DEATH(tape.Value(head), "no Forward");
}

INSTANTIATE_TEST_SUITE_P(Backends, TapeDeathTest, testing::ValuesIn(Subjects()), LabelOf);

// What a backend says that keeps no tapes.
TEST(Backend, KeepsNoTapesUnlessItSaysSo) {
  class Tapeless : public Backend {
   public:
    BackendTraits traits() const override { return {}; }
    std::optional<std::string> WhyUnsupported(const Network&) const override { return {}; }
    std::unique_ptr<Executor> Compile(const Network&, int) const override { return nullptr; }
  };
  EXPECT_EQ(Tapeless().Record(Branches(), 1, Precision::kDouble), nullptr);
}

}  // namespace
}  // namespace mote
