// How the series of a chart look: by number, so that a series looks the same in every panel.
#pragma once

#include <string>

namespace mote {

// Styles as gnuplot writes them. Neighbours differ in colour, dash and shape, and in lightness;
// colour, dash and shape return after 7, 6 and 5 series, all three after 210.
std::string LineLook(int number);
std::string ColourLook(int number);
std::string BandLook(int number);
enum class PointFill { kFilled, kOpen };
std::string PointLook(int number, PointFill fill, double size);

// Rectangles; `count` of them share the way from dark to light.
std::string FillLook(int number, int count);

inline constexpr const char* kInk = "#1f2328";    // text
inline constexpr const char* kFrame = "#59636e";  // axes
inline constexpr const char* kGrid = "#dfe3e8";

}  // namespace mote
