#include "mote/backends/native/tape/tape.h"

#include <cstdint>
#include <vector>

#include "mote/backends/native/tape/recording.h"
#include "mote/backends/tape_state.h"
#include "mote/base/check.h"

namespace mote::native {
namespace {

template <typename T>
class NativeTape final : public Tape {
 public:
  NativeTape(const Network& network, int largest_count, bool winograd, std::optional<T> fill)
      : state_(network, largest_count), recording_(network, largest_count, winograd, fill) {}

  const Network& network() const override { return recording_.network(); }

  void SetParameters(std::span<const double> parameters) override {
    state_.SetParameters(parameters);
    recording_.SetParameters(parameters);
  }

  void Forward(std::span<const double> images, int count, NormMode mode,
               bool feed_running) override {
    state_.Forward(images, count, mode, feed_running);
    recording_.Forward(images, count, mode);
    if (feed_running) recording_.FeedRunning();
  }

  std::span<const double> Value(int op) override {
    state_.CheckForward(op);
    recording_.ReadValue(op, result_);
    return result_;
  }

  Signs Positive(int op) override {
    state_.CheckForward(op);
    const bool finite = recording_.ReadSigns(op, bits_);
    return {.bits = bits_, .elements = network().op(op).shape.elements(), .finite = finite};
  }

  void Backward(int op, std::span<const double> slopes, int from) override {
    state_.Backward(op, slopes, from);
    recording_.Backward(op, slopes, from);
  }

  std::span<const double> Slopes(int op) override {
    state_.CheckBackward(op);
    recording_.ReadSlopes(op, result_);
    return result_;
  }

  std::span<const double> ParameterSlopes() override {
    state_.CheckParameters();
    recording_.ReadParameterSlopes(result_);
    return result_;
  }

  std::span<const double> ValueSlopeSums(int op) override {
    state_.CheckBackward(op);
    recording_.ReadValueSlopeSums(op, result_);
    return result_;
  }

  std::span<const double> ImageParameterSlopes(int parameter) override {
    state_.CheckImageParameter(parameter);
    recording_.ReadImageParameterSlopes(parameter, result_);
    return result_;
  }

  std::span<const double> RunningVariance(int op) override {
    state_.CheckNorm(op);
    recording_.ReadRunningVariance(op, result_);
    return result_;
  }

  void ResetRunning() override { recording_.ResetRunning(); }

 private:
  TapeState state_;
  tape::Recording<T> recording_;
  std::vector<double> result_;  // what the last call returned, or its bits
  std::vector<std::uint64_t> bits_;
};

}  // namespace

template <typename T>
std::unique_ptr<Tape> MakeTape(const Network& network, int largest_count, bool winograd,
                               std::optional<T> fill) {
  return std::make_unique<NativeTape<T>>(network, largest_count, winograd, fill);
}

template std::unique_ptr<Tape> MakeTape<float>(const Network&, int, bool, std::optional<float>);
template std::unique_ptr<Tape> MakeTape<double>(const Network&, int, bool, std::optional<double>);

}  // namespace mote::native
