#include "mote/data/image_file.h"

#include <gmock/gmock.h>
#include <png.h>
#include <zlib.h>

#include "mote/base/rng.h"
#include "mote/data/test_files.h"

namespace mote {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::Not;
using std::string_literals::operator""s;  // for texts with zero bytes

std::string Repeat(const std::string& pixel, int count) {
  std::string pixels;
  for (int i = 0; i < count; ++i) pixels += pixel;
  return pixels;
}

std::vector<int> Pixel(const Image& image, int i) {
  return {image.pixels.at(i * 3), image.pixels.at(i * 3 + 1), image.pixels.at(i * 3 + 2)};
}

TEST(ImageFile, KnowsImageNames) {
  for (const char* name : {"a.jpg", "b/a.JPG", "a.jpeg", "a.JpEg", "a.png", "a.b.PNG"}) {
    EXPECT_TRUE(HasImageName(name)) << name;
  }
  for (const char* name : {"jpg", "a.gif", "a.png.txt", "a", "", ".png/x"}) {
    EXPECT_FALSE(HasImageName(name)) << name;
  }
}

TEST(Jpeg, DecodesColoursAndGrey) {
  // Red is Y 76, Cb 85, Cr 255 in bytes, and these are (254, 0, 0).
  const Image red = DecodeImage(EncodeJpeg({9, 17, 3, Repeat("\xFF\0\0"s, 9 * 17)}));
  EXPECT_EQ(red.height, 9);
  EXPECT_EQ(red.width, 17);
  for (int i = 0; i < 9 * 17; ++i) ASSERT_THAT(Pixel(red, i), ElementsAre(254, 0, 0));
  const Image grey = DecodeImage(EncodeJpeg({8, 8, 1, Repeat("\x4D", 64)}));
  EXPECT_THAT(Pixel(grey, 63), ElementsAre(0x4D, 0x4D, 0x4D));
}

TEST(Jpeg, ProgressiveEqualsBaseline) {
  const std::string pixels = Scatter(24 * 20 * 3, 1);
  EXPECT_EQ(DecodeImage(EncodeJpeg({24, 20, 3, pixels})).pixels,
            DecodeImage(EncodeJpeg({24, 20, 3, pixels, true})).pixels);
}

TEST(Jpeg, MultipliesInksOut) {
  // Adobe's bytes are 255 - ink: 200 * 128 / 255 = 100.4, 100 * 128 / 255 = 50.2.
  const std::string inks = Repeat("\xC8\x64\xFF\x80", 64);
  EXPECT_THAT(Pixel(DecodeImage(EncodeJpeg({8, 8, 4, inks})), 10), ElementsAre(100, 50, 128));
  // Without Adobe's mark they are inks: (255-200) * (255-128) / 255 = 27.4, 155 * 127 / 255 = 77.2.
  EXPECT_THAT(Pixel(DecodeImage(EncodeJpeg({8, 8, 4, inks, false, false})), 10),
              ElementsAre(27, 77, 0));
}

TEST(Png, DecodesEveryKindOfPixel) {
  const auto decode = [](const PngSpec& spec) {
    const Image image = DecodeImage(EncodePng(spec));
    EXPECT_EQ(image.pixels.size(), std::size_t(spec.height) * spec.width * 3);
    return image;
  };
  Image image = decode({1, 2, PNG_COLOR_TYPE_RGB, 8, "\1\2\3\4\5\6"});
  EXPECT_THAT(Pixel(image, 1), ElementsAre(4, 5, 6));
  image = decode({1, 2, PNG_COLOR_TYPE_GRAY, 8, "\7\xC8"});
  EXPECT_THAT(Pixel(image, 1), ElementsAre(200, 200, 200));
  image = decode({1, 4, PNG_COLOR_TYPE_GRAY, 2, "\x1B"});  // 0, 1, 2, 3 of 3
  EXPECT_THAT(Pixel(image, 1), ElementsAre(85, 85, 85));
  EXPECT_THAT(Pixel(image, 3), ElementsAre(255, 255, 255));
  image = decode({1, 8, PNG_COLOR_TYPE_GRAY, 1, "\x40"});
  EXPECT_THAT(Pixel(image, 0), ElementsAre(0, 0, 0));
  EXPECT_THAT(Pixel(image, 1), ElementsAre(255, 255, 255));
  // 0x12FF is 4863/65535*255 = 18.9, 0x8000 is 127.5.
  image = decode({1, 1, PNG_COLOR_TYPE_RGB, 16, "\x12\xFF\xFF\xFF\x01\x00"s});
  EXPECT_THAT(Pixel(image, 0), ElementsAre(19, 255, 1));
  image = decode({1, 2, PNG_COLOR_TYPE_PALETTE, 8, "\1\0"s, false, {1, 2, 3, 9, 8, 7}});
  EXPECT_THAT(Pixel(image, 0), ElementsAre(9, 8, 7));
  EXPECT_THAT(Pixel(image, 1), ElementsAre(1, 2, 3));
}

TEST(Png, LaysTransparencyOnBlack) {
  Image image =
      DecodeImage(EncodePng({1, 2, PNG_COLOR_TYPE_RGB_ALPHA, 8, "\xFF\x64\0\x80\1\2\3\0"s}));
  EXPECT_THAT(Pixel(image, 0), ElementsAre(128, 50, 0));  // 100 * 128 / 255 = 50.2
  EXPECT_THAT(Pixel(image, 1), ElementsAre(0, 0, 0));
  image = DecodeImage(EncodePng({1, 1, PNG_COLOR_TYPE_GRAY_ALPHA, 8, "\xC8\x40"}));
  EXPECT_THAT(Pixel(image, 0), ElementsAre(50, 50, 50));  // 200 * 64 / 255 = 50.2
  image = DecodeImage(
      EncodePng({1, 2, PNG_COLOR_TYPE_PALETTE, 8, "\0\1"s, false, {200, 100, 0, 9, 8, 7}, {51}}));
  EXPECT_THAT(Pixel(image, 0), ElementsAre(40, 20, 0));  // a fifth
  EXPECT_THAT(Pixel(image, 1), ElementsAre(9, 8, 7));
  image = DecodeImage(EncodePng({1, 2, PNG_COLOR_TYPE_GRAY, 8, "\7\x8", false, {}, {}, 7}));
  EXPECT_THAT(Pixel(image, 0), ElementsAre(0, 0, 0));
  EXPECT_THAT(Pixel(image, 1), ElementsAre(8, 8, 8));
}

TEST(Png, InterlacedEqualsPlain) {
  const std::string rows = Scatter(13 * 11 * 3, 2);
  const Image plain = DecodeImage(EncodePng({13, 11, PNG_COLOR_TYPE_RGB, 8, rows}));
  EXPECT_EQ(std::string(plain.pixels.begin(), plain.pixels.end()), rows);
  EXPECT_EQ(DecodeImage(EncodePng({13, 11, PNG_COLOR_TYPE_RGB, 8, rows, true})).pixels,
            plain.pixels);
}

TEST(ImageFile, RefusesOtherFormats) {
  EXPECT_ERROR(DecodeImage(""), ErrorCode::kCorrupt, HasSubstr("empty"));
  for (const char* content : {"GIF89a, a picture", "x", "\xFF", "\x89PN", "RIFF....WEBP"}) {
    EXPECT_ERROR(DecodeImage(content), ErrorCode::kUnsupported, HasSubstr("neither a JPEG nor"));
  }
}

TEST(ImageFile, ReadsRegularFilesOnly) {
  const TempFolder folder;
  EXPECT_ERROR(ReadImage(folder.path() / "none.jpg"), ErrorCode::kNotFound, HasSubstr("no such"));
  EXPECT_ERROR(ReadImage(folder.path()), ErrorCode::kIo, HasSubstr("not a regular file"));
  const auto path = folder.Write("a.png", EncodePng({1, 1, PNG_COLOR_TYPE_GRAY, 8, "\5"}));
  EXPECT_THAT(Pixel(ReadImage(path), 0), ElementsAre(5, 5, 5));
  EXPECT_ERROR(ReadImage(path, {.file_bytes = 20}), ErrorCode::kUnsupported,
               HasSubstr("more than 20"));
}

// Header and checksum of a PNG changed to announce other sides.
std::string WithPngSize(std::string png, std::uint32_t width, std::uint32_t height) {
  for (int i = 0; i < 4; ++i) {
    png[16 + i] = char(width >> (24 - 8 * i));
    png[20 + i] = char(height >> (24 - 8 * i));
  }
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(&png[12]), 17);
  for (int i = 0; i < 4; ++i) png[29 + i] = char(crc >> (24 - 8 * i));
  return png;
}

TEST(ImageFile, RefusesAbsurdSizesBeforeDecoding) {
  const std::string png = EncodePng({1, 1, PNG_COLOR_TYPE_GRAY, 8, "\5"});
  EXPECT_ERROR(DecodeImage(WithPngSize(png, 30000, 30000)), ErrorCode::kUnsupported,
               HasSubstr("30000x30000 pixels are more"));
  EXPECT_ERROR(DecodeImage(WithPngSize(png, 40000, 1)), ErrorCode::kUnsupported,
               HasSubstr("1x40000 pixels are more"));
  EXPECT_ERROR(DecodeImage(WithPngSize(png, 0x7FFFFFFF, 0x7FFFFFFF)), ErrorCode::kUnsupported,
               HasSubstr("more than mote takes"));
  EXPECT_ERROR(DecodeImage(WithPngSize(png, 0, 1)), ErrorCode::kCorrupt, Not(HasSubstr("\n")));
  EXPECT_ERROR(DecodeImage(WithPngSize(png, 0xFFFFFFFF, 1)), ErrorCode::kCorrupt,
               Not(HasSubstr("\n")));
  EXPECT_ERROR(DecodeImage(EncodeJpeg({8, 8, 1, Repeat("a", 64)}), {.side = 7}),
               ErrorCode::kUnsupported, HasSubstr("8x8 pixels are more"));
  EXPECT_ERROR(DecodeImage(EncodeJpeg({8, 8, 1, Repeat("a", 64)}), {.pixels = 63}),
               ErrorCode::kUnsupported, HasSubstr("8x8 pixels are more"));
}

std::vector<std::string> Samples() {
  const std::string pixels = Scatter(20 * 20 * 3, 3);
  return {EncodeJpeg({20, 20, 3, pixels}),
          EncodeJpeg({20, 20, 3, pixels, true}),
          EncodeJpeg({10, 30, 4, pixels}),
          EncodePng({20, 20, PNG_COLOR_TYPE_RGB, 8, pixels}),
          EncodePng({20, 20, PNG_COLOR_TYPE_RGB, 8, pixels, true}),
          EncodePng({10, 20, PNG_COLOR_TYPE_RGB, 16, pixels}),
          EncodePng({20,
                     20,
                     PNG_COLOR_TYPE_PALETTE,
                     8,
                     Repeat("\0\1"s, 200),
                     false,
                     {1, 2, 3, 9, 8, 7},
                     {51}})};
}

TEST(ImageFile, NeverTakesATruncatedImage) {
  for (const std::string& whole : Samples()) {
    ASSERT_NO_THROW(DecodeImage(whole));
    std::vector<std::size_t> lengths = {whole.size() - 1, whole.size() - 2, whole.size() - 3};
    for (std::size_t length = 0; length < whole.size(); length += 7) lengths.push_back(length);
    for (const std::size_t length : lengths) {
      const Error error = ErrorOf([&] { DecodeImage(whole.substr(0, length)); });
      EXPECT_THAT(error.code(), AnyOf(ErrorCode::kCorrupt, ErrorCode::kUnsupported))
          << length << " of " << whole.size() << ": " << error.what();
      EXPECT_STRNE(error.what(), "");
    }
  }
}

TEST(Jpeg, NeverTakesAHalfThatPretendsToBeWhole) {
  const std::string whole = EncodeJpeg({20, 20, 3, Scatter(20 * 20 * 3, 3)});
  EXPECT_ERROR(DecodeImage(whole.substr(0, whole.size() * 2 / 3) + "\xFF\xD9"), ErrorCode::kCorrupt,
               HasSubstr("premature end"));
}

TEST(Png, ChecksEveryChecksum) {
  const std::string png =
      EncodePng({2, 2, PNG_COLOR_TYPE_PALETTE, 8, "\0\1\1\0"s, false, {1, 2, 3, 9, 8, 7}, {51}});
  for (const char* chunk : {"IHDR", "PLTE", "tRNS", "IDAT"}) {
    std::string damaged = png;
    damaged[damaged.find(chunk) + 5] ^= 1;
    EXPECT_ERROR(DecodeImage(damaged), ErrorCode::kCorrupt, Not(Eq("")));
  }
}

// Any bytes give an image within the limits or an Error, and nothing is leaked or overrun.
TEST(ImageFile, SurvivesDamage) {
  Rng rng(Key(1, "damage"));
  const ImageLimits limits{.side = 2000, .pixels = 100000};
  int decoded = 0, refused = 0;
  for (const std::string& whole : Samples()) {
    for (int round = 0; round < 150; ++round) {
      std::string damaged = whole;
      for (int flips = int(rng.Below(4)); flips >= 0; --flips) {
        // The headers are the interesting part.
        const std::size_t range = rng.Below(2) ? damaged.size() : 100;
        damaged[rng.Below(range)] = char(rng.Bits32());
      }
      try {
        const Image image = DecodeImage(damaged, limits);
        EXPECT_EQ(image.pixels.size(), std::size_t(image.height) * image.width * 3);
        EXPECT_LE(image.height * image.width, limits.pixels);
        ++decoded;
      } catch (const Error& error) {
        EXPECT_THAT(error.code(), AnyOf(ErrorCode::kCorrupt, ErrorCode::kUnsupported));
        ++refused;
      }
    }
  }
  EXPECT_GT(decoded, 10);
  EXPECT_GT(refused, 300);
}

}  // namespace
}  // namespace mote
