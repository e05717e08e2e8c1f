// Estimates that are asked for together share networks, batches and passes.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "mote/run/session.h"

namespace mote {
namespace {

struct Counts {
  std::atomic<int> tapes = 0, forwards = 0, backwards = 0;
};

class CountingTape : public Tape {
 public:
  CountingTape(std::unique_ptr<Tape> tape, Counts& counts)
      : tape_(std::move(tape)), counts_(counts) {
    ++counts_.tapes;
  }

  const Network& network() const override { return tape_->network(); }
  void SetParameters(std::span<const double> parameters) override {
    tape_->SetParameters(parameters);
  }
  void Forward(std::span<const double> images, int count, NormMode mode, bool feed) override {
    ++counts_.forwards;
    tape_->Forward(images, count, mode, feed);
  }
  std::span<const double> Value(int op) override { return tape_->Value(op); }
  Signs Positive(int op) override { return tape_->Positive(op); }
  void Backward(int op, std::span<const double> slopes, int from) override {
    ++counts_.backwards;
    tape_->Backward(op, slopes, from);
  }
  std::span<const double> Slopes(int op) override { return tape_->Slopes(op); }
  std::span<const double> ParameterSlopes() override { return tape_->ParameterSlopes(); }
  std::span<const double> ValueSlopeSums(int op) override { return tape_->ValueSlopeSums(op); }
  std::span<const double> ImageParameterSlopes(int parameter) override {
    return tape_->ImageParameterSlopes(parameter);
  }
  std::span<const double> RunningVariance(int op) override { return tape_->RunningVariance(op); }
  void ResetRunning() override { tape_->ResetRunning(); }

 private:
  std::unique_ptr<Tape> tape_;
  Counts& counts_;
};

class CountingBackend : public Backend {
 public:
  CountingBackend(std::unique_ptr<Backend> backend, Counts& counts)
      : backend_(std::move(backend)), counts_(counts) {}

  BackendTraits traits() const override { return backend_->traits(); }
  std::optional<std::string> WhyUnsupported(const Network& network) const override {
    return backend_->WhyUnsupported(network);
  }
  std::unique_ptr<Executor> Compile(const Network& network, int batch_size) const override {
    return backend_->Compile(network, batch_size);
  }
  std::unique_ptr<Tape> Record(const Network& network, int count,
                               Precision precision) const override {
    return std::make_unique<CountingTape>(backend_->Record(network, count, precision), counts_);
  }

 private:
  std::unique_ptr<Backend> backend_;
  Counts& counts_;
};

class PassesTest : public testing::Test {
 protected:
  PassesTest() {
    catalog_.backends.Add("counting", "counts what native does", {}, [this](const Options&) {
      return std::make_unique<CountingBackend>(BuiltinCatalog().backends.Create("native", {}),
                                               counts_);
    });
  }

  // Scores cells of two different classes, of which one is given twice.
  void Score(const std::vector<std::string>& estimators) {
    counts_.tapes = counts_.forwards = counts_.backwards = 0;
    ScoreSettings settings;
    settings.data = "noise";
    settings.network = "faster";
    settings.backend = "counting";
    settings.estimators = estimators;
    Session session(catalog_, settings, stop_);
    const Architecture cells[] = {session.space().Parse("333333"), session.space().Parse("312034"),
                                  session.space().Parse("333333")};
    for (const auto& scores : session.Score(session.estimators(), cells, {})) {
      for (const auto& score : scores) EXPECT_TRUE(score);
    }
  }

  Catalog catalog_ = BuiltinCatalog();
  Counts counts_;
  StopToken stop_;
};

TEST_F(PassesTest, OneOfTheLossServesAllThatReadItsGradient) {
  Score({"snip", "grad-norm", "plain", "fisher"});
  EXPECT_EQ(counts_.tapes, 2);
  EXPECT_EQ(counts_.forwards, 2);
  EXPECT_EQ(counts_.backwards, 2);
}

TEST_F(PassesTest, OneKernelServesAllThatReadIt) {
  Score({"ntk-condition"});
  const int forwards = counts_.forwards, backwards = counts_.backwards;
  EXPECT_GT(backwards, forwards);
  Score({"ntk-condition", "eigen-nas", "lga", "te-nas"});
  const int with_regions = counts_.forwards;
  EXPECT_EQ(counts_.backwards, backwards);
  Score({"ntk-condition", "linear-regions"});
  EXPECT_EQ(counts_.forwards, with_regions);
}

TEST_F(PassesTest, AreNotMadeForWhatIsCountedOnly) {
  Score({"params", "macs", "l2-norm", "conv-edges"});
  EXPECT_EQ(counts_.tapes, 0);
}

}  // namespace
}  // namespace mote
