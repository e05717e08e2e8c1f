#include "mote/data/test_files.h"

#include <png.h>
#include <stdlib.h>
#include <zlib.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
// jpeglib.h needs <cstdio> first.
#include <jpeglib.h>

#include "mote/base/check.h"
#include "mote/base/rng.h"

namespace mote {

MOTE_DATASET(cifar10);
MOTE_DATASET(cifar100);
MOTE_DATASET(fashion_mnist);
MOTE_DATASET(idx);
MOTE_DATASET(image_folder);
MOTE_DATASET(noise);

TempFolder::TempFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "mote-data-XXXXXX").string();
  MOTE_CHECK(::mkdtemp(name.data()), "{}", name);
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path TempFolder::Write(const std::filesystem::path& name,
                                        std::string_view content) const {
  std::filesystem::path path = path_ / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << content;
  MOTE_CHECK(file.flush(), "{}", path.string());
  return path;
}

std::string Gzip(std::string_view content) {
  z_stream stream{};
  MOTE_CHECK(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(deflateBound(&stream, content.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = uInt(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = uInt(packed.size());
  MOTE_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string Idx(const std::vector<std::uint32_t>& sizes, std::string_view bytes) {
  std::string file = {0, 0, 8, char(sizes.size())};
  for (const std::uint32_t size : sizes) {
    for (int shift = 24; shift >= 0; shift -= 8) file += char(size >> shift);
  }
  return file.append(bytes);
}

std::string CifarRecord(const std::vector<int>& labels, int red, int green, int blue) {
  std::string record;
  for (const int label : labels) record += char(label);
  for (const int value : {red, green, blue}) record.append(1024, char(value));
  return record;
}

std::string EncodeJpeg(const JpegSpec& spec) {
  MOTE_CHECK(spec.pixels.size() == std::size_t(spec.height) * spec.width * spec.channels);
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* data = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &data, &size);
  info.image_height = spec.height;
  info.image_width = spec.width;
  info.input_components = spec.channels;
  info.in_color_space = spec.channels == 1   ? JCS_GRAYSCALE
                        : spec.channels == 3 ? JCS_RGB
                                             : JCS_CMYK;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, 100, TRUE);
  if (spec.progressive) jpeg_simple_progression(&info);
  if (!spec.adobe_marker) info.write_Adobe_marker = FALSE;
  jpeg_start_compress(&info, TRUE);
  for (int y = 0; y < spec.height; ++y) {
    auto* row = reinterpret_cast<JSAMPLE*>(
        const_cast<char*>(&spec.pixels[std::size_t(y) * spec.width * spec.channels]));
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  std::string file(reinterpret_cast<char*>(data), size);
  std::free(data);
  return file;
}

std::string EncodePng(const PngSpec& spec) {
  std::string file;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &file,
      [](png_structp writer, png_bytep data, png_size_t size) {
        static_cast<std::string*>(png_get_io_ptr(writer))
            ->append(reinterpret_cast<char*>(data), size);
      },
      [](png_structp) {});
  png_set_IHDR(png, info, spec.width, spec.height, spec.bit_depth, spec.color_type,
               spec.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  std::vector<png_color> colors;
  for (std::size_t i = 0; i + 2 < spec.palette.size(); i += 3) {
    colors.push_back({spec.palette[i], spec.palette[i + 1], spec.palette[i + 2]});
  }
  if (!colors.empty()) png_set_PLTE(png, info, colors.data(), int(colors.size()));
  if (!spec.transparency.empty()) {
    png_set_tRNS(png, info, spec.transparency.data(), int(spec.transparency.size()), nullptr);
  }
  if (spec.transparent_grey >= 0) {
    png_color_16 color{};
    color.gray = png_uint_16(spec.transparent_grey);
    png_set_tRNS(png, info, nullptr, 0, &color);
  }
  png_write_info(png, info);
  const std::size_t stride = png_get_rowbytes(png, info);
  MOTE_CHECK(spec.rows.size() == stride * spec.height, "{} of {}", spec.rows.size(), stride);
  std::vector<png_bytep> rows;
  for (int y = 0; y < spec.height; ++y) {
    rows.push_back(reinterpret_cast<png_bytep>(const_cast<char*>(&spec.rows[y * stride])));
  }
  png_write_image(png, rows.data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return file;
}

std::string Scatter(std::size_t size, std::uint64_t seed) {
  Rng rng(Key(seed, "scatter"));
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = char(rng.Bits32() >> 24);
  return bytes;
}

DatasetRegistry AllLoaders() {
  DatasetRegistry registry("dataset");
  RegisterDataset_cifar10(registry);
  RegisterDataset_cifar100(registry);
  RegisterDataset_fashion_mnist(registry);
  RegisterDataset_idx(registry);
  RegisterDataset_image_folder(registry);
  RegisterDataset_noise(registry);
  return registry;
}

Dataset LoadAs(std::string_view kind, const std::filesystem::path& path,
               const LoadOptions& options) {
  return AllLoaders().Create(kind, {})->Load(path, options);
}

std::vector<int> PixelOf(const Dataset& dataset, std::string_view split, int image, int y, int x) {
  const std::size_t at = ((std::size_t(image) * dataset.height() + y) * dataset.width() + x) * 3;
  const std::vector<std::uint8_t>& pixels = dataset.split(split).pixels;
  return {pixels.at(at), pixels.at(at + 1), pixels.at(at + 2)};
}

}  // namespace mote
