// PNG by the C API of libpng; errors as in jpeg_image.cc.
#include <png.h>

#include <csetjmp>
#include <cstdio>
#include <cstring>

#include "mote/base/error.h"
#include "mote/data/image_file.h"

namespace mote {
namespace {

struct Png {
  png_structp png = nullptr;
  png_infop info = nullptr;
  const char* next = nullptr;
  std::size_t left = 0;
  std::jmp_buf escape;
  char reason[256] = "";

  Png() = default;
  Png(const Png&) = delete;
  Png& operator=(const Png&) = delete;
  ~Png() { png_destroy_read_struct(&png, &info, nullptr); }  // takes null pointers
};

[[noreturn]] void OnError(png_structp png, png_const_charp message) {
  Png& state = *static_cast<Png*>(png_get_error_ptr(png));
  std::snprintf(state.reason, sizeof state.reason, "%s", message);
  std::longjmp(state.escape, 1);
}

// What libpng merely warns about, once errors that it calls benign are made errors, leaves the
// pixels as they are.
void OnWarning(png_structp, png_const_charp) {}

void OnRead(png_structp png, png_bytep dst, png_size_t count) {
  Png& state = *static_cast<Png*>(png_get_io_ptr(png));
  if (count > state.left) png_error(png, "the file ends early");
  std::memcpy(dst, state.next, count);
  state.next += count;
  state.left -= count;
}

bool ReadHeader(Png& state) {
  if (setjmp(state.escape)) return false;
  state.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &state, OnError, OnWarning);
  if (state.png) state.info = png_create_info_struct(state.png);
  if (!state.info) {
    std::snprintf(state.reason, sizeof state.reason, "no memory to decode it");
    return false;
  }
  png_set_read_fn(state.png, &state, OnRead);
  png_set_user_limits(state.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // CheckImageLimits refuses
  // A checksum that fails in a transparency chunk would otherwise drop the chunk with a warning.
  png_set_crc_action(state.png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_benign_errors(state.png, 0);
  // Of the optional chunks only transparency matters; the others are not even unpacked.
  png_set_keep_unknown_chunks(state.png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
  png_read_info(state.png, state.info);
  return true;
}

// `rows` points at the rows of an image of 4 bytes a pixel, `stride` bytes apart.
bool ReadPixels(Png& state, png_bytepp rows, std::size_t stride) {
  if (setjmp(state.escape)) return false;
  png_set_expand(state.png);  // palette and 1, 2, 4 bits to 8; a transparent colour to alpha
  png_set_scale_16(state.png);
  png_set_gray_to_rgb(state.png);
  png_set_add_alpha(state.png, 255, PNG_FILLER_AFTER);
  png_set_interlace_handling(state.png);
  png_read_update_info(state.png, state.info);
  if (png_get_rowbytes(state.png, state.info) != stride) {
    png_error(state.png, "an unknown kind of pixels");
  }
  png_read_image(state.png, rows);
  png_read_end(state.png, nullptr);
  return true;
}

}  // namespace

Image internal::DecodePng(std::string_view content, const ImageLimits& limits) {
  Png state;
  state.next = content.data();
  state.left = content.size();
  if (!ReadHeader(state)) Throw(ErrorCode::kCorrupt, "{}", state.reason);
  const png_uint_32 height = png_get_image_height(state.png, state.info);
  const png_uint_32 width = png_get_image_width(state.png, state.info);
  CheckImageLimits(height, width, limits);

  const std::size_t count = std::size_t(height) * width, stride = std::size_t(width) * 4;
  Image image{int(height), int(width), {}};
  image.pixels.resize(count * 4);
  std::vector<png_bytep> rows;
  for (std::size_t y = 0; y < height; ++y) rows.push_back(&image.pixels[y * stride]);
  if (!ReadPixels(state, rows.data(), stride)) Throw(ErrorCode::kCorrupt, "{}", state.reason);

  // Onto black; the result is written behind the place it is read from.
  for (std::size_t i = 0; i < count; ++i) {
    const int alpha = image.pixels[i * 4 + 3];
    for (int c = 0; c < 3; ++c) {
      image.pixels[i * 3 + c] = std::uint8_t((image.pixels[i * 4 + c] * alpha + 127) / 255);
    }
  }
  image.pixels.resize(count * 3);
  return image;
}

}  // namespace mote
