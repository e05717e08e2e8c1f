#include "mote/run/holdings.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "mote/base/error.h"
#include "mote/run/catalog.h"

namespace mote {
namespace {

namespace fs = std::filesystem;

class HoldingsTest : public testing::Test {
 protected:
  HoldingsTest() { fs::create_directory(folder_); }
  ~HoldingsTest() override { fs::remove_all(folder_); }

  const Catalog& catalog_ = BuiltinCatalog();
  Holdings holdings_;
  fs::path folder_ = fs::path(testing::TempDir()) / fmt::format("mote_holdings_{}", ::getpid());
};

TEST_F(HoldingsTest, GivesOneDataSetForEachSourceSizeAndSeed) {
  const auto noise = holdings_.Data(catalog_.datasets, "noise", {.image_size = 8, .seed = 1});
  EXPECT_EQ(noise, holdings_.Data(catalog_.datasets, "noise", {.image_size = 8, .seed = 1}));
  const auto other = holdings_.Data(catalog_.datasets, "noise", {.image_size = 8, .seed = 2});
  EXPECT_NE(noise->dataset().fingerprint(), other->dataset().fingerprint());
  EXPECT_NE(noise, holdings_.Data(catalog_.datasets, "noise", {.image_size = 4, .seed = 1}));
}

TEST_F(HoldingsTest, GivesOneTableForEachListOfFiles) {
  const auto space = catalog_.spaces.Create("nasbench201", {});
  const std::vector<fs::path> paths = {folder_ / "a.csv", folder_ / "b.csv"};
  std::ofstream(paths[0]) << "arch,accuracy\n000000,0.1\n333333,0.9\n";
  std::ofstream(paths[1]) << "arch,seconds\n333333,9\n";
  const auto joined = holdings_.Joined(paths, *space);
  EXPECT_EQ(joined->rows(), 1);
  EXPECT_EQ(joined, holdings_.Joined(paths, *space));
  EXPECT_EQ(holdings_.Joined(std::span(paths).first(1), *space)->rows(), 2);
}

// A second opening would be refused: a store has one writer.
TEST_F(HoldingsTest, OpensAStoreOnce) {
  const auto store = holdings_.OpenStore(folder_ / "store.sqlite");
  EXPECT_EQ(store, holdings_.OpenStore(folder_ / "store.sqlite"));
  EXPECT_THROW(Store::Open(folder_ / "store.sqlite"), Error);
  EXPECT_NE(holdings_.OpenStore({}), holdings_.OpenStore({}));
}

TEST_F(HoldingsTest, TriesAgainWhatCouldNotBeLoaded) {
  const auto space = catalog_.spaces.Create("nasbench201", {});
  const std::vector<fs::path> paths = {folder_ / "late.csv"};
  EXPECT_THROW(holdings_.Joined(paths, *space), Error);
  std::ofstream(paths[0]) << "arch,accuracy\n000000,0.1\n";
  EXPECT_EQ(holdings_.Joined(paths, *space)->rows(), 1);
}

}  // namespace
}  // namespace mote
