#include "mote/report/gnuplot.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <sstream>

#include "mote/base/error.h"
#include "mote/base/file.h"

extern char** environ;

namespace mote {
namespace {

constexpr const char* kScript = "chart.gp";
constexpr const char* kMessages = "messages";

// Removed with all that is in it.
class WorkFolder {
 public:
  WorkFolder() {
    std::error_code error;
    const auto root = std::filesystem::temp_directory_path(error);
    std::string name = ((error ? "/tmp" : root) / "mote-chart-XXXXXX").string();
    if (!::mkdtemp(name.data())) {
      Throw(ErrorCode::kIo, "cannot make folder '{}': {}", name, std::strerror(errno));
    }
    path_ = std::filesystem::absolute(name);
  }
  ~WorkFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class SpawnActions {
 public:
  SpawnActions() { ::posix_spawn_file_actions_init(&actions_); }
  ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

// Ours, but for a locale in which a number has a point and text is UTF-8.
std::vector<std::string> Environment() {
  std::vector<std::string> variables = {"LC_ALL=C.UTF-8"};
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view(*variable).starts_with("LC_ALL=")) variables.emplace_back(*variable);
  }
  return variables;
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& text : strings) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Returns what waitpid says of the program's end.
int RunIn(const std::filesystem::path& folder, const std::filesystem::path& program) {
  SpawnActions actions;
  ::posix_spawn_file_actions_addchdir_np(actions.get(), folder.c_str());
  ::posix_spawn_file_actions_addopen(actions.get(), STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(actions.get(), STDOUT_FILENO, kMessages,
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::posix_spawn_file_actions_adddup2(actions.get(), STDOUT_FILENO, STDERR_FILENO);
  std::vector<std::string> arguments = {program.string(), "--default-settings", kScript};
  std::vector<std::string> environment = Environment();
  pid_t child = 0;
  const int reason = ::posix_spawn(&child, program.c_str(), actions.get(), nullptr,
                                   Pointers(arguments).data(), Pointers(environment).data());
  if (reason != 0) {
    Throw(ErrorCode::kIo, "cannot run '{}': {}", program.string(), std::strerror(reason));
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      Throw(ErrorCode::kIo, "lost '{}': {}", program.string(), std::strerror(errno));
    }
  }
  return status;
}

// gnuplot repeats the command at fault before it says what is wrong: `"chart.gp" line 3: ...`.
std::string FirstMessage(const std::filesystem::path& folder) {
  std::error_code error;
  if (!std::filesystem::exists(folder / kMessages, error)) return "no message";
  std::istringstream text(ReadFile(folder / kMessages));
  std::string first;
  for (std::string line; std::getline(text, line);) {
    if (line.find_first_not_of(" \t\r^") == std::string::npos) continue;
    if (line.find(" line ") != std::string::npos && line.find("warning:") == std::string::npos) {
      return line;
    }
    if (first.empty()) first = line;
  }
  return first.empty() ? "no message" : first;
}

}  // namespace

std::optional<std::filesystem::path> FindGnuplot() {
  const char* search = std::getenv("PATH");
  if (search == nullptr) return std::nullopt;
  std::istringstream folders(search);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::filesystem::path program =
        std::filesystem::path(folder.empty() ? "." : folder) / "gnuplot";
    std::error_code error;
    if (std::filesystem::is_regular_file(program, error) && ::access(program.c_str(), X_OK) == 0) {
      return std::filesystem::absolute(program, error);
    }
  }
  return std::nullopt;
}

std::map<std::string, std::string> RunGnuplot(const std::filesystem::path& program,
                                              std::string_view script,
                                              const std::vector<std::string>& files) {
  const WorkFolder folder;
  WriteFileAtomically(folder.path() / kScript, script);
  const int status = RunIn(folder.path(), program);
  if (WIFSIGNALED(status)) {
    Throw(ErrorCode::kIo, "'{}' was ended by signal {}", program.string(), WTERMSIG(status));
  }
  if (WEXITSTATUS(status) != 0) {
    Throw(ErrorCode::kIo, "'{}' failed: {}", program.string(), FirstMessage(folder.path()));
  }
  std::map<std::string, std::string> written;
  for (const std::string& name : files) {
    std::error_code error;
    const std::filesystem::path path = folder.path() / name;
    if (!std::filesystem::exists(path, error) || std::filesystem::file_size(path, error) == 0) {
      Throw(ErrorCode::kIo, "'{}' did not write {}: {}", program.string(), name,
            FirstMessage(folder.path()));
    }
    written[name] = ReadFile(path);
  }
  return written;
}

}  // namespace mote
