// Random search: the baseline that every other strategy has to beat.

#include <algorithm>

#include "mote/search/pool.h"
#include "mote/search/population.h"

namespace mote {
namespace {

class RandomSearch final : public PoolStrategy {
 public:
  // All is drawn at once; a search of more samples begins with those of one of fewer.
  RandomSearch(int samples, const SearchProblem& problem) : PoolStrategy(problem) {
    Rng rng(Key(problem.seed, "propose", 0));
    samples_ = population().Draw(samples, rng);
  }

  int ExpectedGenerations() const override {
    return (ExpectedRequests() + kGeneration - 1) / kGeneration;
  }
  int ExpectedRequests() const override { return int(samples_.size()); }

 protected:
  std::vector<std::vector<int>> Propose() override {
    const auto begin = samples_.begin() + asked_;
    asked_ = std::min(asked_ + kGeneration, ExpectedRequests());
    return {begin, samples_.begin() + asked_};
  }

 private:
  static constexpr int kGeneration = 20;

  std::vector<std::vector<int>> samples_;
  int asked_ = 0;
};

}  // namespace

MOTE_STRATEGY(random) {
  registry.Add("random", "uniformly random architectures, each at most once",
               {{.name = "samples",
                 .default_value = std::int64_t(250),
                 .help = "architectures to score",
                 .minimum = 1,
                 .maximum = 10'000'000}},
               [](const Options& options, const SearchProblem& problem) {
                 return std::make_unique<RandomSearch>(int(options.Int("samples")), problem);
               });
}

}  // namespace mote
