#include "mote/estimate/counter.h"

namespace mote {
namespace {

class Counter : public Estimator {
 public:
  Counter(std::string name, std::string unit, Count count) : count_(std::move(count)) {
    info_.name = std::move(name);
    info_.unit = std::move(unit);
  }

  EstimatorInfo info() const override { return info_; }
  Outcome<double> Read(const Subject& subject, std::span<const ProbeResult* const>) const override {
    return count_(subject);
  }

 private:
  EstimatorInfo info_;
  Count count_;
};

}  // namespace

std::unique_ptr<Estimator> MakeCounter(std::string name, std::string unit, Count count) {
  return std::make_unique<Counter>(std::move(name), std::move(unit), std::move(count));
}

Network BenchmarkNetwork(const Subject& subject, BuildForm form) {
  return subject.space.Build(subject.architecture, BenchmarkSkeleton(), subject.target, form);
}

}  // namespace mote
