// Tables of truths, as CSV.
#include "mote/data/test_files.h"
#include "mote/run/table.h"
#include "mote/space/test_spaces.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {
namespace {

// The columns of numbers that can be asked for, by name; the index is another thing.
std::vector<std::string> Numbers(const Table& table) {
  std::vector<std::string> names;
  for (const std::string& name : table.columns()) {
    if (name != "index" && Ask([&] { return table.Column(name); })) names.push_back(name);
  }
  return names;
}

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char letter : text) quoted += letter == '"' ? "\"\"" : std::string(1, letter);
  return quoted + '"';
}

std::string Print(const Table& table, const std::vector<std::string>& numbers) {
  std::string text = "arch";
  for (const std::string& name : numbers) text.append(",").append(Quoted(name));
  text += "\n";
  for (int row = 0; row < table.rows(); ++row) {
    text += Quoted(table.architectures()[std::size_t(row)].text());
    for (const std::string& name : numbers) {
      const auto value = table.Value(row, table.Column(name));
      text += value ? fmt::format(",{}", *value) : ",";
    }
    text += "\n";
  }
  return text;
}

}  // namespace

std::vector<std::string> Seeds() {
  const std::string plain =
      "index,arch,accuracy,note\n"
      "0,|nor_conv_3x3~0|+|none~0|none~1|+|none~0|none~1|skip_connect~2|,91.5,good\n"
      "7,333333,,\n"
      "-1,\"0,1,2,3,4,0\",1e-3,\"a, b\"\n";
  return {plain, Gzip(plain), "arch\n", ",arch,x\n1,222222,nan\n2,111111,inf\n"};
}

std::vector<std::string> Words() {
  return {"arch",
          "index",
          "333333",
          "nan",
          "inf",
          "1e999",
          "-0",
          "\n",
          "\"",
          ",,",
          "9223372036854775808"};
}

}  // namespace mote::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mote;
  static const fuzz::Folder folder;
  static const std::unique_ptr<SearchSpace> space = MakeNasBench201();
  const auto path = folder.Put("table.csv", fuzz::TextOf(data, size));
  const auto table = fuzz::Try([&] { return Table::Load(path, *space); });
  if (!table) return 0;
  for (int row = 0; row < table->rows(); ++row) {
    MOTE_CHECK(table->Row(table->architectures()[std::size_t(row)]) == row);
  }
  const std::vector<std::string> numbers = fuzz::Numbers(*table);
  folder.Put("table.csv", fuzz::Print(*table, numbers));
  const Table again = Table::Load(path, *space);
  MOTE_CHECK(again.architectures() == table->architectures());
  for (const std::string& name : numbers) {
    for (int row = 0; row < table->rows(); ++row) {
      MOTE_CHECK(again.Value(row, again.Column(name)) == table->Value(row, table->Column(name)),
                 "column {}, row {}", name, row);
    }
  }
  return 0;
}
