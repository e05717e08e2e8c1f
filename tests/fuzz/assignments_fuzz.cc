// Options of components, one `--set` a line: "component.option=value".
#include "mote/run/catalog.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {
namespace {

std::vector<std::string> Print(const Assignments& assignments) {
  std::vector<std::string> texts;
  for (const auto& [component, options] : assignments) {
    for (const auto& [option, value] : options) {
      texts.push_back(fmt::format("{}.{}={}", component, option, value));
    }
  }
  return texts;
}

// Values as they are read and printed are read again as the same.
template <typename Registry>
void CheckOptions(const Registry& registry, const Assignments& assignments) {
  for (const auto& assigned : assignments) {
    // Names of their own, as clang 14 lets no lambda see a structured binding.
    const auto& component = assigned.first;
    const auto& texts = assigned.second;
    if (!registry.Contains(component)) continue;
    const auto& specs = registry.Find(component).options;
    const auto options = Ask([&] { return Options(component, specs, texts); });
    if (!options) continue;  // two kinds may share a name
    std::map<std::string, std::string> printed;
    for (const auto& [name, value] : options->values()) printed[name] = ToText(value);
    MOTE_CHECK(Options(component, specs, printed).values() == options->values(), "{}", component);
  }
}

}  // namespace

std::vector<std::string> Seeds() {
  std::vector<std::string> seeds = {
      "mote.form=slides\nmote.time=wall\nmote.calibration=a=b.json\nmote.form=preset"};
  // Every option that there is, at its default.
  const auto add = [&seeds](const auto& registry) {
    for (const auto& [name, entry] : registry.entries()) {
      std::string seed;
      for (const OptionSpec& spec : entry.options) {
        seed += fmt::format("{}.{}={}\n", name, spec.name, ToText(spec.default_value));
      }
      if (!seed.empty()) seeds.push_back(seed);
    }
  };
  const Catalog& catalog = BuiltinCatalog();
  add(catalog.estimators);
  add(catalog.presets);
  add(catalog.strategies);
  add(catalog.datasets);
  return seeds;
}

std::vector<std::string> Words() {
  std::vector<std::string> words = {"true", "off", "1e300", "-0", "nan", "0x1p3", "=", "."};
  for (const std::string& seed : Seeds()) {
    for (const std::string& line : SplitLines(seed)) words.push_back(line + "\n");
  }
  return words;
}

}  // namespace mote::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mote;
  const Catalog& catalog = BuiltinCatalog();
  const std::vector<std::string> texts = fuzz::SplitLines(fuzz::TextOf(data, size));
  const auto assignments = fuzz::Try([&] { return ParseAssignments(catalog, texts); });
  if (!assignments) return 0;
  MOTE_CHECK(ParseAssignments(catalog, fuzz::Print(*assignments)) == *assignments);
  const std::vector<std::string> absolute = WithAbsolutePaths(catalog, texts);
  MOTE_CHECK(WithAbsolutePaths(catalog, absolute) == absolute);
  fuzz::CheckOptions(catalog.estimators, *assignments);
  fuzz::CheckOptions(catalog.presets, *assignments);
  fuzz::CheckOptions(catalog.strategies, *assignments);
  fuzz::CheckOptions(catalog.datasets, *assignments);
  return 0;
}
