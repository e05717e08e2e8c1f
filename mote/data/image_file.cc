#include "mote/data/image_file.h"

#include <string>

#include "mote/base/error.h"
#include "mote/base/file.h"

namespace mote {

bool HasImageName(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  for (char& c : ending) {
    if ('A' <= c && c <= 'Z') c = char(c - 'A' + 'a');  // std::tolower depends on the locale
  }
  return ending == ".jpg" || ending == ".jpeg" || ending == ".png";
}

Image DecodeImage(std::string_view content, const ImageLimits& limits) {
  if (content.empty()) Throw(ErrorCode::kCorrupt, "the file is empty");
  if (content.starts_with("\xFF\xD8\xFF")) return internal::DecodeJpeg(content, limits);
  if (content.starts_with("\x89PNG\r\n\x1A\n")) return internal::DecodePng(content, limits);
  Throw(ErrorCode::kUnsupported, "neither a JPEG nor a PNG file by its first bytes");
}

Image ReadImage(const std::filesystem::path& path, const ImageLimits& limits) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) Throw(ErrorCode::kNotFound, "there is no such file");
  // A pipe, for one, would never end.
  if (!std::filesystem::is_regular_file(status)) Throw(ErrorCode::kIo, "not a regular file");
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (!error && size > limits.file_bytes) {
    Throw(ErrorCode::kUnsupported, "the file has {} bytes, more than {}", size, limits.file_bytes);
  }
  return DecodeImage(ReadFile(path), limits);
}

void internal::CheckImageLimits(std::int64_t height, std::int64_t width,
                                const ImageLimits& limits) {
  if (height < 1 || width < 1) Throw(ErrorCode::kCorrupt, "the image has no pixels");
  if (height > limits.side || width > limits.side || height * width > limits.pixels) {
    Throw(ErrorCode::kUnsupported, "{}x{} pixels are more than mote takes ({} a side, {} in all)",
          height, width, limits.side, limits.pixels);
  }
}

}  // namespace mote
