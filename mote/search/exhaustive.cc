// Every feasible architecture, in lexicographic order.

#include <algorithm>

#include "mote/base/error.h"
#include "mote/search/pool.h"
#include "mote/search/population.h"

namespace mote {
namespace {

class ExhaustiveSearch final : public PoolStrategy {
 public:
  explicit ExhaustiveSearch(const SearchProblem& problem) : PoolStrategy(problem) {
    if (!population().size()) {
      Throw(ErrorCode::kUnsupported,
            "{} has more than {} architectures, too many to score all; use strategy random",
            problem.space.name(), Population::kListed);
    }
  }

  int ExpectedGenerations() const override {
    return (ExpectedRequests() + kGeneration - 1) / kGeneration;
  }
  int ExpectedRequests() const override { return int(*population().size()); }

 protected:
  std::vector<std::vector<int>> Propose() override {
    const int end = std::min(asked_ + kGeneration, ExpectedRequests());
    std::vector<std::vector<int>> proposals;
    for (; asked_ < end; ++asked_) proposals.push_back(population().At(asked_));
    return proposals;
  }

 private:
  static constexpr int kGeneration = 100;

  int asked_ = 0;
};

}  // namespace

MOTE_STRATEGY(exhaustive) {
  registry.Add("exhaustive", "every feasible architecture once", {},
               [](const Options&, const SearchProblem& problem) {
                 return std::make_unique<ExhaustiveSearch>(problem);
               });
}

}  // namespace mote
