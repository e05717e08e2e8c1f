#include "mote/run/catalog.h"

#include "mote/backends/check.h"

namespace mote {
namespace {

bool IsComponent(const Catalog& catalog, std::string_view name) {
  return catalog.estimators.Contains(name) || catalog.presets.Contains(name) ||
         catalog.strategies.Contains(name) || catalog.backends.Contains(name) ||
         catalog.datasets.Contains(name) || catalog.spaces.Contains(name);
}

std::string HighestPriority(const Catalog& catalog) {
  std::string best;
  int priority = -1;
  for (const auto& [name, entry] : catalog.backends.entries()) {
    const auto backend = entry.factory(Options(name, entry.options, {}));
    if (backend->traits().priority > priority) {
      priority = backend->traits().priority;
      best = name;
    }
  }
  return best;
}

std::unique_ptr<Backend> MakeNamed(const Catalog& catalog, const std::string& name,
                                   const std::string& device, const Assignments& assignments) {
  const auto& entry = catalog.backends.Find(name);
  std::map<std::string, std::string> options;
  if (const auto found = assignments.find(name); found != assignments.end()) {
    options = found->second;
  }
  bool has_device = false;
  for (const OptionSpec& spec : entry.options) has_device = has_device || spec.name == "device";
  if (has_device) {
    options.emplace("device", device);
  } else if (device != "cpu") {
    Throw(ErrorCode::kUnsupported, "backend {} runs on the cpu only; choose another backend for "
          "--device {}", name, device);
  }
  return catalog.backends.Create(name, options);
}

}  // namespace

Assignments ParseAssignments(const Catalog& catalog, const std::vector<std::string>& texts) {
  Assignments assignments;
  for (const std::string& text : texts) {
    const auto equals = text.find('=');
    // The option follows the last dot: components such as mote.speed hold dots themselves.
    const auto dot = equals == std::string::npos ? equals : text.rfind('.', equals);
    if (dot == std::string::npos || dot == 0 || dot + 1 == equals) {
      Throw(ErrorCode::kInvalidArgument,
            "--set {}: write component.option=value, such as --set mote.form=slides", text);
    }
    const std::string component = text.substr(0, dot);
    if (!IsComponent(catalog, component)) {
      Throw(ErrorCode::kInvalidArgument,
            "--set {}: there is no component '{}'; `mote list` shows them", text, component);
    }
    assignments[component][text.substr(dot + 1, equals - dot - 1)] = text.substr(equals + 1);
  }
  return assignments;
}

std::unique_ptr<Backend> MakeBackend(const Catalog& catalog, const std::string& name,
                                     const std::string& device, const Assignments& assignments) {
  if (name.starts_with("check(") && name.ends_with(")")) {
    const std::string inner = name.substr(6, name.size() - 7);
    const auto comma = inner.find(',');
    if (comma == std::string::npos) {
      Throw(ErrorCode::kInvalidArgument, "--backend {}: write check(A,B)", name);
    }
    return MakeCheckBackend(MakeNamed(catalog, inner.substr(0, comma), device, assignments),
                            MakeNamed(catalog, inner.substr(comma + 1), "cpu", assignments));
  }
  return MakeNamed(catalog, name.empty() ? HighestPriority(catalog) : name, device, assignments);
}

}  // namespace mote
