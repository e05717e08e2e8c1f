#include "mote/base/options.h"

#include <charconv>
#include <cmath>

#include "mote/base/check.h"
#include "mote/base/error.h"

namespace mote {
namespace {

OptionValue ParseAs(const OptionValue& like, std::string_view text, const std::string& what) {
  if (std::holds_alternative<bool>(like)) {
    if (text == "true" || text == "1" || text == "on" || text == "yes") return true;
    if (text == "false" || text == "0" || text == "off" || text == "no") return false;
    Throw(ErrorCode::kInvalidArgument, "{} is '{}', but must be true or false", what, text);
  }
  if (std::holds_alternative<std::int64_t>(like)) return ParseInt(text, what);
  if (std::holds_alternative<double>(like)) return ParseReal(text, what);
  return std::string(text);
}

void CheckBounds(const OptionSpec& spec, const OptionValue& value, const std::string& what) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (spec.choices.empty()) return;
    for (const std::string& choice : spec.choices) {
      if (*text == choice) return;
    }
    Throw(ErrorCode::kInvalidArgument, "{} is '{}', but must be {}", what, *text,
          ListOr(spec.choices));
  }
  if (std::holds_alternative<bool>(value)) return;
  const double number = std::holds_alternative<double>(value)
                            ? std::get<double>(value)
                            : double(std::get<std::int64_t>(value));
  if (spec.minimum && number < *spec.minimum) {
    Throw(ErrorCode::kInvalidArgument, "{} is {}, but must be at least {}", what, ToText(value),
          *spec.minimum);
  }
  if (spec.maximum && number > *spec.maximum) {
    Throw(ErrorCode::kInvalidArgument, "{} is {}, but must be at most {}", what, ToText(value),
          *spec.maximum);
  }
}

}  // namespace

std::string ToText(const OptionValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *integer);
  if (const auto* real = std::get_if<double>(&value)) return fmt::format("{}", *real);
  return std::get<std::string>(value);
}

std::string ListOr(std::span<const std::string> names) {
  std::string list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) list += i + 1 == names.size() ? " or " : ", ";
    list += names[i];
  }
  return list;
}

std::int64_t ParseInt(std::string_view text, std::string_view what) {
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    Throw(ErrorCode::kInvalidArgument, "{} is '{}', but must be a whole number", what, text);
  }
  return value;
}

double ParseReal(std::string_view text, std::string_view what) {
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    Throw(ErrorCode::kInvalidArgument, "{} is '{}', but must be a finite number", what, text);
  }
  return value;
}

Options::Options(std::string_view owner, std::span<const OptionSpec> specs,
                 const std::map<std::string, std::string>& assignments) {
  for (const OptionSpec& spec : specs) values_[spec.name] = spec.default_value;
  for (const auto& [name, text] : assignments) {
    const OptionSpec* found = nullptr;
    std::vector<std::string> known;
    for (const OptionSpec& spec : specs) {
      known.push_back(spec.name);
      if (spec.name == name) found = &spec;
    }
    if (!found && known.empty()) {
      Throw(ErrorCode::kInvalidArgument, "{} has no option '{}'; it has none at all", owner, name);
    }
    if (!found) {
      Throw(ErrorCode::kInvalidArgument, "{} has no option '{}'; it has {}", owner, name,
            ListOr(known));
    }
    const std::string what = fmt::format("option {}.{}", owner, name);
    OptionValue value = ParseAs(found->default_value, text, what);
    CheckBounds(*found, value, what);
    values_[name] = std::move(value);
  }
}

template <typename T>
const T& Options::Get(std::string_view name) const {
  const auto found = values_.find(name);
  MOTE_CHECK(found != values_.end(), "undeclared option {}", name);
  const T* value = std::get_if<T>(&found->second);
  MOTE_CHECK(value, "option {} read as another type", name);
  return *value;
}

bool Options::Flag(std::string_view name) const { return Get<bool>(name); }
std::int64_t Options::Int(std::string_view name) const { return Get<std::int64_t>(name); }
double Options::Real(std::string_view name) const { return Get<double>(name); }
const std::string& Options::Text(std::string_view name) const { return Get<std::string>(name); }

}  // namespace mote
