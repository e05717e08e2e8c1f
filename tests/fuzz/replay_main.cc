// Runs a fuzz target without a fuzzer.
//
//   mote_csv_fuzz                   its seeds, and a few hundred mutations that never change
//   mote_csv_fuzz FILE|FOLDER ...   these inputs, as after a finding
//
// The input at hand stands in <program>.input of the working folder: after a crash it is the
// culprit.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "mote/base/file.h"
#include "mote/base/rng.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr int kMutants = 400;

// The file that holds the input at hand, and goes when all went well.
class Note {
 public:
  explicit Note(std::string path)
      : path_(std::move(path)),
        file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {
    MOTE_CHECK(file_ >= 0, "cannot write {}", path_);
  }
  ~Note() {
    ::close(file_);
    ::unlink(path_.c_str());
  }
  Note(const Note&) = delete;
  Note& operator=(const Note&) = delete;

  void Write(std::string_view input) const {
    MOTE_CHECK(::ftruncate(file_, 0) == 0);
    MOTE_CHECK(::pwrite(file_, input.data(), input.size(), 0) == ssize_t(input.size()));
  }

 private:
  std::string path_;
  int file_;
};

void RunOne(std::string_view input, const Note& note) {
  note.Write(input);
  // A block of its own size, so that a byte read past the end is noticed.
  const std::vector<std::uint8_t> exact(input.begin(), input.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

void Mutate(std::string& input, const std::vector<std::string>& seeds,
            const std::vector<std::string>& words, Rng& rng) {
  const auto place = [&](std::size_t size) { return std::size_t(rng.Below(size + 1)); };
  const std::size_t at = place(input.size());
  switch (rng.Below(7)) {
    case 0:
      if (at < input.size()) input[at] = char(input[at] ^ (1 << rng.Below(8)));
      break;
    case 1:
      if (at < input.size()) input[at] = char(rng.Bits32());
      break;
    case 2:
      input.erase(at, 1 + rng.Below(8));
      break;
    case 3:
      input.insert(at, input.substr(place(input.size()), 1 + rng.Below(32)));
      break;
    case 4:
      if (!words.empty()) input.insert(at, words[rng.Below(words.size())]);
      break;
    case 5: {
      const std::string& other = seeds[rng.Below(seeds.size())];
      input = input.substr(0, at) + other.substr(place(other.size()));
      break;
    }
    default:
      if (rng.Below(4) == 0) input.resize(at);
      break;
  }
}

void Replay(const fs::path& path, const Note& note) {
  if (!fs::is_directory(path)) return RunOne(ReadFile(path), note);
  for (const fs::directory_entry& entry : fs::directory_iterator(path)) Replay(entry.path(), note);
}

void RunSeedsAndMutants(const Note& note) {
  const std::vector<std::string> seeds = Seeds(), words = Words();
  MOTE_CHECK(!seeds.empty());
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    const Tally before = Counts();
    RunOne(seeds[i], note);
    MOTE_CHECK(Counts().accepted > before.accepted && Counts().refused == before.refused,
               "seed {} was refused", i);
  }
  for (int i = 0; i < kMutants; ++i) {
    Rng rng(Key(1, "mutant", i));
    std::string input = seeds[rng.Below(seeds.size())];
    for (std::uint64_t steps = 1 + rng.Below(4); steps > 0; --steps) {
      Mutate(input, seeds, words, rng);
    }
    RunOne(input, note);
  }
}

int Main(int argc, char** argv) {
  const Note note(fs::path(argv[0]).filename().string() + ".input");
  for (int i = 1; i < argc; ++i) Replay(argv[i], note);
  if (argc == 1) RunSeedsAndMutants(note);
  std::printf("accepted %d, refused %d\n", Counts().accepted, Counts().refused);
  return 0;
}

}  // namespace
}  // namespace mote::fuzz

int main(int argc, char** argv) { return mote::fuzz::Main(argc, argv); }
