// A set of architectures: their decisions, their text, their networks.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mote/base/registry.h"
#include "mote/graph/network.h"
#include "mote/space/architecture.h"
#include "mote/space/skeleton.h"

namespace mote {

// One decision: which of the options stands at this place.
struct Choice {
  std::string name;                  // "edge 1<-0"
  std::vector<std::string> options;  // "none", "skip_connect", ...
};

// Numbers of live edges of one cell, by operation. Live: not `none`, reachable from the cell's
// input, and the cell's output reachable from it.
struct LiveEdges {
  int skip = 0;
  int conv_1x1 = 0;
  int conv_3x3 = 0;
  int pool = 0;

  int convs() const { return conv_1x1 + conv_3x3; }
  bool operator==(const LiveEdges&) const = default;
};

// From which text the network is built.
enum class BuildForm {
  kCanonical,  // from the representative of its class: equal classes give identical networks
  kLive,       // from its own text, dead operations left out; for tests of the classes
  kFull,       // from its own text, dead operations kept, as the benchmark counts them
};

// const and stateless: thread-safe.
class SearchSpace {
 public:
  virtual ~SearchSpace() = default;

  virtual std::string_view name() const = 0;
  virtual const std::vector<Choice>& choices() const = 0;

  // Accepts the official string and the space's other spellings. Throws Error(kInvalidArgument)
  // that quotes the text, points at the fault and shows an example.
  virtual Architecture Parse(std::string_view text) const = 0;
  // decisions[i] in 0 .. choices()[i].options.size()-1; a violation is a bug.
  virtual Architecture Make(std::vector<int> decisions) const = 0;

  // Whether the output depends on the input. Disconnected architectures parse, build and score,
  // but no strategy proposes them.
  virtual bool IsConnected(const Architecture& architecture) const = 0;
  virtual LiveEdges CountLiveEdges(const Architecture& architecture) const = 0;
  // Whether some edge other than `none` is not live.
  virtual bool HasDanglingEdges(const Architecture& architecture) const = 0;

  // The representative of the architecture's class: equal exactly where the same network is built.
  virtual Architecture Canonicalize(const Architecture& architecture) const = 0;
  // What the architecture computes, in words that are equal for equal structures.
  virtual std::string FormText(const Architecture& architecture) const {
    return Canonicalize(architecture).text();
  }
  Hash128 ClassId(const Architecture& architecture) const {
    return Canonicalize(architecture).id();
  }

  // Whether its networks share initial weights: a parameter's are then drawn by its name, equal in
  // all networks that have one of that name and size; else they are drawn for each class.
  virtual bool shares_weights() const { return false; }

  // The space whose decisions are sets of the options of this one: bit j of a decision there says
  // whether option 1 + j is in the set, and without any bit it stands for option 0. Nothing if
  // there is none. It belongs to this space.
  virtual const SearchSpace* supernet() const { return nullptr; }
  // This space or its supernet, whichever is called so, else nothing.
  const SearchSpace* Named(std::string_view space) const;
  // That which the architecture is of; of another space, it is a bug.
  const SearchSpace& SpaceOf(const Architecture& architecture) const;

  // Throws Error(kInvalidArgument) if the images are too small for the skeleton.
  virtual Network Build(const Architecture& architecture, const Skeleton& skeleton,
                        const Task& task, BuildForm form = BuildForm::kCanonical) const = 0;

  // The cell as a small drawing of letters and lines, for a terminal of 80 columns.
  virtual std::string Draw(const Architecture& architecture) const = 0;

  // Number of architectures: the product of the options of all choices.
  std::int64_t size() const;
  // The index-th in lexicographic order of the decisions, the last one fastest.
  Architecture At(std::int64_t index) const;
  std::int64_t IndexOf(const Architecture& architecture) const;
};

using SpaceRegistry = Registry<SearchSpace>;
#define MOTE_SPACE(name) void RegisterSpace_##name(::mote::SpaceRegistry& registry)

}  // namespace mote
