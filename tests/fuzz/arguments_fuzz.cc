// The command line, one argument a line.
#include "tests/fuzz/program.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {

std::vector<std::string> Seeds() {
  return {"search\n--data\nnoise\n--max-params\n500000\n--set\nmote.form=slides\n--quiet",
          "score\n--arch\n333333\n0,0,0,0,0,1\n--estimator\nmote,tse\n--format=csv",
          "show\n--classes=12\n333333",
          "replay\n--scores\na.csv\n--table\nb.csv\n-k20\n--parents\n1e-2",
          "score\n--sample\n20\n--seed\n18446744073709551615",
          "resume\nruns/photos\n--workers\n2\n-q",
          "correlate\n--sample\n10\n--table\na.csv\n--target\nb",
          "list\npresets"};
}

std::vector<std::string> Words() {
  return {"--arch\n",   "--file\n",  "--sample\n", "--all\n", "--set\n",    "--seed\n",
          "--data\n",   "--out\n",   "--format\n", "json\n",  "--target\n", "--help\n",
          "\n--\n",     "doctor\n",  "export\n",   "-k\n",    "--store\n",  "calibrate\n",
          "--preset\n", "--table\n", "0x10",       "1e308",   "-1",         "{",
          "\"",         "[1,2]"};
}

}  // namespace mote::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mote;
  std::vector<std::string> arguments = fuzz::SplitLines(fuzz::TextOf(data, size));
  // Files have their own target.
  for (const std::string& argument : arguments) {
    if (argument.find("--conf") != std::string::npos) return 0;
  }
  (void)fuzz::ParseArguments(arguments);
  return 0;
}
