// Runs the program `mote` as a shell would, in a folder of its own.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/types.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "mote/data/test_files.h"

namespace mote {

// How a run of the program ended.
struct Finished {
  int exit_code = 0;  // 128 + signal if one ended it
  std::string out;
  std::string err;
};

// What surrounds a run.
struct Surroundings {
  std::map<std::string, std::string> environment = {};  // on top of ours; LC_ALL is C unless set
  std::optional<rlim_t> largest_file = {};              // bytes: a disk that is soon full
  bool terminal = false;                                // stdout is one; stderr never is
  std::filesystem::path stdout_file = {};               // else stdout is read by the test,
  bool stdout_unread = false;                           // or is a pipe that nobody reads
};

using Words = std::vector<std::string>;

Words operator+(Words words, const Words& more);

// A program that has been started and runs until it is waited for.
class Running {
 public:
  Running(const std::filesystem::path& folder, const Words& arguments,
          const Surroundings& surroundings);
  ~Running();
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  void Signal(int signal) const;
  // Reads all output until the end. A program that is silent for two minutes is killed.
  Finished Wait();

 private:
  pid_t child_ = -1;
  int out_ = -1;
  int err_ = -1;
};

// A test in a fresh folder, which is the program's current one.
class ProgramTest : public testing::Test {
 protected:
  Finished Mote(const Words& arguments, const Surroundings& surroundings = {}) const;

  std::filesystem::path Path(const std::filesystem::path& name) const {
    return folder_.path() / name;
  }
  void Write(const std::filesystem::path& name, std::string_view content) const {
    folder_.Write(name, content);
  }
  std::string Read(const std::filesystem::path& name) const;
  // The names of what lies in the folder, or in one below it.
  std::vector<std::string> Files(const std::filesystem::path& below = {}) const;

 private:
  TempFolder folder_;
};

// Options of a training of moments: on noise, with preset `faster` cut to one epoch of 64 images.
const Words& Cheap();
// The same for images of the user's own.
Words CheapOn(const std::string& data);

// Done: exit code 0, and nothing on stderr that begins as an error does.
void ExpectDone(const Finished& finished);
// Ended with this code, nothing on stdout, and on stderr exactly one line, which begins with
// "mote: " and holds all the words.
void ExpectRefusal(const Finished& finished, int exit_code, const Words& words);

Words Lines(const std::string& text);
nlohmann::json ParseJson(const std::string& text);  // of --format json: checks the version key

}  // namespace mote
