// From the pooled features to the loss and back.
#pragma once

#include <span>

#include "mote/backends/executor.h"
#include "mote/backends/native/layout.h"

namespace mote::native {

// features[image][channels with padding] = pooled[group][channels][lane of the group], for
// `images` images.
void Ungroup(const float* pooled, int images, int channels, int group, float* features);
// The reverse; lanes of images that are not there become 0.
void Regroup(const float* features, int images, int channels, int group, float* pooled);

// logits[image][classes] = weight[classes][channels] features + bias.
void Linear(const float* features, int images, int channels, const float* weight, const float* bias,
            int classes, float* logits);
// slopes: gradient to the logits. Overwrites all three results.
void LinearGradient(const float* features, int images, int channels, const float* weight,
                    const float* slopes, int classes, float* weight_gradient, float* bias_gradient,
                    float* feature_gradient);

// Softmax cross-entropy with smoothing (executor.h), mean over the images; slopes may be null. The
// sum over images is in float64. Not finite logits give a loss that is not finite.
EvaluationResult CrossEntropy(const float* logits, std::span<const int> labels, int classes,
                              const LossOptions& options, float* slopes);

}  // namespace mote::native
