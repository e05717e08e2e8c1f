// What the store's tests share: records that are a function of a number, folders, child processes.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "mote/base/error.h"
#include "mote/base/rng.h"
#include "mote/store/store.h"

namespace mote::testing {

// A fresh folder that is removed at the end; in memory where the system has a place for that,
// because hundreds of stores that are opened and closed would wait for the disk.
class TempFolder {
 public:
  enum class Where { kMemory, kDisk };

  explicit TempFolder(Where where = Where::kMemory) {
    const bool memory = where == Where::kMemory && ::access("/dev/shm", W_OK | X_OK) == 0;
    std::string name = (memory ? "/dev/shm/" : ::testing::TempDir()) + "mote_store_XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline Provenance SomeProvenance() {
  return {"0.1.0", "abc", "g++", "reference@1", "cpu", "scalar", "noise", "ff"};
}

inline Hash128 NumberedKey(std::string_view kind, int number) {
  return Key(1, kind, number).hash();
}

// Every fifth one failed.
inline ProbeRecord NumberedProbe(int number) {
  Rng rng(Key(2, "probe", number));
  ProbeRecord record;
  record.key = NumberedKey("probe", number);
  record.space = "nasbench201";
  record.architecture = fmt::format("|nor_conv_3x3~0|+{}", number);
  record.probe = "training@1";
  record.options = R"({"epochs":2})";
  record.fingerprint = "00ff";
  record.seed = rng.Bits64();
  record.replicate = number % 3;
  record.seconds = 0.25 * number;
  if (number % 5 == 4) {
    record.result = Failure{FailureKind::kDiverged, fmt::format("loss of step {} is inf", number)};
    return record;
  }
  ProbeResult result;
  std::vector<double> losses(10 + rng.Below(200));
  for (double& loss : losses) loss = rng.Normal();
  result.Set("loss", losses);
  result.Set("number", {double(number)});
  record.result = result;
  return record;
}

inline EstimateRecord NumberedEstimate(int number) {
  EstimateRecord record;
  record.key = NumberedKey("estimate", number);
  record.space = "nasbench201";
  record.architecture = fmt::format("|nor_conv_3x3~0|+{}", number);
  record.estimator = "mote@1";
  record.options = "{}";
  record.seed = std::uint64_t(number);
  record.replicate = number % 3;
  record.value = Rng(Key(3, "estimate", number)).Normal();
  if (number % 7 == 6) record.value = Failure{FailureKind::kUndefined, "constant series"};
  return record;
}

// All but `seconds`, which is not part of what a result is.
inline void ExpectSame(const ProbeRecord& a, const ProbeRecord& b) {
  EXPECT_EQ(a.key, b.key);
  EXPECT_EQ(a.space, b.space);
  EXPECT_EQ(a.architecture, b.architecture);
  EXPECT_EQ(a.probe, b.probe);
  EXPECT_EQ(a.options, b.options);
  EXPECT_EQ(a.fingerprint, b.fingerprint);
  EXPECT_EQ(a.seed, b.seed);
  EXPECT_EQ(a.replicate, b.replicate);
  EXPECT_TRUE(a.result == b.result) << a.architecture;
}

inline void ExpectSame(const EstimateRecord& a, const EstimateRecord& b) {
  EXPECT_EQ(a.key, b.key);
  EXPECT_EQ(a.space, b.space);
  EXPECT_EQ(a.architecture, b.architecture);
  EXPECT_EQ(a.estimator, b.estimator);
  EXPECT_EQ(a.options, b.options);
  EXPECT_EQ(a.seed, b.seed);
  EXPECT_EQ(a.replicate, b.replicate);
  EXPECT_TRUE(a.value == b.value) << a.architecture;
}

inline std::vector<ProbeRecord> AllProbes(Store& store) {
  std::vector<ProbeRecord> records;
  store.ForEachProbe([&](const ProbeRecord& record) { records.push_back(record); });
  return records;
}

inline std::vector<EstimateRecord> AllEstimates(Store& store) {
  std::vector<EstimateRecord> records;
  store.ForEachEstimate([&](const EstimateRecord& record) { records.push_back(record); });
  return records;
}

// "ok", or the code and message of the Error that `act` throws.
inline std::string Report(const std::function<void()>& act) {
  try {
    act();
    return "ok";
  } catch (const Error& error) {
    return fmt::format("{}: {}", Name(error.code()), error.what());
  } catch (const std::exception& error) {
    return fmt::format("foreign exception: {}", error.what());
  }
}

// What `act` returns when run in a forked child, or how the child ended.
inline std::string InChild(const std::function<std::string()>& act) {
  int pipe[2];
  if (::pipe(pipe) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string answer = act();
    const bool sent = ::write(pipe[1], answer.data(), answer.size()) == ssize_t(answer.size());
    ::_exit(sent ? 0 : 1);
  }
  ::close(pipe[1]);
  std::string answer;
  char buffer[4096];
  for (ssize_t size; (size = ::read(pipe[0], buffer, sizeof buffer)) > 0;) {
    answer.append(buffer, std::size_t(size));
  }
  ::close(pipe[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) return fmt::format("killed by signal {}", WTERMSIG(status));
  return WEXITSTATUS(status) == 0 ? answer : "child failed";
}

}  // namespace mote::testing
