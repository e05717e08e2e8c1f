#include "mote/base/thread_pool.h"

#include "mote/base/check.h"

namespace mote {

ThreadPool::ThreadPool(int workers) {
  MOTE_CHECK(workers >= 1, "{} workers", workers);
  for (int worker = 0; worker < workers; ++worker) {
    threads_.emplace_back([this, worker] { Work(worker); });
  }
}

ThreadPool::~ThreadPool() {
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
  }
  work_arrived_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadPool::Submit(std::function<void(int)> job) {
  {
    std::unique_lock lock(mutex_);
    queue_.emplace_back(submitted_++, std::move(job));
  }
  work_arrived_.notify_one();
}

void ThreadPool::Wait() {
  std::unique_lock lock(mutex_);
  all_done_.wait(lock, [this] { return queue_.empty() && running_ == 0; });
  if (failure_) {
    std::exception_ptr failure = std::exchange(failure_, nullptr);
    lock.unlock();
    std::rethrow_exception(failure);
  }
}

void ThreadPool::Work(int worker) {
  std::unique_lock lock(mutex_);
  while (true) {
    work_arrived_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    auto [number, job] = std::move(queue_.front());
    queue_.pop_front();
    ++running_;
    lock.unlock();
    std::exception_ptr failure;
    try {
      job(worker);
    } catch (...) {
      failure = std::current_exception();
    }
    job = nullptr;
    lock.lock();
    --running_;
    if (failure) {
      if (!failure_ || number < failed_job_) {
        failure_ = failure;
        failed_job_ = number;
      }
      queue_.clear();
    }
    if (queue_.empty() && running_ == 0) all_done_.notify_all();
  }
}

}  // namespace mote
