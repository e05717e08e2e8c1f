// TE-NAS as a ranking of given networks (Chen, Gong, Wang, ICLR 2021): how well a network trains,
// by the condition number of its tangent kernel, and how much it can express, by its linear
// regions.
//
// Deviation: the paper sums ranks while it prunes a supernet, as the strategy te-nas does; here, as
// for all rankings, logarithms of ranks are summed.
#include "mote/estimate/ranking.h"

namespace mote {

MOTE_RANKING(te_nas) {
  AddRanking(
      registry, "te-nas", "trainability and expressivity at initialisation, joined by rank",
      {.members = {"ntk-condition", "linear-regions"}, .citation = "Chen et al., ICLR 2021"});
}

}  // namespace mote
