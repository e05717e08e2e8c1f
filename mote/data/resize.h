// The area filter on bytes; the one on floats is declared in prepared_data.h.
#pragma once

#include <cstdint>

namespace mote {

// As ResizeArea of floats; the result is in 0 .. 255 and not rounded. Exact but for one rounding.
void ResizeArea(const std::uint8_t* src, int src_height, int src_width, float* dst, int dst_height,
                int dst_width, int channels);

}  // namespace mote
