// The records of MOTE's authors as a table: their repository has a JSON file for every cell and
// data set.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "mote/base/stop.h"
#include "mote/space/search_space.h"

namespace mote {

struct ImportedTable {
  std::string csv;
  int cells = 0;
  int files = 0;
  std::vector<std::string> data_sets;  // whose accuracies it has: "cifar10", ...
  // Cells whose MOTE record is not the same in all data sets: that of the first one is taken.
  int differing = 0;
};

using ImportProgress = std::function<void(int files_read, int files)>;

// Reads `folder`: a checkout, or any folder in or above whose folders nasbench201_cifar10-10,
// nasbench201_cifar100-10 and nasbench201_img16-10 hold files <index>.json; some of them may be
// missing. A folder of another name that holds such files itself gives MOTE's columns only.
//
// The table has a row for each cell that any of them has, by rising index, and the columns
//   index                                    of NAS-Bench-201
//   arch
//   train_seconds                            of the proxy training
//   landscape_term, speed_term, mote
//   landscape_loss_0, ...; train_loss_1, ... from initial to trained weights; by epoch
//   params_m, macs_m                         millions; only with CIFAR-10, whose they are
//   <data set>_{train_acc,test_acc}_{200,12} fractions, after so many epochs,
//   <data set>_train_seconds_{200,12}        for each data set found: cifar10, cifar100,
//                                            imagenet16-120
// with numbers as exact as in the files; what a data set does not have is empty. `valtest_*`, which
// is CIFAR-100's in all folders, is left out.
//
// Throws Error(kNotFound) if there is no such folder or none of such files, and Error(kCorrupt)
// with the file's name if one is empty, truncated or not JSON, lacks a value or has one twice, or
// is named unlike its index; if a folder or cell stands twice, or an index means two cells, with
// both names. Throws Stopped if `stop`, which may be null, asks for it. Some 0.1 ms a file.
ImportedTable ImportAuthorsRecords(const std::filesystem::path& folder, const SearchSpace& space,
                                   const ImportProgress& progress = {},
                                   const StopToken* stop = nullptr);

// Writes the file whole or not at all; packed by gzip if it is called .gz, always to the same
// bytes.
void WriteTable(const std::filesystem::path& path, std::string_view csv);

}  // namespace mote
