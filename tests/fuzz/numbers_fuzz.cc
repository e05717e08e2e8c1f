// Whole numbers, numbers and hashes, as options and files spell them.
#include "mote/base/hash.h"
#include "mote/base/options.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {

std::vector<std::string> Seeds() {
  return {"0", "-9223372036854775808", "2.5e-3", "1e308", "0123456789abcdef0123456789abcdef"};
}

std::vector<std::string> Words() {
  return {"inf", "nan", "0x", "e+", "e-324", "9223372036854775808"};
}

}  // namespace mote::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mote;
  const std::string_view text = fuzz::TextOf(data, size);
  const auto integer = fuzz::Ask([&] { return ParseInt(text, "number"); });
  if (integer) MOTE_CHECK(ParseInt(ToText(*integer), "again") == *integer);
  const auto real = fuzz::Ask([&] { return ParseReal(text, "number"); });
  if (real) MOTE_CHECK(ParseReal(ToText(*real), "again") == *real);
  const auto hash = fuzz::Ask([&] { return Hash128::FromHex(text); });
  if (hash) MOTE_CHECK(hash->Hex() == text);
  if (integer || real || hash) {
    ++fuzz::Counts().accepted;
  } else {
    ++fuzz::Counts().refused;
  }
  return 0;
}
