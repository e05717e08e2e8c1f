// Headless Chromium, spoken to through a pipe by the DevTools protocol: no port is opened.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace mote {

// Where it is on PATH, or nothing.
std::optional<std::filesystem::path> FindChromium();

// One page of a browser that has nothing else to do. A browser that does not answer for two minutes
// ends the test program.
class Browser {
 public:
  // `folder` is for its own files.
  Browser(const std::filesystem::path& program, const std::filesystem::path& folder);
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  // Loads a file, with what stands behind # in the address, until all its scripts have run.
  void Open(const std::filesystem::path& file, const std::string& hash = "");
  void Resize(int width, int height);
  // Whether the reader prefers dark pages.
  void PreferDark(bool dark);

  // The value of an expression, or of the promise that it is. An exception is a complaint.
  nlohmann::json Evaluate(const std::string& expression);
  // A key that the element in focus gets: "ArrowDown".
  void Press(const std::string& key);
  // Letters for the element in focus.
  void Type(const std::string& text);

  // Errors and warnings on the console, exceptions, broken rules, since the start.
  const std::vector<std::string>& complaints() const { return complaints_; }
  // What was asked for other than files opened, since the start.
  const std::vector<std::string>& requests() const { return requests_; }

 private:
  nlohmann::json Call(const std::string& method, nlohmann::json parameters = {});
  // The next message; keeps what it says of complaints and requests.
  nlohmann::json Receive();
  void Notice(const nlohmann::json& message);

  pid_t child_ = -1;
  int to_ = -1;
  int from_ = -1;
  int calls_ = 0;
  std::string session_;
  std::string received_;
  bool loaded_ = false;
  std::vector<std::string> complaints_;
  std::vector<std::string> requests_;
};

}  // namespace mote
