// Random changes of training images that keep their class.
#pragma once

#include "mote/base/rng.h"

namespace mote {

// The farthest an image of this side is shifted along it, in pixels: an eighth, at most 4. These
// are the paddings of NAS-Bench-201 (Dong & Yang 2020): 4 for CIFAR's 32 pixels, 2 for
// ImageNet16's 16.
int LargestShift(int side);

// Changes images[count][height][width][channels] in place: each is mirrored left to right with
// probability 1/2, then shifted by -LargestShift .. LargestShift pixels along each side, uniformly;
// what moves in is 0. Draws depend on `key` alone, image after image.
void Augment(float* images, int count, int height, int width, int channels, const Key& key);

}  // namespace mote
