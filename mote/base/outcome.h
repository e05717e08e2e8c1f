// A value, or the reason why one candidate has none.
//
// A network that diverges or that no backend supports is a result of a search, not an error of the
// program: it is stored, reported and told to the strategy. (GCC 12 lacks std::expected.)
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "mote/base/check.h"

namespace mote {

enum class FailureKind {
  kDiverged,     // a loss or weight became infinite or not a number
  kUnsupported,  // no backend takes this network
  kOutOfMemory,  // the network does not fit
  kMissing,      // the table has no row for this architecture
  kUndefined,    // the estimate has no value here (a singular matrix, a constant series)
};

std::string_view Name(FailureKind kind);

struct Failure {
  FailureKind kind;
  std::string message;

  bool operator==(const Failure&) const = default;
};

template <typename T>
class [[nodiscard]] Outcome {
 public:
  Outcome(T value) : state_(std::move(value)) {}            // NOLINT: implicit by design
  Outcome(Failure failure) : state_(std::move(failure)) {}  // NOLINT

  bool ok() const { return std::holds_alternative<T>(state_); }
  explicit operator bool() const { return ok(); }

  const T& value() const& {
    MOTE_CHECK(ok(), "value of a failed outcome: {}", failure().message);
    return std::get<T>(state_);
  }
  T&& value() && {
    MOTE_CHECK(ok(), "value of a failed outcome: {}", failure().message);
    return std::get<T>(std::move(state_));
  }
  const T& operator*() const& { return value(); }
  const T* operator->() const { return &value(); }

  const Failure& failure() const {
    MOTE_CHECK(!ok());
    return std::get<Failure>(state_);
  }

  bool operator==(const Outcome&) const = default;

 private:
  std::variant<T, Failure> state_;
};

}  // namespace mote
