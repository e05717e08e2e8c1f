// Time that the calling thread has run: what a measurement on a busy machine can go by.
#pragma once

#include <ctime>

namespace mote {

// Seconds, of the processor.
inline double ThreadSeconds() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
}

}  // namespace mote
