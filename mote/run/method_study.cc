#include "mote/run/method_study.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <mutex>

#include "mote/base/check.h"
#include "mote/base/cpu.h"
#include "mote/base/error.h"
#include "mote/base/stats.h"
#include "mote/base/thread_pool.h"

namespace mote {
namespace {

constexpr int kCurvePoints = 120;

SearchSettings SettingsOf(const Method& method, const MethodStudySettings& settings,
                          std::uint64_t score_seed, std::uint64_t seed) {
  SearchSettings search;
  search.score = settings.score;
  search.score.estimators = method.estimators;
  search.score.score_seed = score_seed;
  // The user's options come last and so win.
  search.score.set = method.set;
  search.score.set.insert(search.score.set.end(), settings.score.set.begin(),
                          settings.score.set.end());
  search.strategy = method.strategy;
  search.seed = seed;
  search.judging = method.judges() ? Judging::kTable : Judging::kNone;
  search.purpose = method.purpose;
  search.finals = method.finals;
  search.tables = settings.tables;
  search.judge_column = settings.judge;
  return search;
}

double ValueOf(const Table& table, const Architecture& architecture, const std::string& column) {
  const auto row = table.Row(architecture);
  const auto value = row ? table.Value(*row, table.Column(column)) : std::nullopt;
  if (!value) {
    Throw(ErrorCode::kInvalidArgument, "{} has no {} of {}", table.name(), column,
          architecture.text());
  }
  return *value;
}

bool HasTargets(const Table& table, const Architecture& architecture,
                const MethodStudySettings& settings) {
  const auto row = table.Row(architecture);
  return row && std::ranges::all_of(settings.targets, [&](const std::string& target) {
           return table.Value(*row, table.Column(target)).has_value();
         });
}

// The run in virtual time: costs add up over the steps, and the leads stand among them. Who stops
// while a generation is judged has the best that was judged until then, unless its score counts,
// too: then the ranks among all of them decide, which are known at the end.
void TellCosts(const SearchResult& result, const Table& table, const Method& method,
               const MethodStudySettings& settings, MethodRun& run) {
  const std::size_t targets = settings.targets.size();
  MethodLead now{.judge_seconds = std::vector<double>(targets)};
  const auto tell = [&](const Architecture& leader) {
    now.truths.clear();
    for (const std::string& target : settings.targets) {
      now.truths.push_back(ValueOf(table, leader, target));
    }
    run.leads.push_back(now);
  };
  const SearchStep* best_judged = nullptr;
  auto step = result.steps.begin();
  for (const SearchLead& lead : result.leads) {
    now.stage = lead.stage;
    const auto end = result.steps.begin() + lead.steps;
    for (; step != end; ++step) {
      if (step->request.purpose == Purpose::kScore) {
        now.score_seconds += step->seconds;
        ++run.scored;
        continue;
      }
      ++run.judged;
      for (std::size_t t = 0; t < targets; ++t) {
        if (settings.judge_seconds[t].empty()) continue;
        now.judge_seconds[t] +=
            ValueOf(table, step->request.architecture, settings.judge_seconds[t]);
      }
      if (step->value.ok() && (!best_judged || *step->value > *best_judged->value)) {
        best_judged = &*step;
      }
      if (!method.finals.joined && best_judged && step + 1 != end &&
          HasTargets(table, best_judged->request.architecture, settings)) {
        tell(best_judged->request.architecture);
      }
    }
    tell(lead.architecture);
  }
  const Architecture& winner = result.ranking.front().architecture;
  run.winner = winner.text();
  for (const std::string& column : settings.final_seconds) {
    run.final_seconds.push_back(column.empty() ? 0 : ValueOf(table, winner, column));
  }
}

// The progress of several runs as one.
class ProgressSum {
 public:
  ProgressSum(int runs, const std::function<void(const MethodProgress&)>& observe)
      : observe_(observe), runs_(std::size_t(runs)) {}

  void Tell(int run, const SearchStatus& status) {
    if (!observe_) return;
    const std::lock_guard guard(mutex_);
    runs_[std::size_t(run)] = {status.requests_done, status.requests_expected};
    MethodProgress sum;
    std::int64_t begun = 0;
    for (const MethodProgress& one : runs_) {
      sum.done += one.done;
      sum.expected += one.expected;
      begun += one.expected > 0;
    }
    if (begun > 0) sum.expected = int(std::int64_t(sum.expected) * std::ssize(runs_) / begun);
    observe_(sum);
  }

 private:
  const std::function<void(const MethodProgress&)>& observe_;
  std::mutex mutex_;
  std::vector<MethodProgress> runs_;
};

}  // namespace

void FindCostColumns(const Table& table, MethodStudySettings& settings) {
  const auto find = [&](const std::string& target, const std::string& ending) -> std::string {
    const std::string name = target.substr(0, target.find('_')) + ending;
    const auto& columns = table.columns();
    return std::find(columns.begin(), columns.end(), name) == columns.end() ? "" : name;
  };
  settings.judge_seconds.clear();
  settings.final_seconds.clear();
  for (const std::string& target : settings.targets) {
    settings.judge_seconds.push_back(find(target, "_train_seconds_12"));
    settings.final_seconds.push_back(find(target, "_train_seconds_200"));
  }
}

Spread SpreadOf(const std::vector<MethodRun>& runs,
                const std::function<double(const MethodRun&)>& figure) {
  const auto deviation = [](const std::vector<double>& values) {
    const double n = double(values.size());
    return values.size() < 2 ? 0 : StandardDeviation(values) * std::sqrt(n / (n - 1));
  };
  std::vector<double> values;
  std::map<std::uint64_t, std::vector<double>> by_seed;
  for (const MethodRun& run : runs) {
    if (!run.failure.empty()) continue;
    values.push_back(figure(run));
    by_seed[run.score_seed].push_back(values.back());
  }
  if (values.empty()) return {};
  std::vector<double> means;
  means.reserve(by_seed.size());
  for (const auto& [seed, of_seed] : by_seed) means.push_back(Mean(of_seed));
  return {.mean = Mean(values), .sd = deviation(values), .sd_score_seed = deviation(means)};
}

std::vector<MethodRun> RunMethod(const Catalog& catalog, const Method& method,
                                 const MethodStudySettings& settings, const StopToken& stop,
                                 const std::shared_ptr<Holdings>& holdings,
                                 const std::function<void(const MethodProgress&)>& observe) {
  const int seeds = settings.proposal_seeds;
  std::vector<MethodRun> runs;
  for (int s = 0; s < settings.score_seeds; ++s) {
    for (int p = 0; p < seeds; ++p) {
      runs.push_back(
          {.score_seed = settings.score.score_seed + std::uint64_t(s), .seed = std::uint64_t(p)});
    }
  }
  ProgressSum progress(int(runs.size()), observe);
  const auto run_one = [&](int r, int workers) {
    MethodRun& run = runs[std::size_t(r)];
    SearchSettings search = SettingsOf(method, settings, run.score_seed, run.seed);
    search.score.workers = workers;
    Experiment experiment(catalog, search, stop, holdings);
    const SearchResult result =
        experiment.Run([&](const SearchStatus& status) { progress.Tell(r, status); });
    if (!result.finished) throw Stopped();
    if (result.ranking.empty()) {
      run.failure = "nothing could be scored";
    } else {
      TellCosts(result, *experiment.table(), method, settings, run);
    }
  };
  const int workers = settings.score.workers > 0 ? settings.score.workers : AvailableCores();
  const auto run_all = [&](const std::vector<int>& round) {
    if (round.empty()) return;
    const int at_once = std::min(workers, int(round.size()));
    ThreadPool pool(at_once);
    for (const int r : round) {
      pool.Submit([&, r](int) { run_one(r, std::max(1, workers / at_once)); });
    }
    pool.Wait();
  };
  std::vector<int> firsts, others;
  for (int r = 0; r < int(runs.size()); ++r) (r % seeds == 0 ? firsts : others).push_back(r);
  run_all(firsts);
  run_all(others);
  const bool seeds_propose = std::any_of(runs.begin(), runs.end(), [&](const MethodRun& run) {
    const auto first = std::find_if(runs.begin(), runs.end(), [&](const MethodRun& other) {
      return other.score_seed == run.score_seed;
    });
    return run.winner != first->winner || run.leads.size() != first->leads.size() ||
           run.scored != first->scored ||
           (!run.leads.empty() && run.leads.front().truths != first->leads.front().truths);
  });
  if (!seeds_propose) {
    std::erase_if(runs, [&](const MethodRun& run) { return run.seed != runs.front().seed; });
  }
  return runs;
}

MethodCurve CurveOf(const std::vector<MethodRun>& runs, std::size_t target) {
  const auto seconds = [&](const MethodLead& lead) {
    return lead.score_seconds + lead.judge_seconds[target];
  };
  double first = 0, last = 0;
  std::vector<const MethodRun*> ended;
  for (const MethodRun& run : runs) {
    if (!run.failure.empty()) continue;
    ended.push_back(&run);
    first = std::max(first, seconds(run.leads.front()));
    last = std::max(last, seconds(run.leads.back()));
  }
  MethodCurve curve;
  if (ended.empty()) return curve;
  // Even on a logarithmic scale; costs of nothing stand at a tenth of a second.
  const double from = std::log(std::max(first, 0.1)), to = std::log(std::max(last, 0.1));
  const int points = to > from ? kCurvePoints : 1;
  for (int i = 0; i < points; ++i) {
    const double at = points == 1 ? std::exp(to) : std::exp(from + (to - from) * i / (points - 1));
    std::vector<double> truths;
    for (const MethodRun* run : ended) {
      double truth = run->leads.front().truths[target];
      for (const MethodLead& lead : run->leads) {
        // The ends are rounded.
        if (seconds(lead) <= at * (1 + 1e-9)) truth = lead.truths[target];
      }
      truths.push_back(truth);
    }
    curve.seconds.push_back(at);
    curve.mean.push_back(Mean(truths));
    curve.low.push_back(Quantile(truths, 0.1));
    curve.high.push_back(Quantile(truths, 0.9));
  }
  return curve;
}

}  // namespace mote
