// A labelled set of images in memory, as 8-bit RGB.
//
// Immutable once loaded. Every image of a dataset has the same size: loaders pad or resize. Grey
// images have three equal channels.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mote/base/hash.h"
#include "mote/base/registry.h"

namespace mote {

// The images of one split, in the order of their files.
struct Split {
  std::vector<std::uint8_t> pixels;  // image, row, column, channel (R, G, B)
  std::vector<int> labels;           // 0 .. classes-1

  int images() const { return int(labels.size()); }
};

class Dataset {
 public:
  static constexpr std::string_view kTrain = "train";
  static constexpr std::string_view kValidation = "val";
  static constexpr std::string_view kTest = "test";

  struct Content {
    std::string kind;  // the loader's name: "cifar10", "idx", "image-folder", ...
    std::string name;  // what the user called it
    int height = 0;
    int width = 0;
    std::vector<std::string> class_names;
    std::map<std::string, Split, std::less<>> splits;  // "train" at least
    // What was left out or changed while loading, and why: one line each, for people.
    std::vector<std::string> notes;
  };

  // Throws Error(kInvalidArgument) if the content cannot be trained on: no training images, fewer
  // than two classes, a label out of range, sizes that do not match. Names and notes, which may
  // come from file names, become printable UTF-8 on one line.
  explicit Dataset(Content content);

  const std::string& kind() const { return content_.kind; }
  const std::string& name() const { return content_.name; }
  int height() const { return content_.height; }
  int width() const { return content_.width; }
  int classes() const { return int(content_.class_names.size()); }
  const std::vector<std::string>& class_names() const { return content_.class_names; }
  const std::vector<std::string>& notes() const { return content_.notes; }

  bool HasSplit(std::string_view split) const { return content_.splits.contains(split); }
  // Throws Error(kNotFound) naming the splits there are.
  const Split& split(std::string_view split) const;
  std::vector<std::string> split_names() const;

  // Hash of sizes, classes, pixels and labels of all splits by split name; not of the dataset's or
  // the classes' names. Computed once.
  const Hash128& fingerprint() const { return fingerprint_; }

  // "fashion-mnist: idx, 60000 train + 10000 test images, 10 classes, 32x32": one line.
  std::string Describe() const;

 private:
  Content content_;
  Hash128 fingerprint_;
};

struct LoadOptions {
  static constexpr int kLargestImageSize = 1024;

  // Side of the images of a source without a size of its own (an image folder, noise).
  int image_size = 32;
  // Seeds what a source invents: noise, an automatic split.
  std::uint64_t seed = 0;

  // Throws Error(kInvalidArgument) if image_size is not in 1 .. kLargestImageSize.
  void Check() const;
};

// One kind of source. Components of kind `dataset`.
class DatasetLoader {
 public:
  virtual ~DatasetLoader() = default;

  // Whether the source needs no path: it is asked for by its own name alone (`--data noise`).
  virtual bool is_named() const { return false; }
  // Whether the file or folder looks like this kind. Never throws on foreign content.
  virtual bool Recognises(const std::filesystem::path& path) const = 0;
  // Throws Error(kNotFound, kCorrupt, kInvalidArgument, kIo) saying which file and what to do.
  virtual Dataset Load(const std::filesystem::path& path, const LoadOptions& options) const = 0;
};

using DatasetRegistry = Registry<DatasetLoader>;
#define MOTE_DATASET(name) void RegisterDataset_##name(::mote::DatasetRegistry& registry)

// `source` is the name of a named loader or a path that some loader recognises (tried in order of
// name). Throws Error(kNotFound) if the path does not exist, Error(kInvalidArgument) with the kinds
// there are if nobody recognises it.
std::shared_ptr<const Dataset> LoadDataset(const DatasetRegistry& registry,
                                           const std::string& source, const LoadOptions& options);

}  // namespace mote
