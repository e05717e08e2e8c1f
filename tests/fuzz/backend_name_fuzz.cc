// Names of backends, "check(A,B)" included; the second line is the device.
#include "mote/run/catalog.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {

std::vector<std::string> Seeds() {
  return {"reference\ncpu", "check(reference,reference)\ncpu", "\ncpu"};
}

std::vector<std::string> Words() { return {"check(", "reference", ",", ")", "native", "\ncpu"}; }

}  // namespace mote::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mote;
  std::vector<std::string> lines = fuzz::SplitLines(fuzz::TextOf(data, size));
  lines.resize(2);
  // No other word may be met: a device that a backend looks for costs seconds.
  if (lines[1] != "cpu" && lines[1].size() > 3) lines[1].resize(3);
  const auto backend =
      fuzz::Try([&] { return MakeBackend(BuiltinCatalog(), lines[0], lines[1], {}); });
  if (!backend) return 0;
  const BackendTraits traits = (*backend)->traits();
  MOTE_CHECK(!traits.name.empty() && !traits.device.empty());
  // What a run's provenance says can be asked for again.
  MOTE_CHECK(MakeBackend(BuiltinCatalog(), traits.name, "cpu", {})->traits().name == traits.name,
             "{}", traits.name);
  return 0;
}
