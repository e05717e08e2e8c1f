// The best ranking of MOTEs that has been found so far without looking at more than unlabelled
// scores of three small presets: wide, noise and fast. Under .2 core seconds a network.
#include "mote/estimate/ranking.h"

namespace mote {

MOTE_RANKING(best) {
  AddRanking(registry, "best", "MOTE in presets wide, noise and fast, joined by rank",
             {.members = {"mote@wide", "mote@noise", "mote@fast"},
              .citation = "Zhang et al., NeurIPS 2024; ranks joined as Lee & Ham, CVPR 2024"});
}

}  // namespace mote
