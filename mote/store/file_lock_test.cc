#include "mote/store/file_lock.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "mote/base/file.h"
#include "mote/store/store_testing.h"

namespace mote {
namespace {

using ::testing::HasSubstr;
using testing::InChild;
using testing::Report;
using testing::TempFolder;

TEST(FileLock, HoldsItsOwnersIdAndVanishes) {
  const TempFolder folder;
  {
    const FileLock lock(folder / "a.lock", "a");
    EXPECT_EQ(ReadFile(folder / "a.lock"), fmt::format("{}\n", ::getpid()));
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "a.lock"));
  const FileLock again(folder / "a.lock", "a");
}

TEST(FileLock, RefusesTheSameProcessTwice) {
  const TempFolder folder;
  const FileLock lock(folder / "a.lock", "a");
  const std::string report = Report([&] { FileLock(folder / "a.lock", "the file"); });
  EXPECT_EQ(report, fmt::format("input/output error: 'the file' is in use by this process ({}); "
                                "wait for it, stop it, or name another file",
                                ::getpid()));
  EXPECT_TRUE(std::filesystem::exists(folder / "a.lock"));
}

TEST(FileLock, RefusesAnotherProcessNamingTheFirst) {
  const TempFolder folder;
  const FileLock lock(folder / "a.lock", "a");
  EXPECT_THAT(InChild([&] { return Report([&] { FileLock(folder / "a.lock", "a"); }); }),
              HasSubstr(fmt::format("in use by process {};", ::getpid())));
}

TEST(FileLock, IsFreeAfterItsOwnerIsKilled) {
  const TempFolder folder;
  EXPECT_EQ(InChild([&]() -> std::string {
              const FileLock lock(folder / "a.lock", "a");
              ::raise(SIGKILL);
              return "";
            }),
            "killed by signal 9");
  EXPECT_TRUE(std::filesystem::exists(folder / "a.lock"));
  const FileLock lock(folder / "a.lock", "a");
  EXPECT_EQ(ReadFile(folder / "a.lock"), fmt::format("{}\n", ::getpid()));
}

TEST(FileLock, ReplacesALongerLeftover) {
  const TempFolder folder;
  std::ofstream(folder / "a.lock") << "123456789012345678901234567890 and more\n";
  const FileLock lock(folder / "a.lock", "a");
  EXPECT_EQ(ReadFile(folder / "a.lock"), fmt::format("{}\n", ::getpid()));
}

TEST(FileLock, SaysWhyItCannotBeMade) {
  const TempFolder folder;
  std::ofstream(folder / "file") << "x";
  EXPECT_THAT(Report([&] { FileLock(folder / "file/a.lock", "a"); }), HasSubstr("Not a directory"));
  EXPECT_THAT(Report([&] { FileLock(folder / "none/a.lock", "a"); }), HasSubstr("No such file"));
}

// Many processes take turns; the lock file is removed each time, and no two ever hold it at once.
TEST(FileLock, ExcludesUnderContention) {
  const TempFolder folder;
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      int taken = 0;
      while (taken < 200) {
        try {
          const FileLock lock(folder / "a.lock", "a");
          // Makes a folder that must not be there yet, and holds on until others have tried.
          if (::mkdir((folder / "inside").c_str(), 0755) != 0) ::_exit(1);
          ::usleep(50);
          if (::rmdir((folder / "inside").c_str()) != 0) ::_exit(2);
          ++taken;
        } catch (const Error&) {  // at once again
        }
      }
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
}

}  // namespace
}  // namespace mote
