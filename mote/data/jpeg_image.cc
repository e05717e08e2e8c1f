// JPEG by the C API of libjpeg. The library reports errors by a callback that must not return: it
// jumps back to the setjmp of the function that called the library. Those functions are noexcept in
// spirit: they hold no object with a destructor and change no local after setjmp.
#include <csetjmp>
#include <cstdio>
#include <cstring>
// jpeglib.h needs <cstdio> first.
#include <jpeglib.h>

#include "mote/base/error.h"
#include "mote/data/image_file.h"

namespace mote {
namespace {

// A progressive file may ask for any number of passes over all pixels.
constexpr int kMostScans = 500;

struct Jpeg {
  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf escape;
  char reason[JMSG_LENGTH_MAX] = "";

  Jpeg() = default;
  Jpeg(const Jpeg&) = delete;
  Jpeg& operator=(const Jpeg&) = delete;
  // Safe before and after an error, and on a struct that was never created.
  ~Jpeg() { jpeg_destroy_decompress(&info); }
};

Jpeg& Of(j_common_ptr info) { return *static_cast<Jpeg*>(info->client_data); }

[[noreturn]] void OnError(j_common_ptr info) {
  Jpeg& jpeg = Of(info);
  info->err->format_message(info, jpeg.reason);
  std::longjmp(jpeg.escape, 1);
}

// A warning means that pixels were made up.
void OnMessage(j_common_ptr info, int level) {
  if (level < 0) OnError(info);
}

void OnOutput(j_common_ptr) {}

void OnProgress(j_common_ptr info) {
  Jpeg& jpeg = Of(info);
  if (jpeg.info.input_scan_number > kMostScans) {
    std::snprintf(jpeg.reason, sizeof jpeg.reason, "more than %d scans", kMostScans);
    std::longjmp(jpeg.escape, 1);
  }
}

bool ReadHeader(Jpeg& jpeg, const unsigned char* data, unsigned long size) {
  if (setjmp(jpeg.escape)) return false;
  jpeg.info.err = jpeg_std_error(&jpeg.errors);
  jpeg.errors.error_exit = OnError;
  jpeg.errors.emit_message = OnMessage;
  jpeg.errors.output_message = OnOutput;
  jpeg.info.client_data = &jpeg;
  jpeg_create_decompress(&jpeg.info);  // keeps err and client_data, clears the rest
  jpeg.progress.progress_monitor = OnProgress;
  jpeg.info.progress = &jpeg.progress;
  jpeg_mem_src(&jpeg.info, data, size);
  jpeg_read_header(&jpeg.info, TRUE);
  // Four inks are converted here, all else by the library.
  const bool inks =
      jpeg.info.jpeg_color_space == JCS_CMYK || jpeg.info.jpeg_color_space == JCS_YCCK;
  jpeg.info.out_color_space = inks ? JCS_CMYK : JCS_RGB;
  jpeg.info.dct_method = JDCT_ISLOW;  // equal bits with and without vector instructions
  return true;
}

bool ReadPixels(Jpeg& jpeg, unsigned char* pixels, std::size_t stride) {
  if (setjmp(jpeg.escape)) return false;
  jpeg_start_decompress(&jpeg.info);
  while (jpeg.info.output_scanline < jpeg.info.output_height) {
    JSAMPROW row = pixels + jpeg.info.output_scanline * stride;
    jpeg_read_scanlines(&jpeg.info, &row, 1);
  }
  jpeg_finish_decompress(&jpeg.info);  // reads on to the end marker: its absence shows here
  return true;
}

// Values of 0 .. 255 as fractions.
std::uint8_t Times(int a, int b) { return std::uint8_t((a * b + 127) / 255); }

}  // namespace

Image internal::DecodeJpeg(std::string_view content, const ImageLimits& limits) {
  Jpeg jpeg;
  if (!ReadHeader(jpeg, reinterpret_cast<const unsigned char*>(content.data()), content.size())) {
    Throw(ErrorCode::kCorrupt, "{}", jpeg.reason);
  }
  CheckImageLimits(jpeg.info.image_height, jpeg.info.image_width, limits);
  Image image{int(jpeg.info.image_height), int(jpeg.info.image_width), {}};
  const std::size_t count = std::size_t(image.height) * image.width;
  const int channels = jpeg.info.out_color_space == JCS_CMYK ? 4 : 3;
  image.pixels.resize(count * channels);
  if (!ReadPixels(jpeg, image.pixels.data(), std::size_t(image.width) * channels)) {
    Throw(ErrorCode::kCorrupt, "{}", jpeg.reason);
  }
  if (channels == 4) {
    // Adobe's files hold 255 - ink. The result is written behind the place it is read from.
    const int flip = jpeg.info.saw_Adobe_marker ? 0 : 255;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint8_t* inks = &image.pixels[i * 4];
      const int black = inks[3] ^ flip;
      const std::uint8_t rgb[3] = {Times(inks[0] ^ flip, black), Times(inks[1] ^ flip, black),
                                   Times(inks[2] ^ flip, black)};
      std::memcpy(&image.pixels[i * 3], rgb, 3);
    }
    image.pixels.resize(count * 3);
  }
  return image;
}

}  // namespace mote
