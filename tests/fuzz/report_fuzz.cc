// A search's folder as reports read it: result.json, the cells of history.csv and a store that may
// be anybody's, all the way to the page.
#include "mote/base/file.h"
#include "mote/report/page.h"
#include "mote/report/search_section.h"
#include "mote/report/store_section.h"
#include "mote/run/catalog.h"
#include "mote/run/csv.h"
#include "mote/store/store.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {
namespace {

constexpr const char* kArch =
    "|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|none~2|";

constexpr const char* kResult = R"({"mote":{"format":1},
"estimator":{"name":"mote","direction":"higher is better"},
"ranked_by":{"name":"mote","direction":"lower is better"},
"ranking":[{"arch":"ARCH","score":1.5,"replicates":2,"judged_accuracy":0.5},
           {"arch":"ARCH2","score":null}],
"winner_stays_first":0.5,
"history":[{"arch":"ARCH","purpose":"score","estimator":"mote","replicate":0,"value":1.5,
            "core_seconds":0.25},
           {"arch":"ARCH","purpose":"judge","estimator":"","replicate":0,"value":null,
            "failure":"diverged"}],
"provenance":{"version":"0.1.0","commit":"abc","compiler":"g++","backend":"native@1","device":"cpu",
              "isa":"avx2","dataset":"noise: noise, 64 train images","fingerprint":"ff"}})";

constexpr const char* kHistory =
    "arch,purpose,estimator,replicate,value,core_seconds,failure\n"
    "ARCH,score,mote,0,1.5,0.25,\n"
    "ARCH,judge,,0,,,diverged\n";

std::string WithCells(std::string text) {
  for (std::size_t at; (at = text.find("ARCH")) != std::string::npos;) text.replace(at, 4, kArch);
  return text;
}

std::string StoreFile() {
  const Folder folder;
  const auto path = folder.path() / "store.sqlite";
  {
    const auto store = Store::Open(path);
    EstimateRecord estimate;
    estimate.key = HashOf("estimate");
    estimate.space = "nasbench201";
    estimate.architecture = kArch;
    estimate.estimator = "mote@1";
    estimate.options = R"({"dataset":"ff","options":{"preset":{"name":"fast"}}})";
    estimate.value = 1.5;
    ProbeRecord probe;
    probe.key = HashOf("probe");
    probe.space = "nasbench201";
    probe.architecture = kArch;
    probe.probe = "training@1";
    probe.options = "{}";
    probe.fingerprint = "ff";
    probe.seconds = 0.25;
    store->PutProbe(probe, {"0.1.0", "abc", "g++", "native@1", "cpu", "avx2", "noise", "ff"});
    store->PutEstimates({estimate});
  }
  return ReadFile(path);
}

}  // namespace

std::vector<std::string> Seeds() {
  const std::string result = WithCells(kResult), history = WithCells(kHistory);
  return {JoinParts({result, history, StoreFile()}), JoinParts({result, "", ""}),
          JoinParts({"", history, ""}), JoinParts({"", "", StoreFile()})};
}

std::vector<std::string> Words() {
  return {"\"ranking\"",     "\"estimator\"",      "\"direction\"",
          "lower is better", "\"history\"",        "\"purpose\"",
          "judge",           "\"value\"",          "null",
          "1e999",           "winner_stays_first", "provenance",
          "core_seconds",    "nasbench201",        "{\"preset\":"};
}

}  // namespace mote::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mote;
  static const fuzz::Folder folder;
  folder.RemoveAllFiles();
  const std::vector<std::string> parts = fuzz::SplitParts(fuzz::TextOf(data, size), 3);
  folder.PutUnlessEmpty("result.json", parts[0]);
  folder.PutUnlessEmpty("store.sqlite", parts[2]);
  const ReportContext context{BuiltinCatalog().spaces,
                              [](const std::string& name) { return name == "tse"; }};
  fuzz::Try([&] {
    SearchFolder source{.folder = folder.path(),
                        .options = {{"space", "nasbench201"}, {"estimator", "mote"}},
                        .repeat = "mote search --out NEW-FOLDER"};
    for (CsvRow& row : ParseCsv(parts[1], "history.csv")) {
      source.history.push_back(std::move(row.cells));
    }
    const ReportSection section = SectionOf(ReadSearch(source, context), "a run", context);
    MOTE_CHECK(IsReportPage(ReportPage({section}, context)));
    return true;
  });
  if (parts[2].empty()) return 0;
  fuzz::Ask([&] {
    const StoreContent content = ReadStoreContent(folder.path() / "store.sqlite");
    MOTE_CHECK(IsReportPage(ReportPage({SectionOf(content, "a store", context)}, context)));
    return true;
  });
  return 0;
}
