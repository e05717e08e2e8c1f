// A backend whose tapes keep the time: where an estimate without training spends its seconds.
//
// Seconds are those of the calling thread's processor, so that other programs on the machine count
// less. Everything that a tape computes or hands out counts as passes.
#pragma once

#include <memory>
#include <utility>

#include "bench/estimators/thread_time.h"
#include "mote/backends/backend.h"

namespace mote {

// Of one run of a probe. The rest of it is reading: Gram matrices, eigenvalues, counting of bits.
struct ProbeTimes {
  double set_up = 0;  // network, images, weights, the tape itself
  double passes = 0;  // in the tape once it is set up
  double total = 0;

  double reading() const { return total - set_up - passes; }
};

// What the tapes of a TimedBackend report to. A repeat of a probe begins by BeginRepeat and is set
// up by the tape's ResetRunning.
class ProbeClock {
 public:
  void BeginRun() { *this = {}, start_ = begin_ = ThreadSeconds(); }
  void BeginRepeat() { begin_ = ThreadSeconds(); }
  void EndSetUp() { times_.set_up += ThreadSeconds() - begin_; }
  template <class Work>
  auto InPasses(const Work& work) {
    const Passes passes(times_.passes);
    return work();
  }
  ProbeTimes EndRun() {
    times_.total = ThreadSeconds() - start_;
    return times_;
  }

 private:
  class Passes {
   public:
    explicit Passes(double& seconds) : seconds_(seconds), start_(ThreadSeconds()) {}
    ~Passes() { seconds_ += ThreadSeconds() - start_; }

   private:
    double& seconds_;
    const double start_;
  };

  double start_ = 0;
  double begin_ = 0;
  ProbeTimes times_;
};

class TimedTape final : public Tape {
 public:
  TimedTape(std::unique_ptr<Tape> tape, ProbeClock& clock)
      : tape_(std::move(tape)), clock_(clock) {}

  const Network& network() const override { return tape_->network(); }
  void SetParameters(std::span<const double> parameters) override {
    // Also a step of the pass where a probe sets them anew; InitialProbe's own counts as set-up.
    if (!is_set_up_) return tape_->SetParameters(parameters);
    clock_.InPasses([&] { tape_->SetParameters(parameters); });
  }
  void Forward(std::span<const double> images, int count, NormMode mode,
               bool feed_running) override {
    clock_.InPasses([&] { tape_->Forward(images, count, mode, feed_running); });
  }
  std::span<const double> Value(int op) override {
    return clock_.InPasses([&] { return tape_->Value(op); });
  }
  Signs Positive(int op) override {
    return clock_.InPasses([&] { return tape_->Positive(op); });
  }
  void Backward(int op, std::span<const double> slopes, int from) override {
    clock_.InPasses([&] { tape_->Backward(op, slopes, from); });
  }
  std::span<const double> Slopes(int op) override {
    return clock_.InPasses([&] { return tape_->Slopes(op); });
  }
  std::span<const double> ParameterSlopes() override {
    return clock_.InPasses([&] { return tape_->ParameterSlopes(); });
  }
  std::span<const double> ValueSlopeSums(int op) override {
    return clock_.InPasses([&] { return tape_->ValueSlopeSums(op); });
  }
  std::span<const double> ImageParameterSlopes(int parameter) override {
    return clock_.InPasses([&] { return tape_->ImageParameterSlopes(parameter); });
  }
  std::span<const double> RunningVariance(int op) override {
    return clock_.InPasses([&] { return tape_->RunningVariance(op); });
  }
  void ResetRunning() override {
    tape_->ResetRunning();
    clock_.EndSetUp();
    is_set_up_ = true;
  }

 private:
  std::unique_ptr<Tape> tape_;
  ProbeClock& clock_;
  bool is_set_up_ = false;
};

class TimedBackend final : public Backend {
 public:
  // Both outlive it and its tapes.
  TimedBackend(const Backend& backend, ProbeClock& clock) : backend_(backend), clock_(clock) {}

  BackendTraits traits() const override { return backend_.traits(); }
  std::optional<std::string> WhyUnsupported(const Network& network) const override {
    return backend_.WhyUnsupported(network);
  }
  std::unique_ptr<Executor> Compile(const Network& network, int batch_size) const override {
    return backend_.Compile(network, batch_size);
  }
  std::unique_ptr<Tape> Record(const Network& network, int largest_count,
                               Precision precision) const override {
    auto tape = backend_.Record(network, largest_count, precision);
    if (!tape) return nullptr;
    return std::make_unique<TimedTape>(std::move(tape), clock_);
  }

 private:
  const Backend& backend_;
  ProbeClock& clock_;
};

}  // namespace mote
