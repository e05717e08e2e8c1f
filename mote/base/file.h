// Files read and written whole. Reading and writing errors are Error(kNotFound) or Error(kIo) with
// the path and the system's reason.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mote {

std::string ReadFile(const std::filesystem::path& path);

// Reads a file and, if it starts with the gzip magic bytes, unpacks it. Throws Error(kCorrupt) on a
// damaged or truncated gzip stream, and on more than `limit` unpacked bytes.
std::string ReadMaybeGzip(const std::filesystem::path& path, std::size_t limit = std::size_t(4)
                                                                                 << 30);

// Replaces the file at `path` in one step: a reader, or a crash, sees the old content or the new,
// never a part. Makes missing parent folders. What is neither file nor folder (a device, a pipe) is
// written to, not replaced.
void WriteFileAtomically(const std::filesystem::path& path, std::string_view content);

// Throws what WriteFileAtomically would throw for this path, as far as that is known beforehand
// (permissions, a file where a folder must be; not a disk that will be full), and changes nothing.
// For work whose result goes there much later.
void CheckWritable(const std::filesystem::path& path);

}  // namespace mote
