#include "mote/store/series_codec.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "mote/base/error.h"
#include "mote/base/rng.h"

namespace mote {
namespace {

std::vector<std::byte> BytesOf(std::initializer_list<int> numbers) {
  std::vector<std::byte> bytes;
  for (const int number : numbers) bytes.push_back(std::byte(number));
  return bytes;
}

bool SameBits(std::span<const double> a, std::span<const double> b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}

TEST(SeriesCodec, WritesTheDocumentedBytes) {
  ProbeResult result;
  result.Set("b", {});
  result.Set("a1", {1.0, -0.0});
  EXPECT_EQ(EncodeSeries(result), BytesOf({2, 0, 0, 0, 'a', '1', 2,    0,    0, 0, 0, 0, 0, 0,  //
                                           0, 0, 0, 0, 0,   0,   0xf0, 0x3f,                    //
                                           0, 0, 0, 0, 0,   0,   0,    0x80,                    //
                                           1, 0, 0, 0, 'b', 0,   0,    0,    0, 0, 0, 0, 0}));
  EXPECT_TRUE(EncodeSeries(ProbeResult()).empty());
}

TEST(SeriesCodec, ReturnsEveryBit) {
  using Limits = std::numeric_limits<double>;
  const std::vector<double> edges = {0.0,
                                     -0.0,
                                     Limits::denorm_min(),
                                     -Limits::denorm_min(),
                                     Limits::min(),
                                     Limits::max(),
                                     Limits::lowest(),
                                     Limits::infinity(),
                                     -Limits::infinity(),
                                     Limits::quiet_NaN(),
                                     -Limits::quiet_NaN(),
                                     0.1};
  ProbeResult result;
  result.Set("edges", edges);
  result.Set("", {3.5});
  result.Set("empty", {});
  result.Set(std::string("a\0b\xff", 4), {1});
  const ProbeResult back = DecodeSeries(EncodeSeries(result), "test");
  ASSERT_EQ(back.series().size(), 4u);
  EXPECT_TRUE(SameBits(back["edges"], edges));
  EXPECT_TRUE(SameBits(back[""], std::vector<double>{3.5}));
  EXPECT_TRUE(back["empty"].empty());
  EXPECT_TRUE(back.Has(std::string_view("a\0b\xff", 4)));
  EXPECT_TRUE(DecodeSeries({}, "test").series().empty());
}

TEST(SeriesCodec, RefusesEveryTruncation) {
  ProbeResult result;
  result.Set("loss", {1, 2, 3});
  result.Set("macs", {4});
  const std::vector<std::byte> blob = EncodeSeries(result);
  const std::size_t first_series = 4 + 4 + 8 + 24;
  for (std::size_t size = 1; size < blob.size(); ++size) {
    const auto part = std::span(blob).first(size);
    if (size == first_series) {  // a whole series: nothing can be missed
      EXPECT_EQ(DecodeSeries(part, "test").series().size(), 1u);
    } else {
      EXPECT_THROW(DecodeSeries(part, "test"), Error) << size;
    }
  }
}

TEST(SeriesCodec, RefusesOverlongCountsWithoutAllocating) {
  // 2^61 values would be 2^64 bytes: the product overflows to 0.
  EXPECT_THROW(DecodeSeries(BytesOf({1, 0, 0, 0, 'a', 0, 0, 0, 0, 0, 0, 0, 0x20}), "test"), Error);
  EXPECT_THROW(
      DecodeSeries(BytesOf({1, 0, 0, 0, 'a', 255, 255, 255, 255, 255, 255, 255, 255}), "test"),
      Error);
  EXPECT_THROW(DecodeSeries(BytesOf({255, 255, 255, 255, 'a'}), "test"), Error);
}

TEST(SeriesCodec, RefusesNamesTwiceOrOutOfOrder) {
  const auto b = BytesOf({1, 0, 0, 0, 'b', 0, 0, 0, 0, 0, 0, 0, 0});
  auto twice = b;
  twice.insert(twice.end(), b.begin(), b.end());
  EXPECT_THROW(DecodeSeries(twice, "test"), Error);
  auto descending = twice;
  descending[17] = std::byte('a');
  EXPECT_THROW(DecodeSeries(descending, "test"), Error);
  auto ascending = twice;
  ascending[17] = std::byte('c');
  EXPECT_EQ(DecodeSeries(ascending, "test").series().size(), 2u);
}

TEST(SeriesCodec, SaysWhereTheDamageIs) {
  try {
    DecodeSeries(BytesOf({1}), "'run.db', probe 00ff");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCorrupt);
    EXPECT_EQ(std::string(error.what()),
              "'run.db', probe 00ff: the series are damaged: it ends too early; restore the file "
              "from a copy");
  }
}

TEST(SeriesCodec, AcceptsOnlyWhatItWrites) {
  Rng rng(Key(1, "codec"));
  ProbeResult result;
  result.Set("loss", {1, 2, 3});
  result.Set("macs", {4});
  const std::vector<std::byte> blob = EncodeSeries(result);
  for (int round = 0; round < 2000; ++round) {
    auto damaged = blob;
    damaged[rng.Below(damaged.size())] ^= std::byte(1 << rng.Below(8));
    damaged.resize(rng.Below(damaged.size() + 1));
    try {
      EXPECT_EQ(EncodeSeries(DecodeSeries(damaged, "test")), damaged);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kCorrupt);
    }
  }
}

}  // namespace
}  // namespace mote
