// What a fuzz program does besides fuzzing, whose `main` is libFuzzer's.
//
//   mote_csv_fuzz --write-seeds FOLDER FILE   the seeds, one a file, and the words as a dictionary
#include <cstdlib>

#include "mote/base/file.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {
namespace {

std::string Dictionary() {
  std::string lines;
  for (const std::string& word : Words()) {
    lines += '"';
    for (const char letter : word) lines += fmt::format("\\x{:02x}", std::uint8_t(letter));
    lines += "\"\n";
  }
  return lines;
}

void WriteSeeds(const std::filesystem::path& folder, const std::filesystem::path& dictionary) {
  const std::vector<std::string> seeds = Seeds();
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    WriteFileAtomically(folder / fmt::format("seed-{}", i), seeds[i]);
  }
  WriteFileAtomically(dictionary, Dictionary());
}

}  // namespace
}  // namespace mote::fuzz

// Called by libFuzzer before it looks at the arguments.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  if (*argc == 4 && std::string_view((*argv)[1]) == "--write-seeds") {
    mote::fuzz::WriteSeeds((*argv)[2], (*argv)[3]);
    std::exit(0);
  }
  return 0;
}
