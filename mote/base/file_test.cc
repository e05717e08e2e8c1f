#include "mote/base/file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <csignal>
#include <fstream>
#include <functional>

#include "mote/base/error.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string Gzip(std::string_view text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&stream, text.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = uInt(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = uInt(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

// Text that does not compress to nothing.
std::string LongText() {
  std::string text;
  for (unsigned i = 0, state = 1; i < 300'000; ++i) {
    state = state * 1664525 + 1013904223;
    text += char('a' + (state >> 24) % 26);
  }
  return text;
}

class FileTest : public testing::Test {
 protected:
  FileTest() {
    std::string pattern = testing::TempDir() + "mote_file_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~FileTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path Path(const std::string& name) const { return folder_ / name; }
  std::filesystem::path Write(const std::string& name, std::string_view content) const {
    WriteFileAtomically(Path(name), content);
    return Path(name);
  }
  int EntriesInFolder() const {
    return int(std::distance(std::filesystem::directory_iterator(folder_), {}));
  }

  std::filesystem::path folder_;
};

void ExpectError(ErrorCode code, const std::function<void()>& act,
                 const testing::Matcher<const std::string&>& message) {
  try {
    act();
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    EXPECT_THAT(std::string(error.what()), message);
  }
}

TEST_F(FileTest, ReadsWhatWasWritten) {
  const std::string content("line\n\0\r\xff", 8);
  EXPECT_EQ(ReadFile(Write("a", content)), content);
  EXPECT_EQ(ReadMaybeGzip(Path("a")), content);
  EXPECT_EQ(ReadFile(Write("empty", "")), "");
  EXPECT_EQ(ReadMaybeGzip(Path("empty")), "");
  EXPECT_EQ(ReadMaybeGzip(Write("one", "\x1f")), "\x1f");
  const std::string text = LongText();
  EXPECT_EQ(ReadFile(Write("long", text)), text);
}

TEST_F(FileTest, NamesThePathAndTheReason) {
  ExpectError(
      ErrorCode::kNotFound, [&] { ReadFile(Path("absent")); },
      AllOf(HasSubstr(Path("absent").string()), HasSubstr("No such file")));
  ExpectError(
      ErrorCode::kIo, [&] { ReadFile(folder_); }, HasSubstr("directory"));
}

TEST_F(FileTest, UnpacksGzip) {
  const std::string text = LongText();
  EXPECT_EQ(ReadMaybeGzip(Write("a.gz", Gzip(text))), text);
  EXPECT_EQ(ReadMaybeGzip(Write("nothing.gz", Gzip(""))), "");
}

TEST_F(FileTest, UnpacksGzipOfSeveralMembers) {
  const std::string text = LongText();
  EXPECT_EQ(ReadMaybeGzip(Write("a.gz", Gzip("one\n") + Gzip("") + Gzip(text) + Gzip("end"))),
            "one\n" + text + "end");
}

TEST_F(FileTest, RefusesTruncatedGzipAtEveryLength) {
  const std::string packed = Gzip("some text that is long enough to be cut anywhere");
  for (std::size_t size = 2; size < packed.size(); ++size) {
    std::ofstream(Path("cut.gz"), std::ios::binary) << packed.substr(0, size);  // without a sync
    ExpectError(
        ErrorCode::kCorrupt, [&] { ReadMaybeGzip(Path("cut.gz")); },
        AllOf(HasSubstr("cut.gz"), HasSubstr("not a complete gzip file")));
  }
}

TEST_F(FileTest, RefusesDamagedGzip) {
  std::string packed = Gzip(LongText());
  packed[packed.size() / 2] ^= 0x55;
  Write("bad.gz", packed);
  ExpectError(
      ErrorCode::kCorrupt, [&] { ReadMaybeGzip(Path("bad.gz")); }, HasSubstr("bad.gz"));
  Write("second.gz", Gzip("fine") + "no member");
  ExpectError(
      ErrorCode::kCorrupt, [&] { ReadMaybeGzip(Path("second.gz")); }, HasSubstr("second"));
}

TEST_F(FileTest, StopsUnpackingAtTheLimit) {
  Write("bomb.gz", Gzip(std::string(1 << 20, 'x')));
  EXPECT_EQ(ReadMaybeGzip(Path("bomb.gz"), 1 << 20).size(), 1u << 20);
  ExpectError(
      ErrorCode::kCorrupt, [&] { ReadMaybeGzip(Path("bomb.gz"), (1 << 20) - 1); },
      HasSubstr("more than 1048575 bytes"));
}

TEST_F(FileTest, WritesOverAndIntoNewFolders) {
  Write("a", "a long old content");
  EXPECT_EQ(ReadFile(Write("a", "new")), "new");
  EXPECT_EQ(EntriesInFolder(), 1);
  EXPECT_EQ(ReadFile(Write("x/y/z", "deep")), "deep");
}

TEST_F(FileTest, WritesIntoTheCurrentFolder) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder_);
  WriteFileAtomically("bare", "name");
  std::filesystem::current_path(before);
  EXPECT_EQ(ReadFile(Path("bare")), "name");
}

TEST_F(FileTest, CannotWriteBelowARegularFile) {
  Write("file", "content");
  ExpectError(
      ErrorCode::kNotFound, [&] { WriteFileAtomically(Path("file/a"), "x"); },
      AllOf(HasSubstr(Path("file").string()), HasSubstr("ot a directory")));
  ExpectError(
      ErrorCode::kNotFound, [&] { WriteFileAtomically(Path("file/a/b"), "x"); },
      HasSubstr("ot a directory"));
  EXPECT_EQ(ReadFile(Path("file")), "content");
}

TEST_F(FileTest, CannotReplaceAFolder) {
  Write("folder/a", "x");
  ExpectError(
      ErrorCode::kIo, [&] { WriteFileAtomically(Path("folder"), "y"); }, HasSubstr("folder"));
  EXPECT_EQ(ReadFile(Path("folder/a")), "x");
  EXPECT_EQ(EntriesInFolder(), 1);
}

// A pipe stays a pipe; as root a device would be replaced like any file.
TEST_F(FileTest, WritesIntoAPipe) {
  ASSERT_EQ(::mkfifo(Path("pipe").c_str(), 0600), 0);
  const int reader = ::open(Path("pipe").c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  CheckWritable(Path("pipe"));
  WriteFileAtomically(Path("pipe"), "content");
  char buffer[16];
  EXPECT_EQ(::read(reader, buffer, sizeof buffer), 7);
  ::close(reader);
  EXPECT_TRUE(std::filesystem::is_fifo(Path("pipe")));
  EXPECT_EQ(EntriesInFolder(), 1);
}

TEST_F(FileTest, KnowsBeforehandWhereItCannotWrite) {
  Write("file", "content");
  Write("folder/a", "x");
  const auto refused = [this](const char* name, ErrorCode code, const char* reason) {
    ExpectError(
        code, [&] { CheckWritable(Path(name)); },
        AllOf(HasSubstr("cannot write '" + Path(name).string()), HasSubstr(reason)));
    // It does not promise less than there is.
    EXPECT_THROW(WriteFileAtomically(Path(name), "y"), Error);
  };
  refused("file/a", ErrorCode::kNotFound, "Not a directory");
  refused("file/a/b/c", ErrorCode::kNotFound, "Not a directory");
  refused("folder", ErrorCode::kIo, "Is a directory");
  if (::geteuid() != 0) {
    std::filesystem::permissions(Path("folder"), std::filesystem::perms::owner_read);
    refused("folder/b", ErrorCode::kIo, "Permission denied");
    std::filesystem::permissions(Path("folder"), std::filesystem::perms::owner_all);
  }
}

TEST_F(FileTest, ChangesNothingByAsking) {
  Write("file", "content");
  CheckWritable(Path("file"));
  CheckWritable(Path("new"));
  CheckWritable(Path("x/y/z"));
  CheckWritable("bare");
  EXPECT_EQ(ReadFile(Path("file")), "content");
  EXPECT_EQ(EntriesInFolder(), 1);
}

// A limit on the size of files stands in for a full disk; it holds for root as well.
TEST_F(FileTest, KeepsTheOldContentWhenTheDiskIsFull) {
  Write("a", "old");
  const std::string large(1 << 20, 'x');
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{100'000, 100'000};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(2);
    try {
      WriteFileAtomically(Path("a"), large);
    } catch (const Error& error) {
      ::_exit(error.code() == ErrorCode::kIo ? 0 : 3);
    }
    ::_exit(4);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(ReadFile(Path("a")), "old");
  EXPECT_EQ(EntriesInFolder(), 1) << "the draft was left behind";
}

}  // namespace
}  // namespace mote
