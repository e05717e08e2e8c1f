// Names and texts of others, made fit for terminals and pictures. Any bytes are accepted.
#include "mote/report/svg_text.h"
#include "mote/report/utf8.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {

std::vector<std::string> Seeds() {
  return {"plain, |with+marks/", "gr\u00fc\u00df \u4f60\u597d \U0001f600 e\u0301",
          "\x1b[31m\u2028\r\n\t", "\xff\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80", "<a b=\"c\">&"};
}

std::vector<std::string> Words() {
  return {"\u4f60", "\u0301", "\u200b", "\u2028", "\u0085", "\U0001f600", "\xed\xa0\x80", "&lt;"};
}

}  // namespace mote::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mote;
  const std::string_view text = fuzz::TextOf(data, size);
  ++fuzz::Counts().accepted;
  const std::string printable = Printable(text);
  MOTE_CHECK(Printable(printable) == printable);
  for (const char letter : printable) {
    MOTE_CHECK(static_cast<unsigned char>(letter) >= ' ' && letter != '\x7f');
  }
  MOTE_CHECK(XmlEscaped(text).find_first_of("<>\"") == std::string::npos);
  for (const int columns : {0, 1, 2, 7, 80}) {
    const std::string cut = Truncate(text, columns, "...");
    MOTE_CHECK(DisplayWidth(cut) <= columns, "{} in {}", DisplayWidth(cut), columns);
  }
  std::string joined;
  for (const std::string& line : WrapText(printable, 10, 60)) joined += line;
  MOTE_CHECK(joined == printable);
  return 0;
}
