#include "mote/base/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <stdexcept>
#include <string>

namespace mote {
namespace {

TEST(ThreadPool, RunsEveryJobOnce) {
  ThreadPool pool(3);
  EXPECT_EQ(pool.workers(), 3);
  std::vector<std::atomic<int>> runs(1000);
  for (auto& count : runs) pool.Submit([&count](int) { ++count; });
  pool.Wait();
  for (const auto& count : runs) EXPECT_EQ(count, 1);
}

TEST(ThreadPool, NamesTheWorkerThatRunsAJob) {
  ThreadPool pool(4);
  std::latch all_began(4);
  std::vector<std::atomic<int>> runs(4);
  // Each job holds its worker until all four run, so each runs on another worker.
  for (int job = 0; job < 4; ++job) {
    pool.Submit([&](int worker) {
      ++runs.at(std::size_t(worker));
      all_began.arrive_and_wait();
    });
  }
  pool.Wait();
  for (const auto& count : runs) EXPECT_EQ(count, 1);
}

TEST(ThreadPool, RunsInOrderOfSubmissionOnOneWorker) {
  ThreadPool pool(1);
  std::vector<int> order;
  for (int job = 0; job < 100; ++job) pool.Submit([&order, job](int) { order.push_back(job); });
  pool.Wait();
  for (int job = 0; job < 100; ++job) EXPECT_EQ(order.at(std::size_t(job)), job);
}

TEST(ThreadPool, WaitReturnsAtOnceWithoutJobs) {
  ThreadPool pool(2);
  pool.Wait();
  pool.Wait();
}

TEST(ThreadPool, TakesJobsAfterWait) {
  ThreadPool pool(2);
  std::atomic<int> runs = 0;
  for (int round = 1; round <= 3; ++round) {
    pool.Submit([&](int) { ++runs; });
    pool.Wait();
    EXPECT_EQ(runs, round);
  }
}

TEST(ThreadPool, DestructorWaitsForJobs) {
  std::atomic<int> runs = 0;
  {
    ThreadPool pool(2);
    for (int job = 0; job < 50; ++job) {
      pool.Submit([&](int) {
        std::this_thread::sleep_for(std::chrono::microseconds(100));
        ++runs;
      });
    }
  }
  EXPECT_EQ(runs, 50);
}

TEST(ThreadPool, RethrowsAJobsExceptionOnce) {
  ThreadPool pool(2);
  pool.Submit([](int) { throw std::runtime_error("broken"); });
  try {
    pool.Wait();
    FAIL() << "no exception";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "broken");
  }
  EXPECT_NO_THROW(pool.Wait());
  std::atomic<bool> ran = false;
  pool.Submit([&](int) { ran = true; });
  pool.Wait();
  EXPECT_TRUE(ran);
}

TEST(ThreadPool, RethrowsTheFirstSubmittedOfTwoFailures) {
  ThreadPool pool(2);
  std::latch both_began(2), second_failed(1);
  pool.Submit([&](int) {
    both_began.arrive_and_wait();
    second_failed.wait();
    // The other worker stores its exception after its job is destroyed; this one fails later.
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    throw std::runtime_error("first");
  });
  pool.Submit([&](int) {
    both_began.arrive_and_wait();
    second_failed.count_down();
    throw std::runtime_error("second");
  });
  try {
    pool.Wait();
    FAIL() << "no exception";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "first");
  }
}

TEST(ThreadPool, DropsJobsNotBegunAfterAFailure) {
  ThreadPool pool(1);
  std::latch submitted(1);
  std::atomic<int> runs = 0;
  pool.Submit([&](int) {
    submitted.wait();
    throw std::runtime_error("broken");
  });
  for (int job = 0; job < 10; ++job) pool.Submit([&](int) { ++runs; });
  submitted.count_down();
  EXPECT_THROW(pool.Wait(), std::runtime_error);
  EXPECT_EQ(runs, 0);
}

TEST(ThreadPool, KeepsExceptionsThatAreNotStandard) {
  ThreadPool pool(1);
  pool.Submit([](int) { throw 7; });
  EXPECT_THROW(pool.Wait(), int);
}

TEST(ThreadPool, DestructorSurvivesAFailureNobodyWaitedFor) {
  ThreadPool pool(1);
  pool.Submit([](int) { throw std::runtime_error("broken"); });
}

}  // namespace
}  // namespace mote
