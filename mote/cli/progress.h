// One progress bar for a whole job, on one line of a terminal:
//
//   scoring |#####     |  7812/15625  50%  45.2/s  2:53 left  best 0.934
//
// It is drawn only when something is reported to it, at most ten times a second, and wiped at the
// end: what stays on the screen is what the command prints.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace mote {

struct ProgressOptions {
  std::string label = {};  // "scoring"
  bool enabled = true;     // else nothing is ever written
  bool utf8 = false;       // block characters instead of '#'
  // Seconds of a clock that never goes back. Only shown, never part of a result.
  std::function<double()> clock = {};
  // Columns of the terminal, asked at each drawing because windows change; 0 if unknown.
  std::function<int()> columns = {};

  // The real thing: steady clock and the width of the terminal that stderr is. Disabled if stderr
  // is no terminal, or a dumb one, or `quiet`.
  static ProgressOptions ForStderr(std::string label, bool quiet);
};

// Thread-safe. The stream belongs to the bar until Finish; use Clear before writing to it.
class Progress {
 public:
  Progress(std::ostream& out, ProgressOptions options);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // The size of the whole job, or of what is known of it. Never set: no bar, no time left.
  void SetTotal(std::int64_t total);
  void AddTotal(std::int64_t more);

  // `count` more are done, by work.
  void Advance(std::int64_t count = 1);
  // `count` more are done that cost nothing, such as those found in a store: they move the bar but
  // not the rate, which would promise too much.
  void Skip(std::int64_t count);
  // Free text at the end of the line, such as the best so far.
  void SetNote(const std::string& note);

  // Wipes the line; a later report draws it again.
  void Clear();
  // Wipes the line for good. The destructor does, too.
  void Finish();

 private:
  struct Sample {
    double seconds;
    std::int64_t worked;
  };

  void Refresh();
  void Wipe();
  void Remember(double now);
  std::optional<double> Rate(double now) const;
  std::string Line(double now, int width) const;

  std::mutex mutex_;
  std::ostream& out_;
  ProgressOptions options_;
  std::optional<std::int64_t> total_;
  std::int64_t done_ = 0;
  std::int64_t worked_ = 0;
  std::string note_;
  double start_ = 0;
  std::optional<double> drawn_at_;
  int drawn_width_ = 0;  // columns that are not blank
  std::deque<Sample> samples_;
  bool finished_ = false;
};

// "0:07", "12:05", "3:07:09", "2 d 03 h". Not negative; seconds are rounded.
std::string FormatDuration(double seconds);
// Per second, minute, hour or day, whichever has a digit before the point: "45.2/s", "12.0/min".
std::string FormatRate(double per_second);

}  // namespace mote
