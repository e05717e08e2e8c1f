// One point of a search space: an immutable value without weights, scores or pointers.
#pragma once

#include <string>
#include <vector>

#include "mote/base/hash.h"

namespace mote {

// Made by a SearchSpace only. Two architectures are equal if space and decisions are; networks of
// unequal architectures may still be equal (SearchSpace::Canonicalize).
class Architecture {
 public:
  Architecture(std::string space, std::vector<int> decisions, std::string text)
      : space_(std::move(space)), decisions_(std::move(decisions)), text_(std::move(text)) {}

  const std::string& space() const { return space_; }
  const std::vector<int>& decisions() const { return decisions_; }
  // The form that users of the space know; parses back to an equal architecture.
  const std::string& text() const { return text_; }
  Hash128 id() const { return HashOf(space_ + ":" + text_); }

  bool operator==(const Architecture& other) const {
    return space_ == other.space_ && decisions_ == other.decisions_;
  }
  auto operator<=>(const Architecture& other) const {
    if (auto order = space_ <=> other.space_; order != 0) return order;
    return decisions_ <=> other.decisions_;
  }

 private:
  std::string space_;
  std::vector<int> decisions_;
  std::string text_;
};

}  // namespace mote
