#include "mote/search/finals.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "mote/base/check.h"
#include "mote/base/error.h"
#include "mote/base/log_rank.h"
#include "mote/base/stats.h"
#include "mote/search/pool.h"

namespace mote {
namespace {

constexpr int kResamples = 2000;

// The mean of as many of the scores, drawn with repetition. `picks` is workspace. Summed in the
// order of the scores, so that equal draws in another order give equal bits.
double ResampledMean(const std::vector<double>& scores, std::vector<int>& picks, Rng& rng) {
  picks.assign(scores.size(), 0);
  for (std::size_t i = 0; i < scores.size(); ++i) ++picks[rng.Below(scores.size())];
  double sum = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) sum += picks[i] * scores[i];
  return sum / double(scores.size());
}

}  // namespace

double Finals::Finalist::MeanScore() const { return Mean(scores); }

Finals::Finals(std::unique_ptr<SearchStrategy> proposals, const SearchProblem& problem,
               FinalsOptions options)
    : proposals_(std::move(proposals)), problem_(problem), options_(options) {
  if (options_.finalists < 0 || options_.judged < 0 || options_.replicates < 1) {
    Throw(ErrorCode::kInvalidArgument,
          "{} finalists, {} of them judged, {} replicates: the first two must be at least 0, the "
          "last at least 1",
          options_.finalists, options_.judged, options_.replicates);
  }
  options_.finalists = std::max(options_.finalists, options_.judged);
}

// Each stage falls through to the next when it has nothing to ask for.
std::vector<Request> Finals::Ask() {
  MOTE_CHECK(pending_.empty(), "{} evaluations have not been told", pending_.size());
  switch (stage_) {
    case Stage::kProposing:
      pending_ = proposals_->Ask();
      if (!pending_.empty()) break;
      ChooseFinalists();
      stage_ = Stage::kReplicating;
      pending_ = ReplicateRequests();
      if (!pending_.empty()) break;
      [[fallthrough]];
    case Stage::kReplicating:
      stage_ = Stage::kJudging;
      pending_ = JudgeRequests();
      if (!pending_.empty()) break;
      [[fallthrough]];
    case Stage::kJudging:
      stage_ = Stage::kDone;
      [[fallthrough]];
    case Stage::kDone:
      break;
  }
  return pending_;
}

void Finals::Tell(const std::vector<Evaluation>& evaluations) {
  CheckAnswers(evaluations, pending_);
  if (pending_.empty()) return;
  pending_.clear();
  if (stage_ == Stage::kProposing) {
    for (const auto& [request, utility] : evaluations) {
      // What a supernet has is no score of a candidate.
      const bool is_candidate = request.architecture.space() == problem_.space.name();
      if (!utility.ok() || !is_candidate) continue;
      first_of_class_.try_emplace(problem_.space.ClassId(request.architecture),
                                  request.architecture);
    }
    proposals_->Tell(evaluations);
  } else if (stage_ == Stage::kReplicating) {
    auto evaluation = evaluations.begin();
    for (Finalist& finalist : finalists_) {
      for (int replicate = 1; replicate <= MoreScores(); ++replicate, ++evaluation) {
        if (evaluation->utility.ok()) {
          finalist.scores.push_back(*evaluation->utility);
        } else {
          finalist.has_failed = true;
        }
      }
    }
    std::erase_if(finalists_, [](const Finalist& finalist) { return finalist.has_failed; });
    std::stable_sort(
        finalists_.begin(), finalists_.end(),
        [](const Finalist& a, const Finalist& b) { return a.MeanScore() > b.MeanScore(); });
    replicates_told_ = true;
  } else {
    for (std::size_t i = 0; i < evaluations.size(); ++i) {
      if (evaluations[i].utility.ok()) finalists_[i].judged = *evaluations[i].utility;
    }
  }
}

std::vector<std::optional<double>> Finals::Verdicts() const {
  std::vector<std::optional<double>> scores, accuracies;
  for (const Finalist& finalist : finalists_) {
    if (!finalist.judged) continue;
    scores.emplace_back(finalist.MeanScore());
    accuracies.push_back(finalist.judged);
  }
  const std::vector<double> by_score = LogRanks(scores);
  const std::vector<double> by_accuracy = LogRanks(accuracies);
  std::vector<std::optional<double>> verdicts;
  std::size_t judged = 0;
  for (const Finalist& finalist : finalists_) {
    verdicts.emplace_back();
    if (!finalist.judged) continue;
    verdicts.back() = options_.joined ? by_score[judged] + by_accuracy[judged] : *finalist.judged;
    ++judged;
  }
  return verdicts;
}

std::vector<Ranked> Finals::Ranking() const {
  const std::vector<std::optional<double>> verdicts = Verdicts();
  std::vector<std::size_t> order(finalists_.size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return verdicts[a] > verdicts[b];  // nothing is less than any verdict
  });
  std::vector<Ranked> ranking;
  std::set<std::vector<int>> placed;
  for (const std::size_t place : order) {
    const Finalist& finalist = finalists_[place];
    ranking.push_back(
        {finalist.architecture, finalist.MeanScore(), finalist.replicates(), finalist.judged});
    placed.insert(finalist.architecture.decisions());
  }
  for (Ranked& other : proposals_->Ranking()) {
    if (!placed.contains(other.architecture.decisions())) ranking.push_back(std::move(other));
  }
  return ranking;
}

int Finals::ExpectedGenerations() const {
  const bool has_finalists = FinalistCount() > 0;
  return proposals_->ExpectedGenerations() + int(has_finalists && MoreScores() > 0) +
         int(has_finalists && options_.judged > 0);
}

int Finals::ExpectedRequests() const {
  return proposals_->ExpectedRequests() + FinalistCount() * MoreScores();
}

std::optional<Sureness> Finals::WinnerSureness() const {
  if (!replicates_told_ || finalists_.empty()) return std::nullopt;
  Rng rng(Key(problem_.seed, "sureness"));
  std::vector<int> picks;
  int kept = 0;
  for (int round = 0; round < kResamples; ++round) {
    const double winner = ResampledMean(finalists_[0].scores, picks, rng);
    bool keeps = true;
    for (std::size_t i = 1; i < finalists_.size(); ++i) {
      keeps &= winner >= ResampledMean(finalists_[i].scores, picks, rng);
    }
    kept += keeps;
  }
  return Sureness{.first = double(kept) / kResamples, .resamples = kResamples};
}

std::string Finals::stage() const {
  switch (stage_) {
    case Stage::kProposing:
      return proposals_->stage();
    case Stage::kReplicating:
      return "replicating";
    case Stage::kJudging:
      return "judging";
    case Stage::kDone:
      return "done";
  }
  MOTE_CHECK(false, "unnamed stage");
}

void Finals::ChooseFinalists() {
  for (const Ranked& ranked : proposals_->Ranking()) {
    if (int(finalists_.size()) == options_.finalists) break;
    const auto first =
        first_of_class_
            .try_emplace(problem_.space.ClassId(ranked.architecture), ranked.architecture)
            .first;
    if (first->second == ranked.architecture) {
      finalists_.push_back({ranked.architecture, {ranked.utility}, ranked.replicates});
    }
  }
  chosen_ = int(finalists_.size());
}

std::vector<Request> Finals::ReplicateRequests() const {
  std::vector<Request> requests;
  for (const Finalist& finalist : finalists_) {
    for (int replicate = 1; replicate <= MoreScores(); ++replicate) {
      requests.push_back({finalist.architecture, Purpose::kScore, replicate});
    }
  }
  return requests;
}

std::vector<Request> Finals::JudgeRequests() const {
  std::vector<Request> requests;
  for (const Finalist& finalist : finalists_) {
    if (int(requests.size()) == options_.judged) break;
    requests.push_back({finalist.architecture, Purpose::kJudge});
  }
  return requests;
}

int Finals::MoreScores() const {
  return proposals_->utility_name().empty() ? options_.replicates - 1 : 0;
}

int Finals::FinalistCount() const {
  if (stage_ != Stage::kProposing) return chosen_;
  return std::min(options_.finalists, proposals_->ExpectedRequests());
}

}  // namespace mote
