#include "mote/base/file.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "mote/base/error.h"

namespace mote {
namespace {

// Closes a file descriptor on every way out.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int Close() { return ::close(std::exchange(fd_, -1)); }

 private:
  int fd_;
};

[[noreturn]] void ThrowIo(const char* verb, const std::filesystem::path& path, int error) {
  const bool missing = error == ENOENT || error == ENOTDIR;
  Throw(missing ? ErrorCode::kNotFound : ErrorCode::kIo, "cannot {} '{}': {}", verb, path.string(),
        std::strerror(error));
}

// All of `content`. Returns 0 or the system's reason.
int WriteAll(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t count = ::write(fd, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    content.remove_prefix(std::size_t(count));
  }
  return 0;
}

std::filesystem::path FolderOf(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : ".";
}

// A device or a pipe: a name that must stay what it is.
bool IsStream(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  return std::filesystem::exists(status) && std::filesystem::is_other(status);
}

void WriteStream(const std::filesystem::path& path, std::string_view content) {
  Descriptor stream(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (stream.get() < 0) ThrowIo("write", path, errno);
  if (const int reason = WriteAll(stream.get(), content)) ThrowIo("write", path, reason);
}

}  // namespace

std::string ReadFile(const std::filesystem::path& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) ThrowIo("read", path, errno);
  std::string content;
  char buffer[1 << 16];
  while (true) {
    const ssize_t count = ::read(file.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) ThrowIo("read", path, errno);
    if (count == 0) return content;
    content.append(buffer, std::size_t(count));
  }
}

std::string ReadMaybeGzip(const std::filesystem::path& path, std::size_t limit) {
  std::string packed = ReadFile(path);
  if (packed.size() < 2 || packed[0] != '\x1f' || packed[1] != '\x8b') return packed;
  z_stream stream{};
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  std::size_t unread = packed.size();
  if (inflateInit2(&stream, 15 + 16) != Z_OK) {
    Throw(ErrorCode::kOutOfMemory, "no memory to unpack '{}'", path.string());
  }
  std::string content;
  char buffer[1 << 16];
  int status = Z_OK;
  // A gzip file may hold several members in a row.
  while (status == Z_OK || (status == Z_STREAM_END && (unread > 0 || stream.avail_in > 0))) {
    if (status == Z_STREAM_END && inflateReset(&stream) != Z_OK) break;
    if (stream.avail_in == 0) {
      stream.avail_in = uInt(std::min<std::size_t>(unread, 1 << 30));
      unread -= stream.avail_in;
    }
    stream.next_out = reinterpret_cast<Bytef*>(buffer);
    stream.avail_out = sizeof buffer;
    status = inflate(&stream, Z_NO_FLUSH);
    content.append(buffer, sizeof buffer - stream.avail_out);
    if (content.size() > limit) {
      inflateEnd(&stream);
      Throw(ErrorCode::kCorrupt, "'{}' unpacks to more than {} bytes", path.string(), limit);
    }
  }
  inflateEnd(&stream);
  if (status != Z_STREAM_END) {
    Throw(ErrorCode::kCorrupt, "'{}' is not a complete gzip file; fetch it again", path.string());
  }
  return content;
}

void WriteFileAtomically(const std::filesystem::path& path, std::string_view content) {
  if (IsStream(path)) return WriteStream(path, content);
  std::error_code error;
  const std::filesystem::path folder = FolderOf(path);
  std::filesystem::create_directories(folder, error);
  if (error) ThrowIo("make folder", folder, error.value());
  const std::filesystem::path draft = path.string() + fmt::format(".{}.tmp", ::getpid());
  Descriptor file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (file.get() < 0) ThrowIo("write", path, errno);
  const auto fail = [&](int reason) {
    ::unlink(draft.c_str());
    ThrowIo("write", path, reason);
  };
  if (const int reason = WriteAll(file.get(), content)) fail(reason);
  if (::fsync(file.get()) != 0) fail(errno);
  if (file.Close() != 0) fail(errno);
  if (::rename(draft.c_str(), path.c_str()) != 0) fail(errno);
}

void CheckWritable(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) ThrowIo("write", path, EISDIR);
  if (IsStream(path)) {
    if (::access(path.c_str(), W_OK) != 0) ThrowIo("write", path, errno);
    return;
  }
  // The nearest folder that is there takes the draft, or the folders that are missing.
  std::filesystem::path folder = FolderOf(path);
  while (!std::filesystem::exists(std::filesystem::symlink_status(folder, error))) {
    if (error && error.value() != ENOENT) ThrowIo("write", path, error.value());
    folder = FolderOf(folder);
  }
  if (!std::filesystem::is_directory(folder, error)) ThrowIo("write", path, ENOTDIR);
  if (::access(folder.c_str(), W_OK | X_OK) != 0) ThrowIo("write", path, errno);
}

}  // namespace mote
