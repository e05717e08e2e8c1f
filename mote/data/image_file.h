// JPEG and PNG files as 8-bit RGB.
//
// An image is decoded whole or not at all: whatever the decoders warn about (a premature end, a bad
// checksum, data that do not fit) makes the file corrupt. Results depend on the bytes alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace mote {

struct Image {
  int height = 0;
  int width = 0;
  std::vector<std::uint8_t> pixels;  // row, column, channel (R, G, B)
};

// What is refused rather than decoded, as a small file may unpack to any size.
struct ImageLimits {
  int side = 1 << 15;
  std::int64_t pixels = std::int64_t(1) << 26;
  std::size_t file_bytes = std::size_t(1) << 28;
};

// Whether the name ends in .jpg, .jpeg or .png, in any case.
bool HasImageName(const std::filesystem::path& path);

// The format is told from the content, not from a name. Grey becomes three equal channels; palettes
// are looked up; 16 bits are rounded to 8; CMYK is multiplied out; transparent pixels are laid on
// black. Colour profiles, gamma and the camera's orientation are ignored.
// Throws Error(kUnsupported) on another format or one past the limits and Error(kCorrupt) on
// damage; the message is the reason alone ("the file ends early"), for the caller knows the name.
Image DecodeImage(std::string_view content, const ImageLimits& limits = {});

// Reads and decodes; messages as above. Also throws Error(kNotFound, kIo).
Image ReadImage(const std::filesystem::path& path, const ImageLimits& limits = {});

namespace internal {

// The decoders behind DecodeImage.
Image DecodeJpeg(std::string_view content, const ImageLimits& limits);
Image DecodePng(std::string_view content, const ImageLimits& limits);

// Throws Error(kUnsupported) if an image is larger than the limits.
void CheckImageLimits(std::int64_t height, std::int64_t width, const ImageLimits& limits);

}  // namespace internal
}  // namespace mote
