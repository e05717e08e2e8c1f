#include "tests/report/browser.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <sstream>

#include "mote/base/check.h"

namespace mote {
namespace {

using nlohmann::json;

constexpr int kPatienceMs = 120'000;

// Chromium reads from its descriptor 3 and writes to its 4.
[[noreturn]] void Become(const std::filesystem::path& program, const std::filesystem::path& folder,
                         int in, int out) {
  ::setpgid(0, 0);
  // Out of the way of 3 and 4 first.
  const int safe_in = ::fcntl(in, F_DUPFD, 10), safe_out = ::fcntl(out, F_DUPFD, 10);
  const int nothing = ::open("/dev/null", O_RDWR);
  if (safe_in < 0 || safe_out < 0 || nothing < 0) ::_exit(126);
  ::dup2(nothing, 0);
  ::dup2(nothing, 1);
  ::dup2(nothing, 2);
  ::dup2(safe_in, 3);
  ::dup2(safe_out, 4);
  const std::string profile = "--user-data-dir=" + folder.string();
  const char* arguments[] = {program.c_str(),
                             "--headless",
                             "--no-sandbox",
                             "--disable-gpu",
                             "--disable-dev-shm-usage",
                             "--no-first-run",
                             "--disable-background-networking",
                             "--remote-debugging-pipe",
                             profile.c_str(),
                             nullptr};
  ::execv(program.c_str(), const_cast<char**>(arguments));
  ::_exit(127);
}

}  // namespace

std::optional<std::filesystem::path> FindChromium() {
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::filesystem::path program = std::filesystem::path(folder) / "chromium";
    if (::access(program.c_str(), X_OK) == 0) return program;
  }
  return std::nullopt;
}

Browser::Browser(const std::filesystem::path& program, const std::filesystem::path& folder) {
  int to[2], from[2];
  MOTE_CHECK(::pipe2(to, O_CLOEXEC) == 0 && ::pipe2(from, O_CLOEXEC) == 0, "no pipe: errno {}",
             errno);
  child_ = ::fork();
  MOTE_CHECK(child_ >= 0, "no process: errno {}", errno);
  if (child_ == 0) Become(program, folder, to[0], from[1]);
  ::close(to[0]);
  ::close(from[1]);
  to_ = to[1];
  from_ = from[0];
  const json target = Call("Target.createTarget", {{"url", "about:blank"}});
  const json attached =
      Call("Target.attachToTarget", {{"targetId", target["targetId"]}, {"flatten", true}});
  session_ = attached["sessionId"];
  for (const char* domain : {"Page", "Runtime", "Log", "Network"}) {
    Call(std::string(domain) + ".enable");
  }
}

Browser::~Browser() {
  ::kill(-child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
  ::close(to_);
  ::close(from_);
}

void Browser::Open(const std::filesystem::path& file, const std::string& hash) {
  // From elsewhere, or only the part behind # would change and nothing be loaded.
  loaded_ = false;
  Call("Page.navigate", {{"url", "about:blank"}});
  while (!loaded_) Receive();
  loaded_ = false;
  Call("Page.navigate", {{"url", "file://" + file.string() + hash}});
  while (!loaded_) Receive();
}

void Browser::Resize(int width, int height) {
  Call("Emulation.setDeviceMetricsOverride",
       {{"width", width}, {"height", height}, {"deviceScaleFactor", 1}, {"mobile", false}});
}

void Browser::PreferDark(bool dark) {
  Call("Emulation.setEmulatedMedia",
       {{"features",
         json::array({{{"name", "prefers-color-scheme"}, {"value", dark ? "dark" : "light"}}})}});
}

json Browser::Evaluate(const std::string& expression) {
  const json answer =
      Call("Runtime.evaluate",
           {{"expression", expression}, {"returnByValue", true}, {"awaitPromise", true}});
  if (answer.contains("exceptionDetails")) {
    complaints_.push_back(expression + ": " + answer["exceptionDetails"].dump());
  }
  return answer["result"].value("value", json());
}

void Browser::Press(const std::string& key) {
  for (const char* type : {"keyDown", "keyUp"}) {
    Call("Input.dispatchKeyEvent", {{"type", type}, {"key", key}, {"code", key}});
  }
}

void Browser::Type(const std::string& text) { Call("Input.insertText", {{"text", text}}); }

json Browser::Call(const std::string& method, json parameters) {
  json message = {{"id", ++calls_}, {"method", method}};
  message["params"] = parameters.is_null() ? json::object() : std::move(parameters);
  if (!session_.empty()) message["sessionId"] = session_;
  const std::string text = message.dump() + '\0';
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t size = ::write(to_, text.data() + sent, text.size() - sent);
    MOTE_CHECK(size > 0 || errno == EINTR, "the browser is gone: errno {}", errno);
    if (size > 0) sent += std::size_t(size);
  }
  while (true) {
    json answer = Receive();
    if (answer.value("id", 0) != calls_) continue;
    MOTE_CHECK(answer.contains("result"), "{}: {}", method, answer.dump());
    return answer["result"];
  }
}

json Browser::Receive() {
  std::size_t end;
  while ((end = received_.find('\0')) == std::string::npos) {
    pollfd ready = {from_, POLLIN, 0};
    MOTE_CHECK(::poll(&ready, 1, kPatienceMs) != 0, "the browser does not answer");
    char buffer[1 << 16];
    const ssize_t size = ::read(from_, buffer, sizeof buffer);
    MOTE_CHECK(size > 0 || errno == EINTR, "the browser has ended");
    if (size > 0) received_.append(buffer, std::size_t(size));
  }
  json message = json::parse(received_.substr(0, end));
  received_.erase(0, end + 1);
  Notice(message);
  return message;
}

void Browser::Notice(const json& message) {
  const std::string method = message.value("method", "");
  const json parameters = message.value("params", json::object());
  if (method == "Page.loadEventFired") loaded_ = true;
  if (method == "Runtime.exceptionThrown") complaints_.push_back(parameters.dump());
  if (method == "Runtime.consoleAPICalled") {
    const std::string type = parameters["type"];
    if (type == "error" || type == "warning" || type == "assert") {
      complaints_.push_back(parameters.dump());
    }
  }
  if (method == "Log.entryAdded") complaints_.push_back(parameters["entry"].dump());
  if (method == "Network.requestWillBeSent") {
    const std::string url = parameters["request"]["url"];
    if (!url.starts_with("file:") && !url.starts_with("data:")) requests_.push_back(url);
  }
}

}  // namespace mote
