// Configuration files, as users write them and as `mote resume` finds them in a run folder.
#include "tests/fuzz/program.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {
namespace {

std::optional<std::string> ParseSearch(const std::filesystem::path& config) {
  return ParseArguments({"--config", config.string(), "search"});
}

}  // namespace

std::vector<std::string> Seeds() {
  return {
      "[search]\ndata=\"noise\"\nseed=3\nset=[\"mote.form=slides\", \"noise.images=7\"]\n# end\n",
      "# mine\n[score]\nsample = 20\nestimator = ['mote', 'tse']\n[search]\nquiet = true\n",
      "search.preset = fast\nsearch.max-params = 500000\n",
      "[search]\ntarget=\"\"\nout=\"runs/a b\"\njudged=3\n",
      "[search]\nout='runs/#1'  # mine\ndata=\"my #2 images\"\n",
      *ParseArguments({"search"}) + "# end\n"};
}

std::vector<std::string> Words() {
  return {"[search]", "[score]", "[[search]]", "[search.score]", "[default]", "data=",   "seed=",
          "set=[",    "\"\"\"",  "'''",        "true",           "{",         "}",       "]",
          "++",       "--",      "help=true",  "version=true",   "config=",   "\\u0000", "0x1f"};
}

}  // namespace mote::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mote;
  static const fuzz::Folder folder;
  const auto config = folder.Put("config.toml", fuzz::TextOf(data, size));
  const auto parsed = fuzz::ParseSearch(config);
  if (!parsed) return 0;
  folder.Put("config.toml", *parsed);
  const auto again = fuzz::ParseSearch(config);
  MOTE_CHECK(again == parsed, "{}\nbecomes\n{}", *parsed, again.value_or("nothing"));
  return 0;
}
