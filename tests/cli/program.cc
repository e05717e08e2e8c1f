#include "tests/cli/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <sstream>

#include "mote/base/check.h"
#include "mote/base/file.h"

namespace mote {
namespace {

constexpr int kPatienceMs = 120'000;

// The ends of a pipe or a pseudo-terminal: ours reads what the child's is written to.
struct Channel {
  int ours = -1;
  int childs = -1;
};

Channel MakePipe() {
  int ends[2];
  MOTE_CHECK(::pipe2(ends, O_CLOEXEC) == 0, "no pipe: errno {}", errno);
  return {ends[0], ends[1]};
}

Channel MakeTerminal() {
  const int ours = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  MOTE_CHECK(ours >= 0 && ::grantpt(ours) == 0 && ::unlockpt(ours) == 0, "no terminal: errno {}",
             errno);
  const int childs = ::open(::ptsname(ours), O_RDWR | O_NOCTTY | O_CLOEXEC);
  MOTE_CHECK(childs >= 0, "no terminal: errno {}", errno);
  return {ours, childs};
}

[[noreturn]] void Become(const std::filesystem::path& folder, const Words& arguments,
                         const Surroundings& surroundings, int out, int err) {
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (::chdir(folder.c_str()) != 0 || nothing < 0) ::_exit(126);
  ::dup2(nothing, 0);
  ::dup2(out, 1);
  ::dup2(err, 2);
  ::unsetenv("NO_COLOR");
  ::setenv("TERM", "xterm", 1);
  ::setenv("LC_ALL", "C", 1);
  for (const auto& [name, value] : surroundings.environment) {
    ::setenv(name.c_str(), value.c_str(), 1);
  }
  if (surroundings.largest_file) {
    const rlimit limit{*surroundings.largest_file, *surroundings.largest_file};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(126);
  }
  std::vector<char*> words = {const_cast<char*>(MOTE_PROGRAM)};
  for (const std::string& argument : arguments)
    words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  ::execv(MOTE_PROGRAM, words.data());
  ::_exit(127);
}

}  // namespace

Words operator+(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Running::Running(const std::filesystem::path& folder, const Words& arguments,
                 const Surroundings& surroundings) {
  Channel out = surroundings.terminal ? MakeTerminal() : MakePipe();
  if (!surroundings.stdout_file.empty()) {
    ::close(out.childs);
    out.childs = ::open(surroundings.stdout_file.c_str(), O_WRONLY | O_CLOEXEC);
    MOTE_CHECK(out.childs >= 0, "cannot open {}", surroundings.stdout_file.string());
  }
  if (surroundings.stdout_unread) {
    ::close(out.ours);
    out.ours = -1;
  }
  const Channel err = MakePipe();
  child_ = ::fork();
  MOTE_CHECK(child_ >= 0, "no process: errno {}", errno);
  if (child_ == 0) Become(folder, arguments, surroundings, out.childs, err.childs);
  ::close(out.childs);
  ::close(err.childs);
  out_ = out.ours;
  err_ = err.ours;
}

Running::~Running() {
  if (child_ > 0) {
    ::kill(child_, SIGKILL);
    Wait();
  }
}

void Running::Signal(int signal) const { ::kill(child_, signal); }

Finished Running::Wait() {
  Finished finished;
  std::array<pollfd, 2> open = {{{out_, POLLIN, 0}, {err_, POLLIN, 0}}};
  const std::array<std::string*, 2> texts = {&finished.out, &finished.err};
  while (open[0].fd >= 0 || open[1].fd >= 0) {
    if (::poll(open.data(), open.size(), kPatienceMs) == 0) {
      ADD_FAILURE() << "the program hangs; it is killed";
      ::kill(child_, SIGKILL);
    }
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (open[i].fd < 0 || open[i].revents == 0) continue;
      char buffer[4096];
      const ssize_t size = ::read(open[i].fd, buffer, sizeof buffer);
      if (size > 0) {
        texts[i]->append(buffer, std::size_t(size));
      } else {  // the end; of a terminal it is an error
        ::close(open[i].fd);
        open[i].fd = -1;
      }
    }
  }
  int status = 0;
  ::waitpid(child_, &status, 0);
  child_ = -1;
  finished.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return finished;
}

Finished ProgramTest::Mote(const Words& arguments, const Surroundings& surroundings) const {
  return Running(folder_.path(), arguments, surroundings).Wait();
}

std::string ProgramTest::Read(const std::filesystem::path& name) const {
  return ReadFile(Path(name));
}

std::vector<std::string> ProgramTest::Files(const std::filesystem::path& below) const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(Path(below))) {
    names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

const Words& Cheap() {
  static const Words options = CheapOn("noise") + Words{"--store", "none"};
  return options;
}

Words CheapOn(const std::string& data) {
  return {"--data",          data,    "--preset",        "faster", "--set",
          "faster.epochs=1", "--set", "faster.images=64"};
}

void ExpectDone(const Finished& finished) {
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  for (const std::string& line : Lines(finished.err)) {
    EXPECT_FALSE(line.starts_with("mote: ")) << line;
  }
}

void ExpectRefusal(const Finished& finished, int exit_code, const Words& words) {
  EXPECT_EQ(finished.exit_code, exit_code);
  EXPECT_EQ(finished.out, "");
  EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;
  EXPECT_THAT(finished.err, testing::StartsWith("mote: "));
  EXPECT_THAT(finished.err, testing::EndsWith("\n"));
  for (const std::string& word : words) EXPECT_THAT(finished.err, testing::HasSubstr(word));
}

Words Lines(const std::string& text) {
  Words lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

nlohmann::json ParseJson(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  EXPECT_TRUE(json.is_object()) << text;
  if (!json.is_object() || !json.contains("mote")) {
    ADD_FAILURE() << "no version key in: " << text;
    return nlohmann::json::object();
  }
  EXPECT_EQ(json["mote"]["format"], 1);
  EXPECT_TRUE(json["mote"]["version"].is_string());
  return json;
}

}  // namespace mote
