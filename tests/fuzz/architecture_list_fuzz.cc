// Files with one architecture a line, beside a table whose indices they may use.
#include "mote/cli/command.h"
#include "mote/data/test_files.h"
#include "mote/space/test_spaces.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {
namespace {

constexpr const char* kTable = "index,arch\n0,333333\n12,\"0,0,0,0,0,1\"\n99999,123401\n";

std::vector<Architecture> Read(const std::filesystem::path& file, const SearchSpace& space,
                               const Table& table) {
  cli::Selection selection;
  selection.file = file;
  std::string stated;
  return cli::Select(selection, space, &table, 0, stated);
}

}  // namespace

std::vector<std::string> Seeds() {
  const std::string list =
      "# three spellings\n"
      "|nor_conv_3x3~0|+|none~0|none~1|+|none~0|none~1|skip_connect~2|\r\n"
      "\t333333 \n"
      "\n"
      "99999";
  return {list, Gzip(list), "0\n12\n12\n"};
}

std::vector<std::string> Words() {
  return {"333333", "99999", "\n12\n", "\r\n", "\n#", "(0, 0, 0, 0, 0, 0)"};
}

}  // namespace mote::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mote;
  static const fuzz::Folder folder;
  static const std::unique_ptr<SearchSpace> space = MakeNasBench201();
  static const Table table = Table::Load(folder.Put("table.csv", fuzz::kTable), *space);
  const auto path = folder.Put("list", fuzz::TextOf(data, size));
  const auto cells = fuzz::Try([&] { return fuzz::Read(path, *space, table); });
  if (!cells) return 0;
  std::string text;
  for (const Architecture& cell : *cells) text += cell.text() + "\n";
  MOTE_CHECK(fuzz::Read(folder.Put("list", text), *space, table) == *cells);
  return 0;
}
