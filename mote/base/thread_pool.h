// A fixed number of workers for independent jobs.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace mote {

// Jobs must not depend on each other. Thread-safe.
class ThreadPool {
 public:
  explicit ThreadPool(int workers);
  // Waits for all jobs.
  ~ThreadPool();

  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int workers() const { return int(threads_.size()); }

  // The job is told which worker runs it: 0 .. workers()-1.
  void Submit(std::function<void(int worker)> job);

  // Blocks until every submitted job has ended. If any threw, the first exception, by order of
  // submission, is rethrown here, once; jobs not yet begun by then are dropped.
  void Wait();

 private:
  void Work(int worker);

  std::mutex mutex_;
  std::condition_variable work_arrived_;
  std::condition_variable all_done_;
  std::deque<std::pair<std::size_t, std::function<void(int)>>> queue_;
  std::size_t submitted_ = 0;
  std::size_t running_ = 0;
  bool stopping_ = false;
  std::size_t failed_job_ = 0;
  std::exception_ptr failure_;
  std::vector<std::thread> threads_;
};

}  // namespace mote
