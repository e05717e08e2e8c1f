// The cell in a terminal: nodes in a row, neighbours joined in the row, the others by arcs.
#include <fmt/format.h>

#include <algorithm>

#include "mote/space/nasbench201_cell.h"

namespace mote::nasbench201 {
namespace {

constexpr int kColumns = 78;
constexpr int kNodeDistance = 25;

// The columns of node i's "(i)".
int Left(int node) { return kNodeDistance * node; }
int Middle(int node) { return Left(node) + 1; }
int Right(int node) { return Left(node) + 2; }

// A line of glyphs; each is one column wide but may be several bytes of UTF-8.
class Line {
 public:
  Line() { glyphs_.fill(" "); }

  void Put(int column, std::string_view glyph) { glyphs_[column] = glyph; }

  // From first to last, with an ASCII word in the middle.
  void Stroke(int first, int last, std::string_view glyph, std::string_view word) {
    for (int c = first; c <= last; ++c) Put(c, glyph);
    const int start = first + (last - first - int(word.size()) - 1) / 2;
    Put(start, " ");
    Put(start + int(word.size()) + 1, " ");
    for (std::size_t i = 0; i < word.size(); ++i) Put(start + 1 + int(i), word.substr(i, 1));
  }

  std::string Text() const {
    std::string text;
    std::size_t used = 0;
    for (std::string_view glyph : glyphs_) {
      text += glyph;
      if (glyph != " ") used = text.size();
    }
    return text.substr(0, used) + "\n";
  }

 private:
  std::array<std::string_view, kColumns> glyphs_;
};

struct Pen {
  std::string_view across;
  std::string_view down;
};
constexpr Pen kLivePen = {"─", "│"};
constexpr Pen kDeadPen = {"╌", "╎"};

}  // namespace

std::string Draw(const Cell& cell) {
  EdgeWords words;
  for (int e = 0; e < kEdges; ++e) {
    if (cell[e] != Operation::kNone) words[e] = kOperationNames[int(cell[e])];
  }
  return Draw(words);
}

std::string Draw(const EdgeWords& words) {
  const auto drawn = [&](int e) { return !words[e].empty(); };
  std::array<bool, kEdges> present;
  for (int e = 0; e < kEdges; ++e) present[e] = drawn(e);
  const std::array<bool, kEdges> live = Liveness(present);
  const auto edge = [](int target, int source) {
    for (int e = 0; e < kEdges; ++e) {
      if (kEdgeList[e].target == target && kEdgeList[e].source == source) return e;
    }
    return -1;
  };
  const auto pen = [&](int e) { return live[e] ? kLivePen : kDeadPen; };
  const auto word = [&](int e) -> std::string_view { return words[e]; };

  const int outer = edge(3, 0);
  const int inner = edge(2, 0);
  const int lower = edge(3, 1);
  std::string text;
  if (drawn(outer)) {
    Line line;
    line.Put(Left(0), "┌");
    line.Stroke(Left(0) + 1, Middle(3) - 1, pen(outer).across, word(outer));
    line.Put(Middle(3), "┐");
    text += line.Text();
  }
  if (drawn(inner)) {
    Line line;
    if (drawn(outer)) {
      line.Put(Left(0), pen(outer).down);
      line.Put(Middle(3), pen(outer).down);
    }
    line.Put(Right(0), "┌");
    line.Stroke(Right(0) + 1, Middle(2) - 1, pen(inner).across, word(inner));
    line.Put(Middle(2), "┐");
    text += line.Text();
  }
  if (drawn(outer) || drawn(inner)) {
    Line line;
    if (drawn(outer)) {
      line.Put(Left(0), pen(outer).down);
      line.Put(Middle(3), "▼");
    }
    if (drawn(inner)) {
      line.Put(Right(0), pen(inner).down);
      line.Put(Middle(2), "▼");
    }
    text += line.Text();
  }
  Line row;
  static constexpr std::array<std::string_view, kNodes> kDigits = {"0", "1", "2", "3"};
  for (int node = 0; node < kNodes; ++node) {
    row.Put(Left(node), "(");
    row.Put(Middle(node), kDigits[node]);
    row.Put(Right(node), ")");
    const int e = node == 0 ? -1 : edge(node, node - 1);
    if (e < 0 || !drawn(e)) continue;
    row.Stroke(Right(node - 1) + 1, Left(node) - 2, pen(e).across, word(e));
    row.Put(Left(node) - 1, "▶");
  }
  text += row.Text();
  if (drawn(lower)) {
    Line arrow;
    arrow.Put(Middle(1), pen(lower).down);
    arrow.Put(Middle(3), "▲");
    Line line;
    line.Put(Middle(1), "└");
    line.Stroke(Middle(1) + 1, Middle(3) - 1, pen(lower).across, word(lower));
    line.Put(Middle(3), "┘");
    text += arrow.Text() + line.Text();
  }
  bool dead = false;
  for (int e = 0; e < kEdges; ++e) dead = dead || (drawn(e) && !live[e]);
  if (dead) text += fmt::format("{0}{0}{0} on no path from 0 to 3\n", kDeadPen.across);
  return text;
}

}  // namespace mote::nasbench201
