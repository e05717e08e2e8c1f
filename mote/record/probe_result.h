// What a probe measured: named series of numbers. It is what the store keeps.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mote/base/check.h"

namespace mote {

// Deterministic: equal keys give equal bits. Durations belong to the store's ProbeRecord, unless a
// probe was asked to measure them.
class ProbeResult {
 public:
  using Series = std::map<std::string, std::vector<double>, std::less<>>;

  ProbeResult() = default;
  explicit ProbeResult(Series series) : series_(std::move(series)) {}

  bool Has(std::string_view name) const { return series_.contains(name); }
  std::span<const double> operator[](std::string_view name) const {
    const auto found = series_.find(name);
    MOTE_CHECK(found != series_.end(), "no series {}", name);
    return found->second;
  }
  void Set(std::string name, std::vector<double> values) {
    series_[std::move(name)] = std::move(values);
  }
  const Series& series() const { return series_; }

  bool operator==(const ProbeResult&) const = default;

 private:
  Series series_;
};

}  // namespace mote
