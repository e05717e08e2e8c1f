#include "mote/run/catalog.h"

#include <filesystem>

#include "mote/backends/check.h"

namespace mote {
namespace {

// By component. Kinds may share a name (preset and dataset noise): it then has the options of both.
std::map<std::string, std::vector<OptionSpec>> AllOptions(const Catalog& catalog) {
  std::map<std::string, std::vector<OptionSpec>> all;
  const auto add = [&all](const auto& registry) {
    for (const auto& [name, entry] : registry.entries()) {
      auto& options = all[name];
      options.insert(options.end(), entry.options.begin(), entry.options.end());
    }
  };
  add(catalog.estimators);
  add(catalog.presets);
  add(catalog.strategies);
  add(catalog.backends);
  add(catalog.datasets);
  add(catalog.spaces);
  return all;
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
    Throw(ErrorCode::kUnsupported,
          "backend {} runs on the cpu only; choose another backend for "
          "--device {}",
          name, device);
  }
  return catalog.backends.Create(name, options);
}

struct Assignment {
  std::string component;
  std::string option;
  std::string value;
};

Assignment ReadAssignment(const std::string& text) {
  const auto equals = text.find('=');
  // The option follows the last dot: components such as mote.speed hold dots themselves.
  const auto dot = equals == std::string::npos ? equals : text.rfind('.', equals);
  if (dot == std::string::npos || dot == 0 || dot + 1 == equals) {
    Throw(ErrorCode::kInvalidArgument,
          "--set {}: write component.option=value, such as --set mote.form=slides", text);
  }
  return {text.substr(0, dot), text.substr(dot + 1, equals - dot - 1), text.substr(equals + 1)};
}

}  // namespace

Assignments ParseAssignments(const Catalog& catalog, const std::vector<std::string>& texts) {
  Assignments assignments;
  const auto all = AllOptions(catalog);
  for (const std::string& text : texts) {
    auto [component, option, value] = ReadAssignment(text);
    const auto found = all.find(component);
    if (found == all.end()) {
      std::vector<std::string> names;
      for (const auto& [name, options] : all) {
        if (!options.empty()) names.push_back(name);
      }
      Throw(ErrorCode::kInvalidArgument, "--set {}: there is no component '{}'; options have {}",
            text, component, ListOr(names));
    }
    auto& options = assignments[component];
    options[option] = std::move(value);
    (void)Options(component, found->second, options);
  }
  return assignments;
}

std::vector<std::string> WithAbsolutePaths(const Catalog& catalog, std::vector<std::string> texts) {
  (void)ParseAssignments(catalog, texts);
  const auto all = AllOptions(catalog);
  for (std::string& text : texts) {
    const auto [component, option, value] = ReadAssignment(text);
    for (const OptionSpec& spec : all.at(component)) {
      if (spec.name != option || !spec.is_path || value.empty()) continue;
      text = fmt::format("{}.{}={}", component, option, std::filesystem::absolute(value).string());
    }
  }
  return texts;
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
