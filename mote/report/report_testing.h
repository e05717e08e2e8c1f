// What tests of reports share: spaces, small stores, run folders.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "mote/base/file.h"
#include "mote/report/section.h"
#include "mote/space/test_spaces.h"
#include "mote/store/store_testing.h"

namespace mote::testing {

// The benchmark's space; of the estimators, "loss" alone is better when lower.
class ReportWorld {
 public:
  ReportWorld() { RegisterSpace_nasbench201(spaces_); }
  ReportContext context() const {
    return {spaces_, [](const std::string& name) { return name == "loss"; }};
  }

 private:
  SpaceRegistry spaces_{"space"};
};

// "|nor_conv_3x3~0|+|...": the cell of that index.
inline std::string Cell(std::int64_t index) { return MakeNasBench201()->At(index).text(); }

inline EstimateRecord Estimated(const std::string& arch, const std::string& estimator,
                                Outcome<double> value, int replicate = 0,
                                const std::string& preset = "fast") {
  EstimateRecord record;
  record.key = Key(1, arch, estimator, preset, replicate).hash();
  record.space = "nasbench201";
  record.architecture = arch;
  record.estimator = estimator + "@1";
  record.options = R"({"dataset":"ff","options":{"preset":{"name":")" + preset + R"("}}})";
  record.replicate = replicate;
  record.value = std::move(value);
  return record;
}

inline ProbeRecord Probed(const std::string& arch, double seconds, int replicate = 0) {
  ProbeRecord record;
  record.key = Key(2, arch, replicate).hash();
  record.space = "nasbench201";
  record.architecture = arch;
  record.probe = "training@1";
  record.options = "{}";
  record.fingerprint = "ff";
  record.replicate = replicate;
  record.seconds = seconds;
  return record;
}

inline Provenance OfNoise() {
  return {"0.1.0",
          "abc",
          "g++ 12",
          "reference@1",
          "cpu",
          "scalar",
          "noise: noise, 64 train images, 7 classes, 16x16",
          "ff"};
}

}  // namespace mote::testing
