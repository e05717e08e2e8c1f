// A training and the best look without one, which see different things: MOTE, and how independent
// channels are in a random network (Jiang et al., "MeCo: Zero-Shot NAS with One Data and Single
// Forward Pass via Minimum Eigenvalue of Correlation", NeurIPS 2023). Some .07 core seconds a
// network. On NAS-Bench-201 no other ranking here that knows nothing of it stands as high over all
// cells (docs/estimators.md).
#include "mote/estimate/ranking.h"

namespace mote {

MOTE_RANKING(mote_meco) {
  AddRanking(registry, "mote-meco", "MOTE and the independence of channels, joined by rank",
             {.members = {"mote", "meco"},
              .citation = "Zhang et al., NeurIPS 2024; Jiang et al., NeurIPS 2023"});
}

}  // namespace mote
