// The components of one kind by name: estimators, spaces, strategies, ...
//
// A registry is an ordinary value; nothing registers itself behind the program's back. A component
// file ends in one line such as
//
//   MOTE_ESTIMATOR(synflow) { registry.Add("synflow", "what it is", options, factory); }
//
// and mote/run/builtin.cc calls it. Tests fill registries of their own with fakes.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mote/base/check.h"
#include "mote/base/error.h"
#include "mote/base/options.h"

namespace mote {

// What a factory makes may need more than options: Arguments are handed through by Create.
template <typename Component, typename... Arguments>
class Registry {
 public:
  using Factory =
      std::function<std::unique_ptr<Component>(const Options& options, Arguments... arguments)>;

  struct Entry {
    std::string name;
    std::string summary;  // one line
    std::vector<OptionSpec> options;
    Factory factory;
  };

  // `kind` names the registry in messages: "estimator".
  explicit Registry(std::string kind) : kind_(std::move(kind)) {}

  void Add(std::string name, std::string summary, std::vector<OptionSpec> options,
           Factory factory) {
    MOTE_CHECK(!entries_.contains(name), "{} {} registered twice", kind_, name);
    Entry entry{name, std::move(summary), std::move(options), std::move(factory)};
    entries_.emplace(std::move(name), std::move(entry));
  }

  // By name. Throws Error(kInvalidArgument) listing the candidates if there is none.
  const Entry& Find(std::string_view name) const {
    const auto found = entries_.find(name);
    if (found == entries_.end()) {
      Throw(ErrorCode::kInvalidArgument, "there is no {} '{}'; there is {}", kind_, name,
            ListOr(Names()));
    }
    return found->second;
  }

  std::unique_ptr<Component> Create(std::string_view name,
                                    const std::map<std::string, std::string>& assignments,
                                    Arguments... arguments) const {
    const Entry& entry = Find(name);
    return entry.factory(Options(name, entry.options, assignments), arguments...);
  }

  bool Contains(std::string_view name) const { return entries_.contains(name); }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& [name, entry] : entries_) names.push_back(name);
    return names;
  }
  const std::map<std::string, Entry, std::less<>>& entries() const { return entries_; }
  const std::string& kind() const { return kind_; }

 private:
  std::string kind_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace mote
