// `best` and the skip from a cell's input to its output, which was chosen by looking at the
// accuracies of NAS-Bench-201: of use to those who search in it, and never a default.
#include "mote/estimate/ranking.h"

namespace mote {

MOTE_RANKING(best_skip) {
  AddRanking(registry, "best-skip",
             "best and direct-skip, which was chosen by looking at NAS-Bench-201",
             {.members = {"mote@wide", "mote@noise", "mote@brisk", "direct-skip"},
              .citation = "as best; direct-skip from NAS-Bench-201"});
}

}  // namespace mote
