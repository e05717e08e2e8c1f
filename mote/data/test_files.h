// Small files of every kind that the loaders read, made by the tests themselves.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "mote/base/error.h"
#include "mote/data/dataset.h"

namespace mote {

// A folder that is removed at the end of the test.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // Writes a file below the folder, making the folders between.
  std::filesystem::path Write(const std::filesystem::path& name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

std::string Gzip(std::string_view content);
// An IDX file of bytes.
std::string Idx(const std::vector<std::uint32_t>& sizes, std::string_view bytes);
// A CIFAR record: the labels, then three planes of one value each.
std::string CifarRecord(const std::vector<int>& labels, int red, int green, int blue);

struct JpegSpec {
  int height = 0;
  int width = 0;
  int channels = 3;  // 1 grey, 3 RGB, 4 CMYK
  std::string pixels;
  bool progressive = false;
  bool adobe_marker = true;  // of CMYK
};
// At quality 100: a surface of one grey or ink is kept to the bit.
std::string EncodeJpeg(const JpegSpec& spec);

struct PngSpec {
  int height = 0;
  int width = 0;
  int color_type = 2;  // PNG_COLOR_TYPE_*
  int bit_depth = 8;
  std::string rows;  // as they lie in the file, 16 bits big-endian
  bool interlaced = false;
  std::vector<std::uint8_t> palette = {};       // R, G, B, ...
  std::vector<std::uint8_t> transparency = {};  // alpha of palette entries
  int transparent_grey = -1;
};
std::string EncodePng(const PngSpec& spec);

// `size` bytes without a pattern.
std::string Scatter(std::size_t size, std::uint64_t seed);

// All components of this layer.
DatasetRegistry AllLoaders();
// By one loader, whatever others would recognise.
Dataset LoadAs(std::string_view kind, const std::filesystem::path& path,
               const LoadOptions& options = {});

// The pixel of a split as {R, G, B}.
std::vector<int> PixelOf(const Dataset& dataset, std::string_view split, int image, int y, int x);

// Runs the function and returns the error that it must throw.
template <typename Function>
Error ErrorOf(Function&& function) {
  try {
    function();
  } catch (const Error& error) {
    return error;
  }
  return Error(ErrorCode::kInternal, "nothing was thrown");
}

}  // namespace mote

// The function throws an Error with this code whose message matches.
#define EXPECT_ERROR(statement, error_code, matcher)                  \
  do {                                                                \
    const ::mote::Error caught = ::mote::ErrorOf([&] { statement; }); \
    EXPECT_EQ(caught.code(), error_code) << caught.what();            \
    EXPECT_THAT(std::string(caught.what()), matcher);                 \
  } while (false)
