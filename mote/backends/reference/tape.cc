#include "mote/backends/reference/tape.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "mote/backends/reference/forward.h"
#include "mote/backends/reference/pass.h"
#include "mote/backends/tape_state.h"

namespace mote::reference {
namespace {

template <typename T>
class ReferenceTape final : public Tape {
 public:
  ReferenceTape(const Network& network, int largest_count)
      : state_(network, largest_count), pass_(network, largest_count) {}

  const Network& network() const override { return pass_.network(); }

  void SetParameters(std::span<const double> parameters) override {
    state_.SetParameters(parameters);
    pass_.SetParameters(parameters);
  }

  void Forward(std::span<const double> images, int count, NormMode mode,
               bool feed_running) override {
    state_.Forward(images, count, mode, feed_running);
    pass_.Forward(images, count, mode);
    if (feed_running) pass_.FeedRunning();
  }

  std::span<const double> Value(int op) override {
    state_.CheckForward(op);
    return ChannelsLast(pass_.value(op));
  }

  Signs Positive(int op) override {
    const std::span<const double> values = Value(op);
    const std::int64_t elements = network().op(op).shape.elements();
    const std::int64_t words = (elements + 63) / 64;
    bits_.assign(std::size_t(std::int64_t(values.size()) / elements * words), 0);
    bool finite = true;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::int64_t image = std::int64_t(i) / elements, element = std::int64_t(i) % elements;
      bits_[image * words + element / 64] |= std::uint64_t(values[i] > 0) << (element % 64);
      finite = finite && std::isfinite(values[i]);
    }
    return {.bits = bits_, .elements = elements, .finite = finite};
  }

  // Goes all the way, whatever `from`.
  void Backward(int op, std::span<const double> slopes, int from) override {
    state_.Backward(op, slopes, from);
    pass_.ClearGradients();
    CopyImages<T>(slopes, pass_.gradient(op));
    pass_.Backward(op);
  }

  std::span<const double> Slopes(int op) override {
    state_.CheckBackward(op);
    return ChannelsLast(pass_.gradient(op));
  }

  std::span<const double> ParameterSlopes() override {
    state_.CheckParameters();
    return Flat(pass_.parameter_gradients());
  }

  std::span<const double> ValueSlopeSums(int op) override {
    state_.CheckBackward(op);
    const Tensor<const T> values = pass_.value(op);
    const Tensor<const T> slopes = pass_.gradient(op);
    const Shape& shape = values.shape;
    result_.assign(std::size_t(values.batch) * shape.channels, 0);
    for (int n = 0; n < values.batch; ++n) {
      for (int y = 0; y < shape.height; ++y) {
        for (int x = 0; x < shape.width; ++x) {
          for (int c = 0; c < shape.channels; ++c) {
            result_[std::size_t(n) * shape.channels + c] +=
                double(values(n, c, y, x)) * double(slopes(n, c, y, x));
          }
        }
      }
    }
    return result_;
  }

  std::span<const double> ImageParameterSlopes(int parameter) override {
    state_.CheckImageParameter(parameter);
    std::vector<T> sums(pass_.value(0).batch * network().parameters()[parameter].elements());
    pass_.AddImageGradients(parameter, sums);
    return Flat(sums);
  }

  std::span<const double> RunningVariance(int op) override {
    state_.CheckNorm(op);
    return Flat(pass_.running_variance(op));
  }

  void ResetRunning() override { pass_.ResetRunning(); }

 private:
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

  TapeState state_;
  Pass<T> pass_;
  std::vector<double> result_;  // what the last call returned, or its bits
  std::vector<std::uint64_t> bits_;
};

}  // namespace

template <typename T>
std::unique_ptr<Tape> MakeTape(const Network& network, int largest_count) {
  return std::make_unique<ReferenceTape<T>>(network, largest_count);
}

template std::unique_ptr<Tape> MakeTape<float>(const Network&, int);
template std::unique_ptr<Tape> MakeTape<double>(const Network&, int);

}  // namespace mote::reference
