#include "mote/report/gnuplot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mote/base/error.h"
#include "mote/base/file.h"
#include "mote/store/store_testing.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::TempFolder;

// Programs that stand in for gnuplot: what is tested is how it is run.
class RunGnuplotTest : public ::testing::Test {
 protected:
  std::filesystem::path Program(const std::string& lines) const {
    const std::filesystem::path path = folder_ / "a program";
    WriteFileAtomically(path, "#!/bin/sh\n" + lines);
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }
  std::string MessageOf(const std::filesystem::path& program) const {
    try {
      RunGnuplot(program, "script", {"out"});
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kIo);
      return error.what();
    }
    return "nothing was thrown";
  }

 private:
  TempFolder folder_;
};

TEST_F(RunGnuplotTest, GivesTheScriptAndTakesTheFiles) {
  const auto files = RunGnuplot(
      Program("read -r line < \"$2\"; echo \"$line\" > out; echo \"$1 $LC_ALL\" > more\n"),
      "plot 'x'\n", {"out", "more"});
  EXPECT_EQ(files.at("out"), "plot 'x'\n");
  EXPECT_EQ(files.at("more"), "--default-settings C.UTF-8\n");
}

TEST_F(RunGnuplotTest, LeavesNoFolderBehind) {
  const auto files = RunGnuplot(Program("pwd > out\n"), "", {"out"});
  const std::string folder = files.at("out").substr(0, files.at("out").size() - 1);
  EXPECT_THAT(folder, HasSubstr("mote-chart-"));
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST_F(RunGnuplotTest, SaysWhatWentWrong) {
  EXPECT_THAT(MessageOf(Program("echo warning: fonts >&2\nexit 3\n")), HasSubstr("warning: fonts"));
  EXPECT_THAT(MessageOf(Program("exit 3\n")), HasSubstr("no message"));
  EXPECT_THAT(MessageOf(Program("kill -9 $$\n")), HasSubstr("signal 9"));
  EXPECT_THAT(MessageOf(Program("echo done\n")), AllOf(HasSubstr("write out"), HasSubstr("done")));
  EXPECT_THAT(MessageOf("/nowhere/gnuplot"), HasSubstr("No such file"));
}

TEST_F(RunGnuplotTest, KnowsARealMessage) {
  const auto gnuplot = FindGnuplot();
  if (!gnuplot) GTEST_SKIP() << "gnuplot is not on PATH";
  try {
    RunGnuplot(*gnuplot, "set encoding utf8\nset nonsense\n", {"out"});
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("line 2: unrecognized option"));
  }
}

}  // namespace
}  // namespace mote
