// Files that may be packed by gzip.
#include "mote/base/file.h"
#include "mote/data/test_files.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {

constexpr std::size_t kLimit = 1 << 20;

std::vector<std::string> Seeds() {
  return {"plain text",
          Gzip(""),
          Gzip("one member"),
          Gzip("first, ") + Gzip("second member"),
          Gzip(std::string(100'000, 'a')),
          Gzip(Scatter(500, 1))};
}

std::vector<std::string> Words() { return {"\x1f\x8b\x08", std::string("\0\0\xff\xff", 4)}; }

}  // namespace mote::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mote;
  static const fuzz::Folder folder;
  const std::string_view text = fuzz::TextOf(data, size);
  const auto path = folder.Put("file", text);
  const auto content = fuzz::Try([&] { return ReadMaybeGzip(path, fuzz::kLimit); });
  if (content && !text.starts_with("\x1f\x8b")) MOTE_CHECK(*content == text);
  if (content && text.starts_with("\x1f\x8b")) MOTE_CHECK(content->size() <= fuzz::kLimit);
  folder.Put("file", Gzip(text));
  MOTE_CHECK(ReadMaybeGzip(path) == text);
  return 0;
}
