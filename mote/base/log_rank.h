// Ranks on a logarithmic scale, by which scores of different units are joined without fitting.
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace mote {

// Of m values: ln(rank / m), rank 1 the lowest and m the highest, ties sharing their average; in
// (-inf, 0], 0 for the single highest (Lee, Ham: AZ-NAS, CVPR 2024). What has no value, and values
// that are not finite, are the lowest and tie with each other. O(m log m).
std::vector<double> LogRanks(std::span<const std::optional<double>> values);

// The ranks themselves, 1 .. m.
std::vector<double> RanksFromLowest(std::span<const std::optional<double>> values);

}  // namespace mote
