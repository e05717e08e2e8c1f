// Softmax cross-entropy from logits, the mean over a batch, without label smoothing; in nats.
#pragma once

#include <span>
#include <vector>

namespace mote {

// `logits` is [images][classes], labels in 0 .. classes-1; at least one image. O(size).
double MeanCrossEntropy(std::span<const double> logits, std::span<const int> labels);

// Its gradient to the logits.
std::vector<double> CrossEntropySlopes(std::span<const double> logits, std::span<const int> labels);

}  // namespace mote
