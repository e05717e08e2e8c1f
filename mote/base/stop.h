// How a run is told to end early, cleanly.
#pragma once

#include <atomic>
#include <exception>

namespace mote {

// Thrown where a stop was asked for; it unwinds through the run and is no Error: nothing is wrong.
class Stopped : public std::exception {
 public:
  const char* what() const noexcept override { return "stopped on request"; }
};

// Set from a signal handler or another thread. Thread-safe and async-signal-safe.
class StopToken {
 public:
  void Request() noexcept { stopped_.store(true, std::memory_order_relaxed); }
  bool requested() const noexcept { return stopped_.load(std::memory_order_relaxed); }
  void ThrowIfRequested() const {
    if (requested()) throw Stopped();
  }

 private:
  std::atomic<bool> stopped_ = false;
};

}  // namespace mote
