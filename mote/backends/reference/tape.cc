#include "mote/backends/reference/tape.h"

#include <algorithm>
#include <vector>

#include "mote/backends/reference/forward.h"
#include "mote/backends/reference/pass.h"
#include "mote/base/check.h"

namespace mote::reference {
namespace {

template <typename T>
class ReferenceTape final : public Tape {
 public:
  ReferenceTape(const Network& network, int largest_count) : pass_(network, largest_count) {}

  const Network& network() const override { return pass_.network(); }

  void SetParameters(std::span<const double> parameters) override {
    pass_.SetParameters(parameters);
    state_ = State::kEmpty;
  }

  void Forward(std::span<const double> images, int count, NormMode mode,
               bool feed_running) override {
    pass_.Forward(images, count, mode);
    if (feed_running) pass_.FeedRunning();
    state_ = State::kForward;
  }

  std::span<const double> Value(int op) override {
    CheckState(State::kForward, op);
    return ChannelsLast(pass_.value(op));
  }

  void Backward(int op, std::span<const double> slopes) override {
    CheckState(State::kForward, op);
    const Tensor<T> gradient = pass_.gradient(op);
    MOTE_CHECK(slopes.size() == gradient.elements(), "{} slopes for {}", slopes.size(),
               gradient.elements());
    pass_.ClearGradients();
    CopyImages<T>(slopes, gradient);
    pass_.Backward(op);
    state_ = State::kBackward;
  }

  std::span<const double> Slopes(int op) override {
    CheckState(State::kBackward, op);
    return ChannelsLast(pass_.gradient(op));
  }

  std::span<const double> ParameterSlopes() override {
    CheckState(State::kBackward, 0);
    return Flat(pass_.parameter_gradients());
  }

  std::span<const double> ImageParameterSlopes(int parameter) override {
    CheckState(State::kBackward, 0);
    MOTE_CHECK(0 <= parameter && parameter < int(network().parameters().size()), "{}", parameter);
    std::vector<T> sums(pass_.value(0).batch * network().parameters()[parameter].elements());
    pass_.AddImageGradients(parameter, sums);
    return Flat(sums);
  }

  std::span<const double> RunningVariance(int op) override {
    MOTE_CHECK(0 <= op && op <= pass_.last() && network().op(op).kind == OpKind::kBatchNorm,
               "operation {} is no batch normalisation", op);
    return Flat(pass_.running_variance(op));
  }

  void ResetRunning() override { pass_.ResetRunning(); }

 private:
  // How far the present parameters have come; each state has all that the one before has.
  enum class State { kEmpty, kForward, kBackward };

  void CheckState(State least, int op) const {
    MOTE_CHECK(state_ >= least, "no {} with these parameters",
               least == State::kForward ? "Forward" : "Backward");
    MOTE_CHECK(0 <= op && op <= pass_.last(), "operation {}", op);
  }

  std::span<const double> Flat(std::span<const T> values) {
    result_.assign(values.begin(), values.end());
    return result_;
  }

  std::span<const double> ChannelsLast(Tensor<const T> values) {
    result_.resize(values.elements());
    std::size_t i = 0;
    for (int n = 0; n < values.batch; ++n) {
      for (int y = 0; y < values.shape.height; ++y) {
        for (int x = 0; x < values.shape.width; ++x) {
          for (int c = 0; c < values.shape.channels; ++c) result_[i++] = values(n, c, y, x);
        }
      }
    }
    return result_;
  }

  Pass<T> pass_;
  State state_ = State::kEmpty;
  std::vector<double> result_;  // what the last call returned
};

}  // namespace

template <typename T>
std::unique_ptr<Tape> MakeTape(const Network& network, int largest_count) {
  return std::make_unique<ReferenceTape<T>>(network, largest_count);
}

template std::unique_ptr<Tape> MakeTape<float>(const Network&, int);
template std::unique_ptr<Tape> MakeTape<double>(const Network&, int);

}  // namespace mote::reference
