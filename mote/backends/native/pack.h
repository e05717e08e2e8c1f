// Rearranging: images in, weights into the forms that the kernels read.
#pragma once

#include <span>

#include "mote/backends/native/layout.h"

namespace mote::native {

// Images [image][height][width][channels] into groups of pixels of channels * group floats, the
// channels not padded, around which a border of `border` pixels of zeros is kept by the caller.
// Lanes of images that are not there (the last group) become 0. dst as in layout.h.
void LoadImages(std::span<const float> images, int count, int height, int width, int channels,
                int group, Pixels dst);

// dst[.][columns * group]: each column of src[rows][columns] repeated `group` times.
void RepeatColumns(const float* src, int rows, int columns, int group, float* dst);

// dw[rows][columns] = sum of the `group` lanes of src[rows][columns * group]: undoes the above for
// gradients.
void SumLanes(const float* src, int rows, int columns, int group, float* dst);

// dst[t'][column][row] = src[t][row][column]: a kernel as the gradient to the source reads it. t'
// is t, or taps - 1 - t if `flip` (direct convolutions).
void TransposeKernel(const float* src, int taps, int rows, int columns, bool flip, float* dst);

}  // namespace mote::native
