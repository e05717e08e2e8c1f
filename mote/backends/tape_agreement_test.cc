// The native tape beside the reference's on networks drawn at random: all operations in any order
// and of any geometry, dead ends, sums with repeated operands.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "mote/backends/backend.h"
#include "mote/backends/cpu_engine.h"
#include "mote/backends/native/tape/tape.h"
#include "mote/base/rng.h"

namespace mote {

MOTE_BACKEND(native);
MOTE_BACKEND(reference);

namespace {

using Numbers = std::vector<double>;

Numbers Copy(std::span<const double> values) { return {values.begin(), values.end()}; }

Numbers Random(std::int64_t size, Rng& rng) {
  Numbers numbers(size);
  for (double& number : numbers) number = rng.Normal();
  return numbers;
}

std::unique_ptr<Backend> MakeBackend(const std::string& name) {
  BackendRegistry registry("backend");
  RegisterBackend_native(registry);
  RegisterBackend_reference(registry);
  return registry.Create(name, {});
}

// Results stay small in number, so that they get several readers.
Network RandomNetwork(Rng& rng) {
  const auto any = [&rng](int least, int most) {
    return least + int(rng.Below(std::uint64_t(most - least + 1)));
  };
  // Often such that Winograd's algorithm is used.
  const auto side = [&] { return any(0, 1) == 1 ? 4 * any(1, 3) : any(1, 9); };
  constexpr int kChannels[] = {1, 2, 3, 8, 9, 16, 21, 33};
  NetworkBuilder b({kChannels[any(0, 4)], side(), side()});
  std::vector<int> ops = {0};
  const auto recent = [&] { return ops[std::max(0, int(ops.size()) - any(1, 4))]; };
  const int count = any(3, 14);
  for (int i = 1; i <= count; ++i) {
    const std::string name = "op" + std::to_string(i);
    const int src = recent();
    const Shape shape = b.shape(src);
    const int least_side = std::min(shape.height, shape.width);
    switch (any(0, 9)) {
      case 0:
      case 1:
      case 2: {
        const bool usual = any(0, 1) == 1;
        const int kernel = usual ? 3 : any(1, 5);
        const int least_padding = std::max(0, (kernel - least_side + 1) / 2);
        const int padding = usual ? 1 : any(least_padding, kernel - 1);
        const int stride = usual ? 1 : any(1, 3);
        ops.push_back(b.Conv(name, src, kChannels[any(0, 7)], kernel, stride, padding,
                             /*bias=*/any(0, 1) == 1));
        break;
      }
      case 3:
      case 4:
        ops.push_back(b.BatchNorm(name, src, 0.1, 0.1, any(0, 1) == 1));
        break;
      case 5:
        ops.push_back(b.Relu(name, src));
        break;
      case 6:
        ops.push_back(b.Gelu(name, src));
        break;
      case 7: {
        const bool usual = any(0, 1) == 1;
        const int kernel = usual ? 3 : any(1, 3);
        const int least_padding = std::max(0, (kernel - least_side + 1) / 2);
        const int padding = usual ? 1 : any(least_padding, kernel - 1);
        ops.push_back(b.AvgPool(name, src, kernel, usual ? 1 : any(1, 2), padding));
        break;
      }
      case 8:
        ops.push_back(b.Zero(name, shape));
        break;
      default: {
        std::vector<int> addends = {src};
        for (int op : ops) {
          if (b.shape(op) == shape && any(0, 1) == 1) addends.push_back(op);
        }
        if (addends.size() == 1) break;
        ops.push_back(any(0, 1) == 1 ? b.Add(name, addends) : b.Mean(name, addends));
      }
    }
  }
  b.Linear("head", b.GlobalAvgPool("mean", recent()), any(1, 11));
  return b.Finish();
}

void ExpectClose(std::span<const double> values, std::span<const double> expected,
                 double tolerance) {
  ASSERT_EQ(values.size(), expected.size());
  double scale = 1;
  for (double x : expected) scale = std::max(scale, std::abs(x));
  for (std::size_t i = 0; i < values.size(); ++i) {
    ASSERT_NEAR(values[i], expected[i], tolerance * scale) << i;
  }
}

class TapeAgreement : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { CapEngineIsa(GetParam()); }
  void TearDown() override { CapEngineIsa(EngineIsas().front()); }
};

TEST_P(TapeAgreement, IsThatOfTheReferenceOnAnyNetwork) {
  constexpr double kTolerance = 1e-10;
  for (int draw = 0; draw < 150; ++draw) {
    Rng rng(Key(draw, "networks"));
    const Network network = RandomNetwork(rng);
    SCOPED_TRACE(network.ToText());
    const int count = 1 + int(rng.Below(4));
    const auto tape = MakeBackend("native")->Record(network, count + 1, Precision::kDouble);
    const auto expected = MakeBackend("reference")->Record(network, count, Precision::kDouble);
    const Numbers parameters = Random(network.parameter_count(), rng);
    const Numbers images = Random(count * network.input_shape().elements(), rng);
    for (Tape* each : {tape.get(), expected.get()}) each->SetParameters(parameters);
    const int last = int(network.ops().size()) - 1;
    for (const NormMode mode :
         {NormMode::kBatch, NormMode::kFrozen, NormMode::kRunning, NormMode::kIdentity}) {
      SCOPED_TRACE(int(mode));
      const bool feed = mode == NormMode::kBatch;
      for (Tape* each : {tape.get(), expected.get()}) each->Forward(images, count, mode, feed);
      for (int op = 0; op <= last; ++op) {
        ExpectClose(tape->Value(op), expected->Value(op), kTolerance);
        if (network.op(op).kind == OpKind::kBatchNorm) {
          ExpectClose(tape->RunningVariance(op), expected->RunningVariance(op), kTolerance);
        }
      }
      for (const int target : {last, int(rng.Below(last + 1))}) {
        SCOPED_TRACE(network.op(target).name);
        const Numbers slopes = Random(count * network.op(target).shape.elements(), rng);
        for (Tape* each : {tape.get(), expected.get()}) each->Backward(target, slopes);
        for (int op = 0; op <= last; ++op) {
          SCOPED_TRACE(network.op(op).name);
          ExpectClose(tape->Slopes(op), expected->Slopes(op), kTolerance);
        }
        ExpectClose(tape->ParameterSlopes(), expected->ParameterSlopes(), kTolerance);
        if (mode == NormMode::kBatch) continue;
        for (int p = 0; p < int(network.parameters().size()); ++p) {
          ExpectClose(tape->ImageParameterSlopes(p), expected->ImageParameterSlopes(p), kTolerance);
        }
      }
      if (HasFatalFailure()) return;
    }
  }
}

// Signs and sums of products are those of what the arrays hold.
void ExpectDigests(Tape& tape, int op) {
  const Numbers values = Copy(tape.Value(op));
  const Numbers slopes = Copy(tape.Slopes(op));
  const std::int64_t elements = tape.network().op(op).shape.elements();
  const std::int64_t words = (elements + 63) / 64;
  const int channels = tape.network().op(op).shape.channels;
  const std::int64_t images = std::int64_t(values.size()) / elements;
  std::vector<std::uint64_t> bits(images * words);
  Numbers sums(images * channels);
  for (std::int64_t i = 0; i < images * elements; ++i) {
    const std::int64_t image = i / elements, element = i % elements;
    bits[image * words + element / 64] |= std::uint64_t(values[i] > 0) << (element % 64);
    sums[image * channels + i % channels] += values[i] * slopes[i];
  }
  EXPECT_TRUE(std::ranges::equal(tape.Positive(op).bits, bits));
  EXPECT_EQ(Copy(tape.ValueSlopeSums(op)), sums);
}

// Bits depend on nothing but the inputs: not on what memory held, what was asked for before, or how
// often.
TEST_P(TapeAgreement, KeepsItsBits) {
  for (int draw = 0; draw < 40; ++draw) {
    Rng rng(Key(draw, "bits"));
    const Network network = RandomNetwork(rng);
    SCOPED_TRACE(network.ToText());
    constexpr int kCount = 3;
    const Numbers parameters = Random(network.parameter_count(), rng);
    const Numbers images = Random(kCount * network.input_shape().elements(), rng);
    const int head = int(network.ops().size()) - 1;
    const Numbers slopes = Random(kCount * network.classes(), rng);
    const auto record = [&](Tape& tape) {
      tape.SetParameters(parameters);
      tape.Forward(images, kCount, NormMode::kBatch);
      tape.Backward(head, slopes);
      std::vector<Numbers> all = {Copy(tape.ParameterSlopes()), Copy(tape.Slopes(0))};
      for (int op = 0; op <= head; ++op) {
        all.push_back(Copy(tape.Value(op)));
        all.push_back(Copy(tape.Slopes(op)));
        ExpectDigests(tape, op);
      }
      return all;
    };
    const auto clean = native::MakeTape<float>(network, kCount, true, 0.0f);
    const auto dirty = native::MakeTape<float>(network, kCount + 2, true, std::nanf(""));
    const std::vector<Numbers> expected = record(*clean);
    const Numbers others = Random((kCount + 1) * network.input_shape().elements(), rng);
    dirty->SetParameters(Random(network.parameter_count(), rng));
    dirty->Forward(others, kCount + 1, NormMode::kIdentity);
    const int inside = int(rng.Below(head + 1));
    dirty->Backward(inside, Random((kCount + 1) * network.op(inside).shape.elements(), rng));
    EXPECT_EQ(record(*dirty), expected);
    EXPECT_EQ(record(*clean), expected);
  }
}

INSTANTIATE_TEST_SUITE_P(Isas, TapeAgreement, testing::ValuesIn(EngineIsas()),
                         [](const auto& parameter) { return parameter.param; });

}  // namespace
}  // namespace mote
