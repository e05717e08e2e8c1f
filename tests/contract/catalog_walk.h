// Walking the catalog: every component of a kind, and the cheapest settings that any may have.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "mote/run/catalog.h"

namespace mote {

// Calls visit(name, entry) for every component of a registry. A component that it does not reach,
// because the call was given up before, fails the test.
template <typename Registry, typename Visit>
void ForEachComponent(const Registry& registry, Visit visit) {
  EXPECT_FALSE(registry.entries().empty()) << "no " << registry.kind() << " at all";
  std::set<std::string> exercised;
  for (const auto& [name, entry] : registry.entries()) {
    SCOPED_TRACE(registry.kind() + " " + name);
    const int before =
        testing::UnitTest::GetInstance()->current_test_info()->result()->total_part_count();
    visit(name, entry);
    // A skip or an early return after a failure does not count.
    if (testing::UnitTest::GetInstance()->current_test_info()->result()->total_part_count() ==
        before) {
      exercised.insert(name);
    }
  }
  for (const auto& [name, entry] : registry.entries()) {
    EXPECT_TRUE(exercised.contains(name)) << registry.kind() << " " << name << " failed";
  }
}

// Options that make a component cheap, whatever it is: of those it declares, few epochs, images,
// cells and channels.
inline std::map<std::string, std::string> CheapOptions(const std::vector<OptionSpec>& specs) {
  static const std::map<std::string, double> wanted = {
      {"epochs", 4},   {"images", 256},    {"image_size", 4}, {"cells", 1},
      {"channels", 4}, {"batch_size", 32}, {"repeats", 1}};
  std::map<std::string, std::string> cheap;
  for (const OptionSpec& spec : specs) {
    const auto found = wanted.find(spec.name);
    if (found == wanted.end()) continue;
    double value = std::max(found->second, spec.minimum.value_or(0));
    // Of a single batch, not of a training.
    const auto* count = std::get_if<std::int64_t>(&spec.default_value);
    if (spec.name == "images" && count && 0 < *count && *count <= 128) value = 16;
    cheap[spec.name] = std::to_string(int(value));
  }
  // Arithmetic that is fast enough where nothing is compared with another backend.
  for (const OptionSpec& spec : specs) {
    if (spec.name == "precision") cheap["precision"] = "float";
  }
  return cheap;
}

}  // namespace mote
