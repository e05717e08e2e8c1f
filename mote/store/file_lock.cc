#include "mote/store/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>
#include <utility>

#include "mote/base/error.h"

namespace mote {
namespace {

// What a lock file says about its owner, who may just now be writing it.
std::string Holder(int file) {
  char text[32];
  const ssize_t size = ::pread(file, text, sizeof text, 0);
  long pid = 0;
  if (size > 0) std::from_chars(text, text + size, pid);
  if (pid <= 0) return "another process";
  if (pid == ::getpid()) return fmt::format("this process ({})", pid);
  return fmt::format("process {}", pid);
}

// Whether `path` still names the open file: its last holder may have removed it before we got it.
bool Names(const std::filesystem::path& path, int file) {
  struct stat opened, named;
  return ::fstat(file, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

}  // namespace

FileLock::FileLock(std::filesystem::path path, std::string_view subject)
    : path_(std::move(path)), owner_(::getpid()) {
  while (true) {
    file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file_ < 0) {
      Throw(ErrorCode::kIo, "cannot write '{}': {}; name a file in a folder you may write to",
            path_.string(), std::strerror(errno));
    }
    int status;
    do {
      status = ::flock(file_, LOCK_EX | LOCK_NB);
    } while (status != 0 && errno == EINTR);
    if (status != 0) {
      const int error = errno;
      const std::string holder = Holder(file_);
      ::close(file_);
      if (error == EWOULDBLOCK) {
        Throw(ErrorCode::kIo, "'{}' is in use by {}; wait for it, stop it, or name another file",
              subject, holder);
      }
      Throw(ErrorCode::kIo, "cannot lock '{}': {}; name a file on a local disk", path_.string(),
            std::strerror(error));
    }
    if (Names(path_, file_)) break;
    ::close(file_);
  }
  const std::string pid = fmt::format("{}\n", owner_);
  if (::ftruncate(file_, 0) != 0 ||
      ::pwrite(file_, pid.data(), pid.size(), 0) != ssize_t(pid.size())) {
    const int error = errno;
    ::unlink(path_.c_str());
    ::close(file_);
    Throw(ErrorCode::kIo, "cannot write '{}': {}", path_.string(), std::strerror(error));
  }
}

FileLock::~FileLock() {
  // In a fork of the owner the file is the owner's still.
  if (::getpid() == owner_) ::unlink(path_.c_str());
  ::close(file_);
}

}  // namespace mote
