// Architectures of the supernet of NAS-Bench-201: cells whose edges hold sets of operations.
#include "mote/space/test_spaces.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {

std::vector<std::string> Seeds() {
  return {
      "|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|none~2|",
      "|skip_connect,nor_conv_3x3~0|+|none~0|avg_pool_3x3,nor_conv_1x1~1|+|none~0|none~1|none~2|"};
}

std::vector<std::string> Words() {
  return {"none~",         "zeros~",         "|+|",           "~0|", "~1|", "~2|", "nor_conv_1x1,",
          "nor_conv_3x3,", ",skip_connect~", ",avg_pool_3x3~"};
}

}  // namespace mote::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mote;
  static const std::unique_ptr<SearchSpace> cells = MakeNasBench201();
  const SearchSpace& space = *cells->supernet();
  const auto sets = fuzz::Try([&] { return space.Parse(fuzz::TextOf(data, size)); });
  if (!sets) return 0;
  const Architecture again = space.Parse(sets->text());
  MOTE_CHECK(again == *sets && again.text() == sets->text(), "{}", sets->text());
  MOTE_CHECK(space.At(space.IndexOf(*sets)) == *sets, "{}", sets->text());
  MOTE_CHECK(space.Canonicalize(*sets) == *sets, "{}", sets->text());
  (void)space.Draw(*sets);
  return 0;
}
