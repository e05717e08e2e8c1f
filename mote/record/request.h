// What a search strategy asks for, and what it is told.
#pragma once

#include <string>

#include "mote/base/outcome.h"
#include "mote/space/architecture.h"

namespace mote {

// One evaluation of one architecture. Scores and judgements differ in cost by orders of magnitude:
// a strategy that asks for a score gets the estimator's reading of one training of the reduced
// network, one that asks for a judgement gets an accuracy.
enum class Purpose {
  kScore,  // an estimate of the search, replicate `replicate`
  kJudge,  // the accuracy on the target: trained and validated, or looked up
};

struct Request {
  Architecture architecture;
  Purpose purpose = Purpose::kScore;
  int replicate = 0;
  // Of a score: the place of the wanted estimator among those that the search was given.
  int estimator = 0;

  bool operator==(const Request&) const = default;
};

// `utility` is the estimate turned so that higher is better, whatever its own direction.
struct Evaluation {
  Request request;
  Outcome<double> utility;
};

}  // namespace mote
