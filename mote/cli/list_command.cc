// mote list: the components and their options.
#include <fmt/ranges.h>

#include <functional>

#include "mote/base/error.h"
#include "mote/cli/command.h"
#include "mote/run/method.h"

namespace mote::cli {
namespace {

// What is worth knowing of a component beside its summary, or nothing.
using Remark = std::function<std::string(const std::string& name)>;

template <typename Registry>
void AddRows(const Registry& registry, ResultTable& table, const Remark& remark = {}) {
  for (const auto& [name, entry] : registry.entries()) {
    const std::string more = remark ? "; " + remark(name) : "";
    table.AddRow({registry.kind(), name, std::string(), std::string(), entry.summary + more});
    for (const OptionSpec& option : entry.options) {
      std::string help = option.help;
      if (!option.choices.empty()) help += " (" + ListOr(option.choices) + ")";
      table.AddRow({registry.kind(), name, option.name, ToText(option.default_value), help});
    }
  }
}

// By default options and the default preset.
std::string RemarkOn(const Catalog& catalog, const std::string& estimator) {
  const auto preset = catalog.presets.Create(ScoreSettings().preset, {});
  const EstimatorInfo info = catalog.estimators.Create(estimator, {}, Setting{*preset})->info();
  std::string remark(Name(info.direction));
  if (info.unit != "1") remark += ", in " + info.unit;
  if (!info.citation.empty()) remark += "; " + info.citation;
  return remark;
}

void Run(const std::string& kind, const OutputOptions& output, const Environment& environment) {
  ResultTable table({{.name = "kind"},
                     {.name = "name"},
                     {.name = "option"},
                     {.name = "default"},
                     {.name = "summary"}});
  const Catalog& catalog = environment.catalog;
  const auto wanted = [&](const char* plural) { return kind.empty() || kind == plural; };
  if (wanted("estimators")) {
    AddRows(catalog.estimators, table,
            [&](const std::string& name) { return RemarkOn(catalog, name); });
  }
  if (wanted("rankings")) {
    AddRows(catalog.rankings, table, [&](const std::string& name) {
      return fmt::format("of {}", fmt::join(catalog.rankings.Create(name, {})->members, ", "));
    });
  }
  if (wanted("presets")) AddRows(catalog.presets, table);
  if (wanted("spaces")) AddRows(catalog.spaces, table);
  if (wanted("strategies")) AddRows(catalog.strategies, table);
  if (wanted("methods")) {
    for (const Method& method : Methods()) {
      table.AddRow({"method", method.name, std::string(), std::string(),
                    fmt::format("{}; strategy {}, by {}", method.summary, method.strategy,
                                method.purpose == Purpose::kJudge
                                    ? "accuracy"
                                    : fmt::format("{}", fmt::join(method.estimators, ", ")))});
    }
  }
  if (wanted("datasets")) AddRows(catalog.datasets, table);
  if (wanted("backends")) AddRows(catalog.backends, table);
  Print(table, output);
}

}  // namespace

void AddListCommand(CLI::App& app, Environment& environment) {
  auto* command = app.add_subcommand("list", "List estimators, presets, spaces, strategies, ...");
  auto kind = std::make_shared<std::string>();
  auto output = std::make_shared<OutputOptions>();
  command
      ->add_option("kind", *kind,
                   "estimators, rankings, presets, spaces, strategies, methods, datasets, backends")
      ->check(CLI::IsMember({"estimators", "rankings", "presets", "spaces", "strategies", "methods",
                             "datasets", "backends"}));
  AddOutputOptions(*command, *output, "write to this file instead of the terminal");
  command->footer("Options are set by --set NAME.OPTION=VALUE.\nExample:\n  mote list estimators");
  command->callback([=, &environment] { Run(*kind, *output, environment); });
}

}  // namespace mote::cli
