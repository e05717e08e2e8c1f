#include "tests/repro/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "mote/base/check.h"
#include "mote/base/file.h"

namespace mote::testing {
namespace {

void Nap() {
  const timespec moment{.tv_sec = 0, .tv_nsec = 200'000};
  ::nanosleep(&moment, nullptr);
}

Ending EndingOf(int status) {
  if (WIFSIGNALED(status)) return {.signal = WTERMSIG(status)};
  return {.exit_code = WEXITSTATUS(status)};
}

pid_t WaitPid(pid_t pid, int* status, int options) {
  while (true) {
    const pid_t answer = ::waitpid(pid, status, options);
    if (answer >= 0) return answer;
    MOTE_CHECK(errno == EINTR, "waitpid of {}: {}", pid, errno);
  }
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments, const std::filesystem::path& log)
    : log_(log) {
  std::vector<std::string> words = {MOTE_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  const int create = O_WRONLY | O_CREAT | O_TRUNC;
  ::posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, (log.string() + ".out").c_str(), create,
                                     0644);
  ::posix_spawn_file_actions_addopen(&files, STDERR_FILENO, (log.string() + ".err").c_str(), create,
                                     0644);
  const int error = ::posix_spawn(&pid_, MOTE_PROGRAM, &files, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&files);
  MOTE_CHECK(error == 0, "cannot start {}: {}", MOTE_PROGRAM, error);
}

Process::~Process() {
  if (ending_) return;
  ::kill(pid_, SIGKILL);
  Wait();
}

std::optional<Ending> Process::Poll() {
  int status = 0;
  if (!ending_ && WaitPid(pid_, &status, WNOHANG) == pid_) ending_ = EndingOf(status);
  return ending_;
}

Ending Process::Wait() {
  if (!ending_) {
    int status = 0;
    WaitPid(pid_, &status, 0);
    ending_ = EndingOf(status);
  }
  return *ending_;
}

void Process::Send(int signal) {
  if (!ending_) ::kill(pid_, signal);
}

bool Process::WaitUntilStopped() {
  int status = 0;
  if (ending_) return false;
  WaitPid(pid_, &status, WUNTRACED);
  if (WIFSTOPPED(status)) return true;
  ending_ = EndingOf(status);
  return false;
}

double Process::ProcessorSeconds() {
  clockid_t clock;
  timespec used;
  // A process that has ended has no clock, and its number may be another's.
  if (!ending_ && ::clock_getcpuclockid(pid_, &clock) == 0 && ::clock_gettime(clock, &used) == 0) {
    processor_seconds_ = double(used.tv_sec) + 1e-9 * double(used.tv_nsec);
  }
  return processor_seconds_;
}

Ending Process::SendAt(double processor_seconds, int signal) {
  while (!Poll()) {
    if (ProcessorSeconds() >= processor_seconds) {
      Send(signal);
      return Wait();
    }
    Nap();
  }
  return *ending_;
}

bool Process::WaitForFile(const std::filesystem::path& file) {
  while (!std::filesystem::exists(file)) {
    if (Poll()) return std::filesystem::exists(file);
    Nap();
  }
  return true;
}

std::string Process::Out() const { return ReadFile(log_.string() + ".out"); }
std::string Process::Err() const { return ReadFile(log_.string() + ".err"); }

}  // namespace mote::testing
