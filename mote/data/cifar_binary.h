// The binary layout of the CIFAR files: records of label bytes and 3072 bytes of pixels, a 32x32
// plane each of red, green and blue. Shared by the loaders of CIFAR-10 and CIFAR-100.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "mote/data/dataset.h"

namespace mote {

inline constexpr int kCifarSide = 32;

struct CifarLayout {
  // Number of values of each label byte of a record, in order. The last one is the class.
  std::vector<int> label_values;
};

// Whether the path is a regular file; false if it cannot be told.
bool IsFile(const std::filesystem::path& path);

// Appends all records of a file. Throws Error(kCorrupt) naming the file if it is empty or holds no
// whole number of records, or naming the record if a label is out of range.
void AppendCifarFile(const std::filesystem::path& file, const CifarLayout& layout, Split& split);

// One name a line. "class 0", "class 1", ... with a note if the file is missing or does not hold
// `classes` names.
std::vector<std::string> ReadCifarNames(const std::filesystem::path& file, int classes,
                                        std::vector<std::string>& notes);

}  // namespace mote
