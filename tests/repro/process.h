// The program `mote` as a process of its own: started, watched, killed.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mote::testing {

// How a process ended.
struct Ending {
  int exit_code = -1;  // if it exited
  int signal = 0;      // if a signal ended it
};

class Process {
 public:
  // Starts the program with these arguments; what it prints goes into `<log>.out` and `<log>.err`.
  Process(const std::vector<std::string>& arguments, const std::filesystem::path& log);
  // Kills what still runs.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  std::optional<Ending> Poll();
  Ending Wait();
  void Send(int signal);
  // Waits until a SIGSTOP that was sent has stopped the process; false if it ended before.
  bool WaitUntilStopped();

  // Of all its threads, until now or its end. A moment in this time is as far into the work on a
  // busy machine as on an idle one.
  double ProcessorSeconds();
  // Sends the signal when the process has used so much processor time, and waits for its end, which
  // may be earlier.
  Ending SendAt(double processor_seconds, int signal);
  // Waits until the file is there; false if the process ended without it.
  bool WaitForFile(const std::filesystem::path& file);

  std::string Out() const;
  std::string Err() const;

 private:
  pid_t pid_ = -1;
  std::filesystem::path log_;
  std::optional<Ending> ending_;
  double processor_seconds_ = 0;
};

}  // namespace mote::testing
