// The probe behind meco: how independent the channels of a network's feature maps are.
#pragma once

#include "mote/probe/initial_probe.h"

namespace mote {

// One pass forward of the first image alone, batch normalisation over its positions. Series of a
// repeat, one value for each feature map, which are the results of all convolutions, batch
// normalisations, activations, average poolings and sums of more than one position, in the
// network's order:
//   smallest_eigenvalue   of the correlations between channels, in [0, 1] (reading/meco.h); of a
//                         few channels alone, times channels / few (MeCo_opt)
class MecoProbe : public InitialProbe {
 public:
  // `channels`: so many of each map, drawn at random map by map; 0, or as many as the map has, for
  // all.
  MecoProbe(InitialRecipe recipe, int channels)
      : InitialProbe(std::move(recipe)), channels_(channels) {}

  std::string name() const override { return "channel_correlation"; }

 protected:
  nlohmann::json OwnOptions() const override;
  // Of a batch that is one image.
  double ForwardPasses(const Network&) const override { return 1; }
  Outcome<ProbeResult> Measure(InitialNetwork& subject) const override;

 private:
  int channels_;
};

}  // namespace mote
