// JPEG and PNG files, and the resizing of what they hold.
#include <zlib.h>

#include "mote/data/image_file.h"
#include "mote/data/resize.h"
#include "mote/data/test_files.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {
namespace {

constexpr ImageLimits kLimits{.side = 4096, .pixels = 1 << 16, .file_bytes = 1 << 20};

// A PNG with the checksum of every chunk made right, which no mutation would hit upon.
std::string WithChecksums(std::string png) {
  constexpr std::size_t kSignature = 8, kHead = 8, kTail = 4;
  const auto byte = [&png](std::size_t i) { return std::uint32_t(std::uint8_t(png[i])); };
  std::size_t at = kSignature;
  while (at + kHead + kTail <= png.size()) {
    const std::size_t length =
        byte(at) << 24 | byte(at + 1) << 16 | byte(at + 2) << 8 | byte(at + 3);
    if (length > png.size() - at - kHead - kTail) break;
    const auto* const begin = reinterpret_cast<const Bytef*>(png.data() + at + 4);
    const auto sum = std::uint32_t(crc32(0, begin, uInt(4 + length)));
    at += kHead + length;
    for (int shift = 24; shift >= 0; shift -= 8) png[at++] = char(sum >> shift & 0xff);
  }
  return png;
}

void DecodeAndResize(std::string_view content) {
  const auto image = Try([&] { return DecodeImage(content, kLimits); });
  if (!image) return;
  MOTE_CHECK(0 < image->height && image->height <= kLimits.side);
  MOTE_CHECK(0 < image->width && image->width <= kLimits.side);
  const std::int64_t pixels = std::int64_t(image->height) * image->width;
  MOTE_CHECK(pixels <= kLimits.pixels && std::int64_t(image->pixels.size()) == 3 * pixels);
  MOTE_CHECK(DecodeImage(content, kLimits).pixels == image->pixels, "two pictures of one file");
  constexpr int kSide = 8;
  std::vector<float> small(kSide * kSide * 3);
  ResizeArea(image->pixels.data(), image->height, image->width, small.data(), kSide, kSide, 3);
  for (const float value : small) MOTE_CHECK(0 <= value && value <= 255, "{}", value);
}

}  // namespace

std::vector<std::string> Seeds() {
  using std::string_literals::operator""s;
  return {EncodeJpeg({9, 17, 3, Scatter(9 * 17 * 3, 1)}),
          EncodeJpeg({8, 8, 1, Scatter(64, 2)}),
          EncodeJpeg({8, 8, 4, Scatter(256, 3)}),
          EncodeJpeg({8, 8, 4, Scatter(256, 3), false, false}),
          EncodeJpeg({20, 20, 3, Scatter(1200, 4), true}),
          EncodePng({2, 3, 2, 8, Scatter(18, 5)}),
          EncodePng({3, 3, 6, 16, Scatter(72, 6), true}),
          EncodePng({2, 2, 3, 8, "\0\1\1\0"s, false, {1, 2, 3, 9, 8, 7}, {51}}),
          EncodePng({2, 2, 0, 8, "\1\2\3\1"s, false, {}, {}, 1})};
}

std::vector<std::string> Words() {
  using std::string_literals::operator""s;
  return {"IHDR",
          "PLTE",
          "tRNS",
          "IDAT",
          "IEND",
          "gAMA",
          "iCCP",
          "acTL",
          "sBIT",
          "\xff\xd8\xff"s,
          "\xff\xc0"s,
          "\xff\xc2"s,
          "\xff\xc4"s,
          "\xff\xda"s,
          "\xff\xdb"s,
          "\xff\xdd"s,
          "\xff\xee\0\x0e"
          "Adobe"s,
          "\xff\xd9"s,
          "\x89PNG\r\n\x1a\n"s};
}

}  // namespace mote::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mote;
  const std::string_view content = fuzz::TextOf(data, size);
  fuzz::DecodeAndResize(content);
  if (content.starts_with("\x89PNG")) {
    const std::string sound = fuzz::WithChecksums(std::string(content));
    if (sound != content) fuzz::DecodeAndResize(sound);
  }
  return 0;
}
