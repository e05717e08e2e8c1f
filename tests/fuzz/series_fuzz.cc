// Results of probes, as the store keeps them.
#include <algorithm>
#include <limits>

#include "mote/store/series_codec.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {
namespace {

std::string Encode(const ProbeResult& result) {
  const std::vector<std::byte> blob = EncodeSeries(result);
  return {reinterpret_cast<const char*>(blob.data()), blob.size()};
}

}  // namespace

std::vector<std::string> Seeds() {
  ProbeResult result;
  result.Set("epoch_loss", {2.3, 1.5, 0.25});
  result.Set("none", {});
  result.Set("odd", {std::numeric_limits<double>::infinity(), -0.0,
                     std::numeric_limits<double>::quiet_NaN()});
  return {Encode(result), Encode({})};
}

std::vector<std::string> Words() {
  using std::string_literals::operator""s;
  return {"\xff\xff\xff\xff"s, "\xff\xff\xff\xff\xff\xff\xff\xff"s, "\1\0\0\0"s,
          "\1\0\0\0\0\0\0\0"s};
}

}  // namespace mote::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mote;
  const std::string_view blob = fuzz::TextOf(data, size);
  const auto result =
      fuzz::Try([&] { return DecodeSeries(std::as_bytes(std::span(data, size)), "store"); });
  if (result) MOTE_CHECK(fuzz::Encode(*result) == blob);
  return 0;
}
