// One process at a time: a lock file held with flock.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string_view>

namespace mote {

// The system frees the lock however the process ends, so a lock file left by a killed process is
// harmless. It holds the owner's process id, for the message to whoever is refused. The destructor
// removes it.
//
// Advisory, and between processes of one machine; on a network file system it is what the system
// makes of it.
class FileLock {
 public:
  // Makes and locks the file `path`. Throws Error(kIo) if another lock holds it or if it cannot be
  // made; `subject` is what the message says is in use.
  FileLock(std::filesystem::path path, std::string_view subject);
  ~FileLock();

  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  const std::filesystem::path path_;
  const pid_t owner_;
  int file_ = -1;
};

}  // namespace mote
