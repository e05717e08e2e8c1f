// A ProbeResult as bytes, and back, bit for bit.
//
// Layout, once per series in the bytewise order of the names, with nothing before, between or
// after; all numbers little-endian and unaligned:
//
//   uint32   length of the name in bytes
//   bytes    the name
//   uint64   count of values
//   float64  the values (IEEE 754; any bits, infinities and NaN included)
//
// A result without series is an empty blob.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "mote/record/probe_result.h"

namespace mote {

std::vector<std::byte> EncodeSeries(const ProbeResult& result);

// Accepts exactly what EncodeSeries writes; anything else is Error(kCorrupt), whose message begins
// with `where`. Never allocates more than a small multiple of the blob.
ProbeResult DecodeSeries(std::span<const std::byte> blob, std::string_view where);

}  // namespace mote
