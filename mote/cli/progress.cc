#include "mote/cli/progress.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <vector>

#include "mote/base/check.h"
#include "mote/report/utf8.h"

namespace mote {
namespace {

constexpr double kRedrawSeconds = 0.1;
// The rate is that of the last half minute, or longer if that holds too few results to tell.
constexpr double kWindowSeconds = 30;
constexpr std::int64_t kWindowCount = 10;
constexpr double kSampleSeconds = 1;
constexpr int kWidestBar = 30;
constexpr int kNarrowestBar = 8;
constexpr int kUsualColumns = 80;

constexpr std::array<std::string_view, 8> kEighths = {"",       "\u258f", "\u258e", "\u258d",
                                                      "\u258c", "\u258b", "\u258a", "\u2589"};

std::string Bar(double share, int cells, bool utf8) {
  std::string bar = utf8 ? "\u2595" : "|";
  const int parts = utf8 ? 8 : 1;
  const int filled = static_cast<int>(std::floor(std::clamp(share, 0.0, 1.0) * cells * parts));
  for (int i = 0; i < filled / parts; ++i) bar += utf8 ? "\u2588" : "#";
  const std::string_view partial = kEighths[filled % parts];
  bar += partial;
  bar.append(cells - filled / parts - (partial.empty() ? 0 : 1), ' ');
  return bar += utf8 ? "\u258f" : "|";
}

}  // namespace

std::string FormatDuration(double seconds) {
  if (!(seconds < 1e9)) return "ages";
  const auto whole = static_cast<std::int64_t>(std::llround(std::max(seconds, 0.0)));
  const std::int64_t minutes = whole / 60, hours = minutes / 60, days = hours / 24;
  if (days > 0) return fmt::format("{} d {:02} h", days, hours % 24);
  if (hours > 0) return fmt::format("{}:{:02}:{:02}", hours, minutes % 60, whole % 60);
  return fmt::format("{}:{:02}", minutes, whole % 60);
}

std::string FormatRate(double per_second) {
  struct Unit {
    double seconds;
    std::string_view name;
  };
  constexpr std::array kUnits = {Unit{1, "s"}, Unit{60, "min"}, Unit{3600, "h"}, Unit{86400, "d"}};
  const Unit* unit = &kUnits.back();
  for (const Unit& candidate : kUnits) {
    if (per_second * candidate.seconds >= 1) {
      unit = &candidate;
      break;
    }
  }
  const double rate = per_second * unit->seconds;
  return fmt::format("{:.{}f}/{}", rate, rate >= 99.95 ? 0 : 1, unit->name);
}

ProgressOptions ProgressOptions::ForStderr(std::string label, bool quiet) {
  const char* const term = getenv("TERM");
  const bool is_dumb = term && std::string_view(term) == "dumb";
  return {.label = std::move(label),
          .enabled = !quiet && !is_dumb && isatty(STDERR_FILENO) == 1,
          .utf8 = LocaleIsUtf8(),
          .clock =
              [] {
                const auto now = std::chrono::steady_clock::now().time_since_epoch();
                return std::chrono::duration<double>(now).count();
              },
          .columns =
              [] {
                winsize size = {};
                return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? int(size.ws_col) : 0;
              }};
}

Progress::Progress(std::ostream& out, ProgressOptions options)
    : out_(out), options_(std::move(options)) {
  if (!options_.enabled) return;
  MOTE_CHECK(options_.clock && options_.columns);
  options_.label = Printable(options_.label);
  start_ = options_.clock();
  samples_.push_back({start_, 0});
}

Progress::~Progress() { Finish(); }

void Progress::SetTotal(std::int64_t total) {
  const std::lock_guard lock(mutex_);
  total_ = total;
  Refresh();
}

void Progress::AddTotal(std::int64_t more) {
  const std::lock_guard lock(mutex_);
  total_ = total_.value_or(0) + more;
  Refresh();
}

void Progress::Advance(std::int64_t count) {
  const std::lock_guard lock(mutex_);
  done_ += count;
  worked_ += count;
  Refresh();
}

void Progress::Skip(std::int64_t count) {
  const std::lock_guard lock(mutex_);
  done_ += count;
  Refresh();
}

void Progress::SetNote(const std::string& note) {
  const std::lock_guard lock(mutex_);
  note_ = Printable(note);
  Refresh();
}

void Progress::Clear() {
  const std::lock_guard lock(mutex_);
  Wipe();
}

void Progress::Finish() {
  const std::lock_guard lock(mutex_);
  Wipe();
  finished_ = true;
}

void Progress::Wipe() {
  if (drawn_width_ == 0) return;
  out_ << '\r' << std::string(drawn_width_, ' ') << '\r' << std::flush;
  drawn_width_ = 0;
}

void Progress::Refresh() {
  if (!options_.enabled || finished_) return;
  const double now = options_.clock();
  if (drawn_at_ && now - *drawn_at_ < kRedrawSeconds) return;
  Remember(now);
  const int columns = options_.columns();
  // The last column stays free: a terminal may wrap as soon as it is filled.
  const std::string line = Line(now, (columns > 0 ? columns : kUsualColumns) - 1);
  const int width = DisplayWidth(line);
  // What the last line was longer by is overwritten with spaces: works on every terminal.
  out_ << '\r' << line << std::string(std::max(drawn_width_ - width, 0), ' ') << std::flush;
  drawn_width_ = width;
  drawn_at_ = now;
}

void Progress::Remember(double now) {
  if (now - samples_.back().seconds >= kSampleSeconds) samples_.push_back({now, worked_});
  while (samples_.size() > 2 && now - samples_[1].seconds >= kWindowSeconds &&
         worked_ - samples_[1].worked >= kWindowCount) {
    samples_.pop_front();
  }
}

std::optional<double> Progress::Rate(double now) const {
  const Sample& oldest = samples_.front();
  const double seconds = now - oldest.seconds;
  if (seconds <= 0 || worked_ <= oldest.worked) return std::nullopt;
  return static_cast<double>(worked_ - oldest.worked) / seconds;
}

std::string Progress::Line(double now, int width) const {
  std::vector<std::string> parts;
  const std::optional<double> rate = Rate(now);
  const bool has_total = total_ && *total_ > 0;
  const double share = has_total ? static_cast<double>(done_) / *total_ : 0;
  if (has_total) {
    const std::string total = fmt::format("{}", *total_);
    parts.push_back(fmt::format("{:>{}}/{}", done_, total.size(), total));
    // Rounded down: 100 % is said when all is done.
    parts.push_back(fmt::format("{:>3}%", static_cast<int>(std::clamp(share, 0.0, 1.0) * 100)));
  } else {
    parts.push_back(fmt::format("{}", done_));
  }
  if (rate) parts.push_back(FormatRate(*rate));
  if (has_total && rate && done_ < *total_) {
    parts.push_back(FormatDuration((*total_ - done_) / *rate) + " left");
  } else {
    parts.push_back(FormatDuration(now - start_));
  }
  if (!note_.empty()) parts.push_back(note_);

  std::string words;
  for (const std::string& part : parts) words += (words.empty() ? "" : "  ") + part;
  std::string line = options_.label.empty() ? "" : options_.label + " ";
  const int room = width - DisplayWidth(line) - DisplayWidth(words) - 4;  // 2 frames, 2 spaces
  if (has_total && room >= kNarrowestBar) {
    line += Bar(share, std::min(room, kWidestBar), options_.utf8) + "  ";
  }
  return Truncate(line + words, std::max(width, 0), options_.utf8 ? "\u2026" : "...");
}

}  // namespace mote
