#include <gmock/gmock.h>

#include <thread>

#include "mote/data/prepared_data.h"
#include "mote/data/test_files.h"

namespace mote {
namespace {

std::shared_ptr<const Dataset> Noise() {
  return std::make_shared<const Dataset>(LoadAs("noise", {}, {.image_size = 8}));
}

std::vector<float> PixelsOf(const PreparedData& data) {
  std::vector<int> items(data.images()), labels(data.images());
  for (int i = 0; i < data.images(); ++i) items[i] = i;
  std::vector<float> pixels(std::size_t(data.images()) * data.height() * data.width() * 3);
  data.Gather(items, pixels.data(), labels.data());
  return pixels;
}

TEST(DataCache, MakesEachSelectionOnce) {
  DataCache cache(Noise());
  const DataRecipe recipe{.image_size = 4, .images = 64};
  const auto data = cache.Get("train", recipe, 1, 0);
  EXPECT_EQ(cache.Get("train", recipe, 1, 0), data);
  EXPECT_NE(cache.Get("train", recipe, 2, 0), data);
  EXPECT_NE(cache.Get("train", recipe, 1, 1), data);
  EXPECT_NE(cache.Get("train", {.image_size = 4, .images = 65}, 1, 0), data);
}

TEST(DataCache, DrawsByTheNamedStream) {
  DataCache cache(Noise());
  const DataRecipe recipe{.image_size = 4, .classes = 5, .images = 64};
  const PreparedData expected(cache.dataset(), "train", recipe, Key(7, "probe-data", 3));
  const auto data = cache.Get("train", recipe, 7, 3);
  EXPECT_EQ(data->labels(), expected.labels());
  EXPECT_EQ(PixelsOf(*data), PixelsOf(expected));
}

TEST(DataCache, SharesWhatDrawsNothingBetweenSeeds) {
  DataCache cache(Noise());
  EXPECT_EQ(cache.Get("train", {.image_size = 4}, 1, 0),
            cache.Get("train", {.image_size = 4}, 2, 1));
  const DataRecipe noise{.source = "noise", .image_size = 4};
  EXPECT_NE(cache.Get("train", noise, 1, 0), cache.Get("train", noise, 2, 0));
}

TEST(DataCache, GivesAllThreadsTheSameAsOneThread) {
  const DataRecipe recipe{.image_size = 4, .images = 100};
  DataCache alone(Noise()), shared(Noise());
  constexpr int kThreads = 4, kReplicates = 6;
  std::vector<std::vector<std::shared_ptr<const PreparedData>>> got(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kReplicates; ++i) {
        got[t].push_back(shared.Get("train", recipe, 1, (i + t) % kReplicates));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int t = 0; t < kThreads; ++t) {
    for (int i = 0; i < kReplicates; ++i) {
      const int replicate = (i + t) % kReplicates;
      EXPECT_EQ(got[t][i], shared.Get("train", recipe, 1, replicate));
      EXPECT_EQ(PixelsOf(*got[t][i]), PixelsOf(*alone.Get("train", recipe, 1, replicate)));
    }
  }
}

TEST(DataCache, ForgetsWhatFailed) {
  DataCache cache(Noise());
  for (int i = 0; i < 2; ++i) {
    EXPECT_ERROR(cache.Get("val", {}, 0, 0), ErrorCode::kNotFound, ::testing::HasSubstr("val"));
  }
  EXPECT_EQ(cache.Get("train", {}, 0, 0)->images(), 2000);
}

}  // namespace
}  // namespace mote
