#include "mote/report/section.h"

#include <fmt/format.h>

#include <algorithm>

#include "mote/base/error.h"
#include "mote/report/cell_svg.h"

namespace mote {

std::unique_ptr<SearchSpace> SpaceOf(const ReportContext& context, const std::string& name) {
  return context.spaces.Contains(name) ? context.spaces.Create(name, {}) : nullptr;
}

std::string DrawnCell(const SearchSpace* space, const std::string& arch) {
  if (space == nullptr) return "";
  try {
    return CellSvg(*space, space->Parse(arch), {});
  } catch (const Error&) {
    return "";
  }
}

Facts FactsOf(const Provenance& provenance) {
  return {{"mote", provenance.version},      {"commit", provenance.commit},
          {"compiler", provenance.compiler}, {"backend", provenance.backend},
          {"device", provenance.device},     {"instruction set", provenance.isa},
          {"data", provenance.dataset},      {"data fingerprint", provenance.fingerprint}};
}

std::vector<Facts> ProvenanceFacts(const StoreContent& content) {
  std::vector<Facts> all;
  for (std::size_t i = 0; i < content.provenances.size(); ++i) {
    Facts facts = FactsOf(content.provenances[i]);
    int networks = 0;
    double seconds = 0;
    std::string first, last;
    for (const WrittenProbe& probe : content.probes) {
      if (probe.provenance != int(i)) continue;
      ++networks;
      seconds += probe.seconds;
      if (first.empty() || probe.date < first) first = probe.date;
      last = std::max(last, probe.date);
    }
    facts.emplace_back("networks", std::to_string(networks));
    facts.emplace_back("core seconds", fmt::format("{:.1f}", seconds));
    facts.emplace_back("measured", first == last ? first : first + " to " + last);
    all.push_back(std::move(facts));
  }
  return all;
}

}  // namespace mote
