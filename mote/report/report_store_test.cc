#include "mote/report/report_store.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/file.h>

#include "mote/report/report_testing.h"

namespace mote {
namespace {

using ::testing::ElementsAre;
using testing::Estimated;
using testing::OfNoise;
using testing::Probed;
using testing::TempFolder;

std::vector<std::string> Archs(const StoreContent& content) {
  std::vector<std::string> archs;
  for (const WrittenEstimate& estimate : content.estimates) archs.push_back(estimate.architecture);
  return archs;
}

TEST(ReadStoreContent, KeepsTheOrderOfWriting) {
  TempFolder folder;
  {
    const auto store = Store::Open(folder / "a.sqlite");
    store->PutEstimates({Estimated("z", "mote", 1.5), Estimated("b", "mote", -0.0, 3)});
    store->PutEstimates({Estimated("m", "loss", Failure{FailureKind::kDiverged, "inf"}),
                         Estimated("a", "mote", 2.5, 0, "wide")});
  }
  const StoreContent content = ReadStoreContent(folder / "a.sqlite");
  EXPECT_THAT(Archs(content), ElementsAre("z", "b", "m", "a"));
  EXPECT_EQ(content.options.size(), 2u);
  EXPECT_EQ(content.estimates[0].options, content.estimates[2].options);
  EXPECT_NE(content.estimates[0].options, content.estimates[3].options);
  EXPECT_EQ(content.estimates[1].replicate, 3);
  EXPECT_TRUE(std::signbit(*content.estimates[1].value));
  EXPECT_EQ(content.estimates[2].value.failure(), (Failure{FailureKind::kDiverged, "inf"}));
}

TEST(ReadStoreContent, HasTimesAndProvenance) {
  TempFolder folder;
  Provenance other = OfNoise();
  other.isa = "avx2";
  {
    const auto store = Store::Open(folder / "a.sqlite");
    store->PutProbe(Probed("c", 0.25), other);
    store->PutProbe(Probed("b", 0.5), OfNoise());
    store->PutProbe(Probed("a", 1), other);
  }
  const StoreContent content = ReadStoreContent(folder / "a.sqlite");
  ASSERT_EQ(content.probes.size(), 3u);
  EXPECT_EQ(content.probes[0].architecture, "c");
  EXPECT_EQ(content.probes[1].seconds, 0.5);
  EXPECT_EQ(content.probes[1].date.size(), 20u);
  ASSERT_EQ(content.provenances.size(), 2u);
  EXPECT_EQ(content.provenances[0].isa, "avx2");
  EXPECT_EQ(content.probes[0].provenance, content.probes[2].provenance);
  EXPECT_EQ(content.provenances[content.probes[1].provenance].isa, "scalar");
}

TEST(ReadStoreContent, ReadsWhileARunWrites) {
  TempFolder folder;
  const auto store = Store::Open(folder / "a.sqlite");
  store->PutEstimates({Estimated("a", "mote", 1.0)});
  EXPECT_EQ(ReadStoreContent(folder / "a.sqlite").estimates.size(), 1u);
  store->PutEstimates({Estimated("b", "mote", 1.0)});
  EXPECT_EQ(ReadStoreContent(folder / "a.sqlite").estimates.size(), 2u);
}

TEST(ReadStoreContent, RefusesWhatIsNoStore) {
  TempFolder folder;
  WriteFileAtomically(folder / "text", "no store\n");
  EXPECT_THROW(ReadStoreContent(folder / "text"), Error);
  EXPECT_THROW(ReadStoreContent(folder / "nothing"), Error);
}

TEST(IsStoreInUse, SeesAWriterOnly) {
  TempFolder folder;
  const std::filesystem::path file = folder / "a.sqlite";
  EXPECT_FALSE(IsStoreInUse(file));
  {
    const auto store = Store::Open(file);
    EXPECT_TRUE(IsStoreInUse(file));
  }
  EXPECT_FALSE(IsStoreInUse(file));
  WriteFileAtomically(file.string() + ".lock", "1\n");  // as a killed run leaves it
  EXPECT_FALSE(IsStoreInUse(file));
}

}  // namespace
}  // namespace mote
