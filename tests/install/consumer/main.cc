// What another program does with mote: parse a cell, count its network, train it for moments.
#include <fmt/format.h>

#include "mote/base/error.h"
#include "mote/graph/cost.h"
#include "mote/run/catalog.h"
#include "mote/run/session.h"

int main(int argc, char** argv) try {
  if (argc != 2) return 2;
  const mote::Catalog& catalog = mote::BuiltinCatalog();
  const auto space = catalog.spaces.Create("nasbench201", {});
  const mote::Architecture cell = space->Parse(argv[1]);
  const mote::Cost cost = mote::CountCost(space->Build(cell, mote::BenchmarkSkeleton(), {}));
  fmt::print("params {}\nmacs {}\n", cost.params, cost.macs);

  mote::ScoreSettings settings;
  settings.data = "noise";
  settings.preset = "faster";
  settings.set = {"faster.epochs=1", "faster.images=64"};
  const mote::StopToken stop;
  mote::Session session(catalog, settings, stop);
  const auto scores = session.Score(session.estimators(), {&cell, 1}, {});
  fmt::print("mote {}\n", scores[0][0].value());
} catch (const mote::Error& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 1;
}
