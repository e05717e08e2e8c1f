// Folders of CIFAR files: first byte 0, 2, ... for CIFAR-10, then a training batch, the test batch
// and the class names; an odd one for CIFAR-100.
#include "mote/data/cifar_binary.h"
#include "mote/data/test_files.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {
namespace {

// As many names as there are classes, so that they are taken.
std::string Names(int classes) {
  std::string names;
  for (int i = 0; i < classes; ++i) names += fmt::format("name {}\n", i);
  return names;
}

// A training set again as the file that it came from, with `coarse` before each label.
std::string Records(const Split& split, bool coarse) {
  constexpr std::size_t kPlane = kCifarSide * kCifarSide;
  std::string records;
  for (std::size_t image = 0; image < split.labels.size(); ++image) {
    if (coarse) records += '\0';
    records += char(split.labels[image]);
    for (std::size_t channel = 0; channel < 3; ++channel) {
      for (std::size_t i = 0; i < kPlane; ++i) {
        records += char(split.pixels[(image * kPlane + i) * 3 + channel]);
      }
    }
  }
  return records;
}

}  // namespace

std::vector<std::string> Seeds() {
  const std::string ten = CifarRecord({3}, 1, 2, 3) + CifarRecord({9}, 4, 5, 6);
  const std::string hundred = CifarRecord({19, 99}, 1, 2, 3);
  return {'\0' + JoinParts({ten, CifarRecord({0}, 7, 8, 9), Names(10)}),
          '\0' + JoinParts({ten, "", "one\r\n\ntwo "}),
          '\1' + JoinParts({hundred, hundred, Names(100)}), '\1' + JoinParts({hundred, "", ""})};
}

std::vector<std::string> Words() { return {"\r\n", "\xff\xfe", "\n\n"}; }

}  // namespace mote::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mote;
  static const fuzz::Folder folder;
  const bool hundred = size > 0 && data[0] % 2 == 1;
  const std::size_t skipped = size > 0 ? 1 : 0;
  const auto parts = fuzz::SplitParts(fuzz::TextOf(data + skipped, size - skipped), 3);
  const std::string train = hundred ? "train.bin" : "data_batch_1.bin";
  folder.RemoveAllFiles();
  folder.PutUnlessEmpty(train, parts[0]);
  folder.PutUnlessEmpty(hundred ? "test.bin" : "test_batch.bin", parts[1]);
  folder.PutUnlessEmpty(hundred ? "fine_label_names.txt" : "batches.meta.txt", parts[2]);
  const char* const kind = hundred ? "cifar100" : "cifar10";
  const auto dataset = fuzz::Try([&] { return LoadAs(kind, folder.path()); });
  if (!dataset) return 0;
  for (const std::string& name : dataset->split_names()) {
    const Split& split = dataset->split(name);
    MOTE_CHECK(split.pixels.size() == 3072 * split.labels.size());
    for (const int label : split.labels) MOTE_CHECK(0 <= label && label < dataset->classes());
  }
  const Split& split = dataset->split(Dataset::kTrain);
  folder.Put(train, fuzz::Records(split, hundred));
  MOTE_CHECK(LoadAs(kind, folder.path()).fingerprint() == dataset->fingerprint());
  return 0;
}
