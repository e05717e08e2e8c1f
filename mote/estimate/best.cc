// The best ranking of MOTEs that has been found so far, of three small presets: wide, noise and
// brisk. Under .2 core seconds a network. No weight is fitted; that brisk trains at twice the rate
// of fast was chosen by the accuracies of one half of NAS-Bench-201's classes
// (docs/measurements.md).
#include "mote/estimate/ranking.h"

namespace mote {

MOTE_RANKING(best) {
  AddRanking(registry, "best", "MOTE in presets wide, noise and brisk, joined by rank",
             {.members = {"mote@wide", "mote@noise", "mote@brisk"},
              .citation = "Zhang et al., NeurIPS 2024; ranks joined as Lee & Ham, CVPR 2024"});
}

}  // namespace mote
