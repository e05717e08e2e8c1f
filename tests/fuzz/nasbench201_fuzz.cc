// Architectures of NAS-Bench-201 in all their spellings.
#include "mote/space/nasbench201.h"
#include "mote/space/test_spaces.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {

std::vector<std::string> Seeds() {
  return {"|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|none~2|",
          "|zeros~0|+|zeros~0|nor_conv_1x1~1|+|skip_connect~0|zeros~1|zeros~2|",
          "333333",
          "0,1,2,3,4,0",
          " (4, 3, 2, 1, 0, 1)\n",
          "[3,3,3, 3,3,3]"};
}

std::vector<std::string> Words() {
  return {"none~",  "skip_connect~", "nor_conv_1x1~", "nor_conv_3x3~", "avg_pool_3x3~",
          "zeros~", "|+|",           "~0|",           "~1|",           "~2|",
          ", "};
}

}  // namespace mote::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mote;
  static const std::unique_ptr<SearchSpace> space = MakeNasBench201();
  const auto cell = fuzz::Try([&] { return space->Parse(fuzz::TextOf(data, size)); });
  if (!cell) return 0;
  const Architecture again = space->Parse(cell->text());
  MOTE_CHECK(again == *cell && again.text() == cell->text(), "{}", cell->text());
  MOTE_CHECK(space->At(space->IndexOf(*cell)) == *cell, "{}", cell->text());
  const Architecture representative = space->Canonicalize(*cell);
  MOTE_CHECK(space->Canonicalize(representative) == representative, "{}", cell->text());
  MOTE_CHECK(CanonicalForm(representative) == CanonicalForm(*cell), "{}", cell->text());
  MOTE_CHECK(!space->Draw(*cell).empty(), "{}", cell->text());
  return 0;
}
