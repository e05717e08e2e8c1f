#include "mote/store/series_codec.h"

#include <bit>
#include <cstdint>
#include <string>
#include <utility>

#include "mote/base/error.h"

namespace mote {
namespace {

template <typename Unsigned>
void Append(std::vector<std::byte>& blob, Unsigned number) {
  for (std::size_t i = 0; i < sizeof number; ++i) {
    blob.push_back(std::byte(number >> (8 * i) & 0xff));
  }
}

class Reader {
 public:
  Reader(std::span<const std::byte> rest, std::string_view where) : rest_(rest), where_(where) {}

  bool AtEnd() const { return rest_.empty(); }
  std::size_t left() const { return rest_.size(); }

  std::span<const std::byte> Take(std::size_t size) {
    if (size > rest_.size()) Fail("it ends too early");
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }

  template <typename Unsigned>
  Unsigned TakeNumber() {
    const auto bytes = Take(sizeof(Unsigned));
    Unsigned number = 0;
    for (std::size_t i = 0; i < sizeof number; ++i) number |= Unsigned(bytes[i]) << (8 * i);
    return number;
  }

  [[noreturn]] void Fail(std::string_view what) const {
    Throw(ErrorCode::kCorrupt, "{}: the series are damaged: {}; restore the file from a copy",
          where_, what);
  }

 private:
  std::span<const std::byte> rest_;
  std::string_view where_;
};

}  // namespace

std::vector<std::byte> EncodeSeries(const ProbeResult& result) {
  std::size_t size = 0;
  for (const auto& [name, values] : result.series()) size += 12 + name.size() + 8 * values.size();
  std::vector<std::byte> blob;
  blob.reserve(size);
  for (const auto& [name, values] : result.series()) {
    MOTE_CHECK(name.size() <= UINT32_MAX, "a series name of {} bytes", name.size());
    Append(blob, std::uint32_t(name.size()));
    for (const char letter : name) blob.push_back(std::byte(letter));
    Append(blob, std::uint64_t(values.size()));
    for (const double value : values) Append(blob, std::bit_cast<std::uint64_t>(value));
  }
  return blob;
}

ProbeResult DecodeSeries(std::span<const std::byte> blob, std::string_view where) {
  Reader reader(blob, where);
  ProbeResult::Series series;
  while (!reader.AtEnd()) {
    const auto letters = reader.Take(reader.TakeNumber<std::uint32_t>());
    std::string name(reinterpret_cast<const char*>(letters.data()), letters.size());
    const auto count = reader.TakeNumber<std::uint64_t>();
    if (count > reader.left() / sizeof(double)) reader.Fail("it ends too early");
    std::vector<double> values(count);
    for (double& value : values) value = std::bit_cast<double>(reader.TakeNumber<std::uint64_t>());
    // Strictly ascending names: else two blobs could mean the same result.
    if (!series.empty() && name <= series.rbegin()->first) reader.Fail("names out of order");
    series.emplace_hint(series.end(), std::move(name), std::move(values));
  }
  return ProbeResult(std::move(series));
}

}  // namespace mote
