// The program `mote`. It parses, runs one command, and catches once.
#include <csignal>
#include <iostream>
#include <new>
#include <sstream>

#include "mote/base/error.h"
#include "mote/cli/command.h"

namespace mote::cli {
namespace {

StopToken& Stop() {
  static StopToken token;
  return token;
}

// The first Ctrl-C asks for a clean end; the second one is the system's.
void OnInterrupt(int signal) {
  Stop().Request();
  std::signal(signal, SIG_DFL);
}

// CLI11's words, with the names that could be meant or the file at fault where it has none.
std::string Explain(const CLI::App& app, const CLI::ParseError& error) {
  const std::string_view what = error.what();
  const auto unexpected = app.remaining();
  if (app.get_subcommands().empty() && dynamic_cast<const CLI::ExtrasError*>(&error) &&
      !unexpected.empty() && !unexpected.front().starts_with("-")) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
    return fmt::format("there is no command '{}'; there is {}", unexpected.front(), ListOr(names));
  }
  constexpr std::string_view kUnknownKey = "INI was not able to parse ";
  if (dynamic_cast<const CLI::ConfigError*>(&error) && what.starts_with(kUnknownKey)) {
    std::string_view key = what.substr(kUnknownKey.size());
    if (key.ends_with(".++")) key.remove_suffix(3);  // an unknown section
    return fmt::format(
        "'{}': there is no command with an option '{}'; write [COMMAND], then "
        "OPTION=VALUE",
        app.get_config_ptr()->as<std::string>(), key);
  }
  return std::string(what);
}

// Names and texts of the user's may hold anything, but a message is one line.
std::string OneLine(std::string text) {
  for (char& letter : text) {
    if (static_cast<unsigned char>(letter) < ' ' || letter == '\x7f') letter = ' ';
  }
  return text;
}

void Complain(const std::string& message) { std::cerr << "mote: " << OneLine(message) << '\n'; }

// Runs the command that the arguments name, or prints the help or version that they ask for.
void Perform(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    if (argc == 1) WriteToStdout(app.help());
  } catch (const CLI::Success& request) {
    std::ostringstream text;
    app.exit(request, text, text);
    WriteToStdout(text.str());
  }
}

int Main(int argc, char** argv) {
  Environment environment{.catalog = BuiltinCatalog(), .stop = Stop()};
  std::signal(SIGINT, OnInterrupt);
  std::signal(SIGTERM, OnInterrupt);
  // A closed pipe is met where it is written to: a store is closed and a run kept as ever.
  std::signal(SIGPIPE, SIG_IGN);
  // A write past the file size limit should be an error that is reported, not the end.
  std::signal(SIGXFSZ, SIG_IGN);
  const auto app = MakeApp(environment);
  try {
    Perform(*app, argc, argv);
    return environment.exit_code;
  } catch (const OutputClosed&) {
    return kExitOutputClosed;
  } catch (const CLI::ParseError& error) {
    std::string command = "mote";
    for (const CLI::App* used : app->get_subcommands()) command += " " + used->get_name();
    Complain(fmt::format("{}; see `{} --help`", Explain(*app, error), command));
    return kExitUsage;
  } catch (const Stopped&) {
    Complain("stopped; what was measured is kept");
    return kExitInterrupted;
  } catch (const Error& error) {
    Complain(error.what());
    return error.code() == ErrorCode::kInvalidArgument ? kExitUsage : kExitFailed;
  } catch (const std::bad_alloc&) {
    Complain("out of memory; use fewer --workers or a smaller network");
    return kExitFailed;
  } catch (const std::exception& error) {
    Complain(error.what());
    return kExitFailed;
  }
}

}  // namespace

}  // namespace mote::cli

int main(int argc, char** argv) { return mote::cli::Main(argc, argv); }
