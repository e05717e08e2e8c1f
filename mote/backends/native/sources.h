// What convolutions read: a block of a value, with ReLU and a border of zeros where they ask for
// it.
#pragma once

#include "mote/backends/executor.h"
#include "mote/backends/native/state.h"
#include "mote/backends/native/winograd.h"

namespace mote::native {

SourceNeeds NeedsOf(const Plan& plan, const Value& value);

// Whether the group reads the value itself: kernels that need no copy.
bool ReadsInPlace(const ConvGroup& group, const Value& src);

// What Winograd's transform does to the pixels of SourceOf; a copy is as the transform needs it.
SourceForm InPlace(const State& state, const ConvGroup& group);

// A dense block.
Pixels Dense(float* data, const Extent& extent);
ConstPixels Dense(const float* data, const Extent& extent);
// Pixel (0, 0) of a buffer whose images have a border around them.
Pixels Bordered(const Buffer& buffer, const Extent& extent, int border);

// The same with zeros in the border. What is inside is the caller's.
Pixels PrepareBordered(BorderedBuffer& buffer, const Extent& extent, int border);

// The buffer for one of the copies, its border clean, for whoever fills it: where its pixel (0, 0)
// is.
Pixels PrepareCopy(State& state, int value, const Block& block, const SourceNeeds& needs,
                   bool relu);
// Fills the copies that `needs` names. Of the images: from the batch.
void CopySource(State& state, int value, const Block& block, const SourceNeeds& needs,
                const Batch& batch);

// What the group reads of the block after CopySource; its pixel (0, 0).
ConstPixels SourceOf(const State& state, const ConvGroup& group, const Block& block,
                     const SourceNeeds& needs);

}  // namespace mote::native
