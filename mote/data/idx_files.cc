#include "mote/data/idx_files.h"

#include <array>

#include "mote/base/error.h"
#include "mote/base/file.h"

namespace mote {
namespace {

namespace fs = std::filesystem;

// Enough for the largest member of the family, EMNIST by class, more than twice.
constexpr std::size_t kLargestFile = std::size_t(2) << 30;
constexpr int kMnistSide = 28;
constexpr int kPaddedSide = 32;

// A file's content and where its array begins.
struct IdxArray {
  fs::path path;
  std::string content;
  std::size_t begin = 0;
  std::vector<std::size_t> sizes;  // none is 0

  std::uint8_t operator[](std::size_t i) const { return std::uint8_t(content[begin + i]); }
};

// Empty if there is none. A plain file goes before a packed one.
fs::path FindFile(const fs::path& folder, const std::string& what, int dimensions) {
  for (const char* ending : {"", ".gz"}) {
    for (const char* joint : {"-", "."}) {
      fs::path path = folder / fmt::format("{}{}idx{}-ubyte{}", what, joint, dimensions, ending);
      std::error_code error;
      if (fs::is_regular_file(path, error)) return path;
    }
  }
  return {};
}

fs::path RequireFile(const fs::path& folder, const std::string& what, int dimensions) {
  fs::path path = FindFile(folder, what, dimensions);
  if (path.empty()) {
    Throw(ErrorCode::kNotFound, "'{}' holds no {}-idx{}-ubyte, with or without .gz",
          folder.string(), what, dimensions);
  }
  return path;
}

IdxArray ReadIdx(const fs::path& path, int dimensions) {
  IdxArray array{path, ReadMaybeGzip(path, kLargestFile), std::size_t(4 + 4 * dimensions), {}};
  const auto byte = [&](std::size_t i) { return std::uint32_t(std::uint8_t(array.content[i])); };
  if (array.content.size() < array.begin) {
    Throw(ErrorCode::kCorrupt, "'{}' has {} bytes, fewer than an IDX header's {}; fetch it again",
          path.string(), array.content.size(), array.begin);
  }
  const std::uint32_t magic = byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
  if (magic != 0x800u + unsigned(dimensions)) {
    Throw(ErrorCode::kCorrupt,
          "'{}' begins with 0x{:08x}, but IDX bytes in {} dimension{} begin "
          "with 0x{:08x}",
          path.string(), magic, dimensions, dimensions == 1 ? "" : "s", 0x800 + dimensions);
  }
  const std::size_t stored = array.content.size() - array.begin;
  std::size_t total = 1;
  std::string shape;
  bool fits = true;
  for (int d = 0; d < dimensions; ++d) {
    const std::size_t at = 4 + 4 * d;
    const std::size_t size = byte(at) << 24 | byte(at + 1) << 16 | byte(at + 2) << 8 | byte(at + 3);
    array.sizes.push_back(size);
    shape += fmt::format("{}{}", d > 0 ? "x" : "", size);
    // Division, as the product of three sizes may not fit any integer.
    fits = fits && size > 0 && total <= stored / size;
    if (fits) total *= size;
  }
  if (!fits || total != stored) {
    Throw(ErrorCode::kCorrupt, "'{}' announces {} bytes but holds {}; fetch it again",
          path.string(), shape, stored);
  }
  return array;
}

struct LabelledImages {
  IdxArray images;
  IdxArray labels;
};

LabelledImages ReadPair(const fs::path& folder, const std::string& prefix) {
  const fs::path images = RequireFile(folder, prefix + "-images", 3);
  const fs::path labels = RequireFile(folder, prefix + "-labels", 1);
  LabelledImages pair{ReadIdx(images, 3), ReadIdx(labels, 1)};
  if (pair.images.sizes[0] != pair.labels.sizes[0]) {
    Throw(ErrorCode::kCorrupt, "'{}' holds {} images but '{}' holds {} labels", images.string(),
          pair.images.sizes[0], labels.string(), pair.labels.sizes[0]);
  }
  return pair;
}

// Grey to three channels, in the middle of a black square if the target is larger.
Split MakeSplit(const LabelledImages& pair, int height, int width,
                const std::array<int, 256>& class_of) {
  const IdxArray& images = pair.images;
  const std::size_t count = images.sizes[0], rows = images.sizes[1], columns = images.sizes[2];
  const std::size_t top = (height - rows) / 2, left = (width - columns) / 2;
  Split split;
  split.pixels.assign(count * height * width * 3, 0);
  split.labels.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const int label = class_of[pair.labels[i]];
    if (label < 0) {
      Throw(ErrorCode::kCorrupt,
            "'{}': record {} (counted from 0) has label {}, which no training image has",
            pair.labels.path.string(), i, int(pair.labels[i]));
    }
    split.labels.push_back(label);
    for (std::size_t y = 0; y < rows; ++y) {
      std::uint8_t* dst = &split.pixels[((i * height + y + top) * width + left) * 3];
      for (std::size_t x = 0; x < columns; ++x) {
        const std::uint8_t grey = images[(i * rows + y) * columns + x];
        for (int c = 0; c < 3; ++c) *dst++ = grey;
      }
    }
  }
  return split;
}

}  // namespace

bool HasIdxFiles(const fs::path& folder) { return !FindFile(folder, "train-images", 3).empty(); }

Dataset LoadIdxFolder(const fs::path& folder, const std::string& name,
                      std::span<const std::string> label_names) {
  const LabelledImages train = ReadPair(folder, "train");
  const std::size_t rows = train.images.sizes[1], columns = train.images.sizes[2];
  if (rows > std::size_t(LoadOptions::kLargestImageSize) ||
      columns > std::size_t(LoadOptions::kLargestImageSize)) {
    Throw(ErrorCode::kInvalidArgument, "'{}' holds images of {}x{}; mote takes sides up to {}",
          train.images.path.string(), rows, columns, LoadOptions::kLargestImageSize);
  }
  Dataset::Content content{"idx", name, int(rows), int(columns), {}, {}, {}};
  if (rows == kMnistSide && columns == kMnistSide) {
    content.height = content.width = kPaddedSide;
    content.notes.push_back("images of 28x28 are padded with zeros to 32x32");
  }

  std::array<int, 256> class_of;
  class_of.fill(-1);
  for (std::size_t i = 0; i < train.labels.sizes[0]; ++i) class_of[train.labels[i]] = 0;
  for (std::size_t label = 0; label < class_of.size(); ++label) {
    if (class_of[label] < 0) continue;
    class_of[label] = int(content.class_names.size());
    content.class_names.push_back(label < label_names.size() ? label_names[label]
                                                             : fmt::format("class {}", label));
  }
  content.splits[std::string(Dataset::kTrain)] =
      MakeSplit(train, content.height, content.width, class_of);

  if (!FindFile(folder, "t10k-images", 3).empty() || !FindFile(folder, "t10k-labels", 1).empty()) {
    const LabelledImages test = ReadPair(folder, "t10k");
    if (test.images.sizes[1] != rows || test.images.sizes[2] != columns) {
      Throw(ErrorCode::kCorrupt, "'{}' holds images of {}x{} but '{}' of {}x{}",
            train.images.path.string(), rows, columns, test.images.path.string(),
            test.images.sizes[1], test.images.sizes[2]);
    }
    content.splits[std::string(Dataset::kTest)] =
        MakeSplit(test, content.height, content.width, class_of);
  } else {
    content.notes.push_back("no 't10k-images-idx3-ubyte': there are no test images");
  }
  return Dataset(std::move(content));
}

}  // namespace mote
