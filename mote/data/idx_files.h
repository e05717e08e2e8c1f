// The IDX files of the MNIST family, plain or packed by gzip: http://yann.lecun.com/exdb/mnist
//
// A file is two zero bytes, the type 0x08 (bytes), the number of dimensions, each dimension as a
// big-endian 32-bit number, then the bytes. Shared by the loaders "idx" and "fashion-mnist".
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "mote/data/dataset.h"

namespace mote {

// Whether the folder holds training images, by name: train-images-idx3-ubyte or
// train-images.idx3-ubyte, with or without .gz.
bool HasIdxFiles(const std::filesystem::path& folder);

// The labels that occur in training become the classes 0, 1, ... in ascending order; `label_names`
// names the label i, or it is called "class i". Grey becomes three equal channels, 28x28 is padded
// with zeros to 32x32 and said in the notes. Throws Error(kNotFound) if a file is missing,
// Error(kCorrupt) naming the file if magic number, counts or sizes contradict each other.
Dataset LoadIdxFolder(const std::filesystem::path& folder, const std::string& name,
                      std::span<const std::string> label_names);

}  // namespace mote
