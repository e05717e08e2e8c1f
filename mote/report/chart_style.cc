#include "mote/report/chart_style.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mote {
namespace {

// After Okabe & Ito (2008), whose colours differ for all kinds of colour vision, in an order that
// alternates dark and light.
constexpr std::array kColours = {"#0072b2", "#d55e00", "#000000", "#009e73",
                                 "#b4568f", "#e69f00", "#56b4e9"};
// Lengths of dashes and gaps, in line widths; each one differs in rhythm from the others.
constexpr std::array kDashes = {"solid",      "(9,4)",         "(2.5,3)",
                                "(11,3,2,3)", "(6,3,2,3,2,3)", "(18,4)"};
// Circle, square, triangles up and down, diamond.
constexpr std::array kFilledShapes = {7, 5, 9, 11, 13};
constexpr std::array kOpenShapes = {6, 4, 8, 10, 12};

// Lightness rises steadily, so that grey tells them apart as well.
constexpr std::array kFills = {"#12355b", "#b9501f", "#4f9d8b", "#e8b13f", "#a9cfee", "#efe9d5"};

template <typename Values>
auto Cycle(const Values& values, int number) {
  return values[std::size_t(number) % values.size()];
}

}  // namespace

std::string LineLook(int number) {
  return fmt::format("lw 2 lc rgb '{}' dt {}", Cycle(kColours, number), Cycle(kDashes, number));
}

std::string ColourLook(int number) { return fmt::format("lc rgb '{}'", Cycle(kColours, number)); }

std::string BandLook(int number) {
  return fmt::format("fs transparent solid 0.13 noborder fc rgb '{}'", Cycle(kColours, number));
}

std::string PointLook(int number, PointFill fill, double size) {
  const bool filled = fill == PointFill::kFilled;
  return fmt::format("pt {} ps {} lw 1.3 lc rgb '{}'",
                     filled ? Cycle(kFilledShapes, number) : Cycle(kOpenShapes, number), size,
                     Cycle(kColours, number));
}

std::string FillLook(int number, int count) {
  // Few take some of the first five, evenly spread; more take all, in turn.
  constexpr int kSpread = 5;
  const int last = std::max(count - 1, 1);
  const int index = count <= kSpread ? (2 * (kSpread - 1) * number + last) / (2 * last) : number;
  return fmt::format("fs solid border lc rgb '{}' lw 0.7 fc rgb '{}'", kInk, Cycle(kFills, index));
}

}  // namespace mote
