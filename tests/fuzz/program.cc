#include "tests/fuzz/program.h"

#include "mote/cli/command.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {
namespace {

// Thrown once all arguments are understood, in place of running the command.
struct Understood {};

std::string Describe(const CLI::App& app) {
  const auto used = app.get_subcommands();
  if (used.empty()) return "";
  return fmt::format("[{}]\n{}", used.front()->get_name(),
                     used.front()->config_to_str(true, false));
}

}  // namespace

std::optional<std::string> ParseArguments(const std::vector<std::string>& arguments) {
  StopToken stop;
  cli::Environment environment{.catalog = BuiltinCatalog(), .stop = stop};
  const auto app = cli::MakeApp(environment);
  app->parse_complete_callback([] { throw Understood(); });
  // The library takes them in reverse.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  return Try([&]() -> std::string {
    try {
      app->parse(reversed);
    } catch (const Understood&) {
      return Describe(*app);
    } catch (const CLI::ParseError& error) {
      // As main does, in its own words.
      Throw(ErrorCode::kInvalidArgument, "{}: {}", error.get_name(), error.what());
    }
    MOTE_CHECK(false, "a command was run");
  });
}

}  // namespace mote::fuzz
