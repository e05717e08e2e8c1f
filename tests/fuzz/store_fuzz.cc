// Store files: a whole SQLite database that may be anybody's.
#include "mote/base/file.h"
#include "mote/store/store.h"
#include "tests/fuzz/target.h"

namespace mote::fuzz {
namespace {

const Provenance kProvenance{"0.1.0", "abc", "g++", "reference@1", "cpu", "any", "noise", "ff"};

EstimateRecord SomeEstimate(int number) {
  EstimateRecord record;
  record.key = HashOf(fmt::format("estimate {}", number));
  record.space = "nasbench201";
  record.architecture = fmt::format("cell {}", number);
  record.estimator = "mote@1";
  record.options = "{}";
  record.value = 0.5 * number;
  if (number % 3 == 2) record.value = Failure{FailureKind::kUndefined, "constant"};
  return record;
}

ProbeRecord SomeProbe(int number) {
  ProbeRecord record;
  record.key = HashOf(fmt::format("probe {}", number));
  record.space = "nasbench201";
  record.architecture = fmt::format("cell {}", number);
  record.probe = "training@1";
  record.options = "{\"epochs\":2}";
  record.fingerprint = "ff";
  record.seed = std::uint64_t(number) << 60;
  record.result = ProbeResult({{"loss", {1.0, 0.5 * number}}});
  if (number % 3 == 2) record.result = Failure{FailureKind::kDiverged, "loss is inf"};
  return record;
}

void ReadAll(Store& store) {
  std::vector<Hash128> probes, estimates;
  store.ForEachProbe([&](const ProbeRecord& record) { probes.push_back(record.key); });
  store.ForEachEstimate([&](const EstimateRecord& record) { estimates.push_back(record.key); });
  for (const Hash128& key : probes) (void)store.FindProbe(key);
  for (const Hash128& key : estimates) (void)store.FindEstimate(key);
  (void)store.Meta("name");
  (void)store.ContentHash();
}

// A store as a file of its own, without a log beside it.
std::string StoreFile(int records) {
  const Folder folder;
  const auto path = folder.path() / "store.sqlite";
  {
    const auto store = Store::Open(path);
    for (int i = 0; i < records; ++i) store->PutProbe(SomeProbe(i), kProvenance);
    for (int i = 0; i < records; ++i) store->PutEstimates({SomeEstimate(i)});
    store->SetMeta("name", "value");
  }
  return ReadFile(path);
}

}  // namespace

std::vector<std::string> Seeds() { return {StoreFile(0), StoreFile(4)}; }

std::vector<std::string> Words() {
  return {"SQLite format 3", "MOTE",    "CREATE TABLE probe", "NOT NULL", "STRICT", "diverged",
          "undefined",       "INTEGER", "WITHOUT ROWID"};
}

}  // namespace mote::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mote;
  static const fuzz::Folder folder;
  folder.RemoveAllFiles();
  const auto path = folder.Put("store.sqlite", fuzz::TextOf(data, size));
  fuzz::Try([&] {
    fuzz::ReadAll(*Store::OpenReadOnly(path));
    return true;
  });
  fuzz::Try([&] {
    const auto store = Store::Open(path);
    store->PutEstimates({fuzz::SomeEstimate(100)});
    store->PutProbe(fuzz::SomeProbe(100), fuzz::kProvenance);
    const auto probe = store->FindProbe(fuzz::SomeProbe(100).key);
    MOTE_CHECK(probe.has_value(), "a record was stored but not found");
    fuzz::ReadAll(*store);
    return true;
  });
  return 0;
}
