#include "mote/estimate/probe_reader.h"

namespace mote {
namespace {

class ProbeReader : public Estimator {
 public:
  ProbeReader(EstimatorInfo info, std::shared_ptr<const Probe> probe, ReadingOf reading)
      : info_(std::move(info)), probe_(std::move(probe)), reading_(std::move(reading)) {}

  EstimatorInfo info() const override { return info_; }
  std::vector<std::shared_ptr<const Probe>> Needs() const override { return {probe_}; }
  Outcome<double> Read(const Subject&, std::span<const ProbeResult* const> results) const override {
    return reading_(*results[0]);
  }

 private:
  EstimatorInfo info_;
  std::shared_ptr<const Probe> probe_;
  ReadingOf reading_;
};

}  // namespace

std::unique_ptr<Estimator> MakeProbeReader(EstimatorInfo info, std::shared_ptr<const Probe> probe,
                                           ReadingOf reading) {
  return std::make_unique<ProbeReader>(std::move(info), std::move(probe), std::move(reading));
}

}  // namespace mote
