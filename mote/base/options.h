// Options of components: declared once, next to the code that reads them. The command line, the
// configuration file and the documentation all take name, default, bounds and help from here.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mote {

using OptionValue = std::variant<bool, std::int64_t, double, std::string>;

struct OptionSpec {
  std::string name;
  OptionValue default_value;  // its alternative is the option's type
  std::string help;           // one line
  // Numbers: inclusive bounds. Texts: the allowed values, or any if empty.
  std::optional<double> minimum = {};
  std::optional<double> maximum = {};
  std::vector<std::string> choices = {};
  // A text that names a file, or none if empty: found from the folder that mote was started in.
  bool is_path = false;
};

// "0.5", "true", "name": as a user would type it; doubles in their shortest exact form.
std::string ToText(const OptionValue& value);

// The values of one component's options: defaults, overlaid by what the user set.
class Options {
 public:
  Options() = default;
  // Throws Error(kInvalidArgument) on an unknown name (listing the known ones), a value of the
  // wrong type or one out of bounds. `owner` names the component in the message.
  Options(std::string_view owner, std::span<const OptionSpec> specs,
          const std::map<std::string, std::string>& assignments);

  bool Flag(std::string_view name) const;
  std::int64_t Int(std::string_view name) const;
  double Real(std::string_view name) const;
  const std::string& Text(std::string_view name) const;

  const std::map<std::string, OptionValue, std::less<>>& values() const { return values_; }

 private:
  template <typename T>
  const T& Get(std::string_view name) const;

  std::map<std::string, OptionValue, std::less<>> values_;
};

// "a, b or c": for messages that list candidates.
std::string ListOr(std::span<const std::string> names);

// Parsers for whole texts, independent of locale. Throw Error(kInvalidArgument) naming `what`.
std::int64_t ParseInt(std::string_view text, std::string_view what);
double ParseReal(std::string_view text, std::string_view what);

}  // namespace mote
