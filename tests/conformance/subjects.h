// The backends that conformance tests run on, and helpers to feed them.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "mote/backends/backend.h"
#include "mote/backends/cpu_engine.h"

namespace mote::conformance {

struct Subject {
  std::string label;  // in test names
  std::shared_ptr<const Backend> backend;
  bool is_judge = false;  // computes exactly as Judge() does
  // Of the native engine: the instruction set it is tested on; empty: whatever there is.
  std::string isa = "";
};

// The reference in single precision, every backend of this build with its default options, and the
// native engine on every instruction set and without Winograd's convolutions.
const std::vector<Subject>& Subjects();

// The reference in double precision.
const Backend& Judge();

// A test of each subject, on its instruction set.
class OnSubject : public testing::TestWithParam<Subject> {
 protected:
  void SetUp() override {
    if (!GetParam().isa.empty()) CapEngineIsa(GetParam().isa);
  }
  void TearDown() override { CapEngineIsa(EngineIsas().front()); }
};

// Labels for INSTANTIATE_TEST_SUITE_P, and for messages.
struct SubjectName {
  template <typename Info>
  std::string operator()(const Info& info) const {
    return info.param.label;
  }
};
inline void PrintTo(const Subject& subject, std::ostream* out) { *out << subject.label; }

// Owns what a Batch shows.
struct Examples {
  std::vector<float> images;  // [size][height][width][channels]
  std::vector<int> labels;

  Batch batch() const { return {images, labels}; }
  // The first `count` examples.
  Batch batch(int count) const {
    return {std::span(images).first(images.size() / labels.size() * count),
            std::span(labels).first(count)};
  }
};

// What Executor returns through a span, by value.
std::vector<double> LogitsOf(Executor& executor, const Batch& batch, Statistics statistics);
std::vector<double> GradientOf(Executor& executor, const Batch& batch);
std::vector<double> ParametersOf(const Executor& executor);

}  // namespace mote::conformance
