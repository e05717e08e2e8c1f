// Folders of IDX files, plain or packed: training images and labels, test images and labels.
#include "mote/data/idx_files.h"
#include "mote/data/test_files.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {
namespace {

constexpr const char* kFiles[] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                  "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

// The red channel and the labels of each split, as files.
void Write(const Dataset& dataset, const Folder& folder) {
  folder.RemoveAllFiles();
  for (const std::string& name : dataset.split_names()) {
    const Split& split = dataset.split(name);
    std::string grey, labels;
    for (std::size_t i = 0; i < split.pixels.size(); i += 3) grey += char(split.pixels[i]);
    for (const int label : split.labels) labels += char(label);
    const std::size_t first = name == Dataset::kTrain ? 0 : 2;
    const auto images = std::uint32_t(split.images());
    folder.Put(
        kFiles[first],
        Idx({images, std::uint32_t(dataset.height()), std::uint32_t(dataset.width())}, grey));
    folder.Put(kFiles[first + 1], Idx({images}, labels));
  }
}

}  // namespace

std::vector<std::string> Seeds() {
  const std::string images = Idx({3, 2, 4}, Scatter(24, 1)), labels = Idx({3}, "\1\7\1");
  const std::string test = Idx({1, 2, 4}, Scatter(8, 2)), test_labels = Idx({1}, "\7");
  return {JoinParts({images, labels, test, test_labels}), JoinParts({images, labels, "", ""}),
          JoinParts({Gzip(images), Gzip(labels), Gzip(test), test_labels}),
          JoinParts({Idx({2, 28, 28}, Scatter(2 * 28 * 28, 3)), Idx({2}, "ab"), "", ""})};
}

std::vector<std::string> Words() {
  using std::string_literals::operator""s;
  return {"\0\0\x08\x03"s, "\0\0\x08\x01"s, "\0\0\0\x1c"s,
          "\0\0\x04\0"s,   "\x1f\x8b\x08"s, "\xff\xff\xff\xff"s};
}

}  // namespace mote::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mote;
  static const fuzz::Folder folder;
  const auto parts = fuzz::SplitParts(fuzz::TextOf(data, size), std::size(fuzz::kFiles));
  for (std::size_t i = 0; i < parts.size(); ++i) folder.PutUnlessEmpty(fuzz::kFiles[i], parts[i]);
  const auto dataset = fuzz::Try([] { return LoadIdxFolder(folder.path(), "fuzz", {}); });
  if (!dataset) return 0;
  const std::size_t pixels = std::size_t(dataset->height()) * std::size_t(dataset->width()) * 3;
  for (const std::string& name : dataset->split_names()) {
    const Split& split = dataset->split(name);
    MOTE_CHECK(split.pixels.size() == pixels * split.labels.size());
    for (const int label : split.labels) MOTE_CHECK(0 <= label && label < dataset->classes());
  }
  fuzz::Write(*dataset, folder);
  const Dataset again = LoadIdxFolder(folder.path(), "again", {});
  MOTE_CHECK(again.fingerprint() == dataset->fingerprint());
  folder.RemoveAllFiles();
  return 0;
}
