// AZ-NAS (Lee, Ham: "AZ-NAS: Assembling zero-cost proxies for network architecture search", CVPR
// 2024): four views of an untrained network, joined by the sum of the logarithms of their ranks.
#include "mote/estimate/ranking.h"

namespace mote {

MOTE_RANKING(az_nas) {
  AddRanking(registry, "az-nas",
             "expressivity, progressivity, trainability and multiply-adds, joined by rank",
             {.members = {"az-expressivity", "az-progressivity", "az-trainability", "macs"},
              .citation = "Lee & Ham, CVPR 2024"});
}

}  // namespace mote
