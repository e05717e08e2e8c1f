#include "mote/data/prepared_data.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "mote/data/test_files.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Images of side x side; image i of a split has the value i everywhere. sizes[c] of each class c,
// sorted by class.
Dataset Counted(const std::vector<int>& sizes, int side = 2) {
  Dataset::Content content{"idx", "counted", side, side, {}, {}, {}};
  Split split;
  for (std::size_t c = 0; c < sizes.size(); ++c) {
    content.class_names.push_back("class");
    for (int i = 0; i < sizes[c]; ++i) {
      split.pixels.insert(split.pixels.end(), side * side * 3, std::uint8_t(split.images()));
      split.labels.push_back(int(c));
    }
  }
  content.splits["train"] = split;
  return Dataset(std::move(content));
}

struct Gathered {
  std::vector<float> pixels;
  std::vector<int> labels;
};

Gathered GatherAll(const PreparedData& data) {
  std::vector<int> items(data.images());
  std::iota(items.begin(), items.end(), 0);
  Gathered all{std::vector<float>(std::size_t(data.images()) * data.height() * data.width() * 3),
               std::vector<int>(data.images())};
  data.Gather(items, all.pixels.data(), all.labels.data());
  return all;
}

// Which images of Counted() were taken, in order.
std::vector<int> Taken(const PreparedData& data) {
  const Gathered all = GatherAll(data);
  const std::size_t size = std::size_t(data.height()) * data.width() * 3;
  std::vector<int> taken;
  for (int i = 0; i < data.images(); ++i) {
    taken.push_back(int(std::lround(all.pixels[i * size] * 255)));
  }
  return taken;
}

std::vector<int> CountLabels(const PreparedData& data) {
  std::vector<int> counts(data.classes());
  for (const int label : data.labels()) ++counts[label];
  return counts;
}

const Key kKey(1, "test");

TEST(PreparedData, TakesAllInOrderByDefault) {
  const PreparedData data(Counted({2, 3}), "train", {}, kKey);
  EXPECT_EQ(data.images(), 5);
  EXPECT_EQ(data.classes(), 2);
  EXPECT_EQ(data.height(), 2);
  EXPECT_THAT(data.labels(), ElementsAre(0, 0, 1, 1, 1));
  EXPECT_THAT(Taken(data), ElementsAre(0, 1, 2, 3, 4));
}

TEST(PreparedData, GathersBytesAsFractions) {
  Dataset::Content content{"idx", "d", 1, 2, {"a", "b"}, {}, {}};
  content.splits["train"] = {{0, 51, 255, 1, 2, 3, 4, 5, 6, 7, 8, 128}, {0, 1}};
  const PreparedData data(Dataset(content), "train", {}, kKey);
  std::vector<float> pixels(12);
  std::vector<int> labels(2);
  data.Gather(std::vector<int>{1, 0}, pixels.data(), labels.data());
  EXPECT_THAT(labels, ElementsAre(1, 0));
  EXPECT_EQ(pixels[5], 128 / 255.0f);
  EXPECT_EQ(pixels[6], 0.0f);
  EXPECT_EQ(pixels[7], 51 / 255.0f);
  EXPECT_EQ(pixels[8], 1.0f);
}

TEST(PreparedData, ShrinksByTheBoxAverage) {
  Dataset::Content content{"idx", "d", 4, 4, {"a", "b"}, {}, {}};
  const std::string bytes = Scatter(2 * 48, 4);
  content.splits["train"] = {{bytes.begin(), bytes.end()}, {0, 1}};
  const PreparedData data(Dataset(content), "train", {.image_size = 2}, kKey);
  const Gathered all = GatherAll(data);
  ASSERT_EQ(all.pixels.size(), 2u * 12);
  for (int i = 0; i < 2; ++i) {
    for (int y = 0; y < 2; ++y) {
      for (int x = 0; x < 2; ++x) {
        for (int c = 0; c < 3; ++c) {
          int sum = 0;
          for (int k = 0; k < 4; ++k) {
            sum += std::uint8_t(bytes[((i * 4 + 2 * y + k / 2) * 4 + 2 * x + k % 2) * 3 + c]);
          }
          // The mean is not rounded to a byte on the way.
          EXPECT_EQ(all.pixels[((i * 2 + y) * 2 + x) * 3 + c], float(sum / 4.0) / 255.0f);
        }
      }
    }
  }
}

TEST(PreparedData, EqualSizeIsTheSameAsNoSizeAndLargerRepeats) {
  const Dataset dataset = Counted({2, 2});
  EXPECT_EQ(GatherAll(PreparedData(dataset, "train", {.image_size = 2}, kKey)).pixels,
            GatherAll(PreparedData(dataset, "train", {}, kKey)).pixels);
  const PreparedData large(dataset, "train", {.image_size = 6}, kKey);
  EXPECT_EQ(large.height(), 6);
  EXPECT_THAT(Taken(large), ElementsAre(0, 1, 2, 3));
}

TEST(PreparedData, DrawsBalancedImagesOnce) {
  const Dataset dataset = Counted({50, 60, 70});
  for (const int images : {3, 10, 91, 149}) {
    const PreparedData data(dataset, "train", {.images = images}, kKey);
    ASSERT_EQ(data.images(), images);
    const std::vector<int> counts = CountLabels(data);
    const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
    EXPECT_LE(*most - *least, 1) << images;
    const std::vector<int> taken = Taken(data);
    EXPECT_EQ(std::set<int>(taken.begin(), taken.end()).size(), std::size_t(images));
    for (int i = 0; i < images; ++i) {
      EXPECT_EQ(data.labels()[i], dataset.split("train").labels[taken[i]]);
    }
  }
}

TEST(PreparedData, FillsUpFromOthersIfAClassHasTooFew) {
  const Dataset dataset = Counted({2, 40, 0, 40});
  EXPECT_THAT(CountLabels(PreparedData(dataset, "train", {.images = 32}, kKey)),
              ElementsAre(2, 15, 0, 15));
  EXPECT_THAT(CountLabels(PreparedData(dataset, "train", {.images = 1000}, kKey)),
              ElementsAre(2, 40, 0, 40));
  EXPECT_THAT(CountLabels(PreparedData(dataset, "train", {.images = 2'000'000'000}, kKey)),
              ElementsAre(2, 40, 0, 40));
}

TEST(PreparedData, DrawsTheRemainderToo) {
  const Dataset dataset = Counted({9, 9, 9, 9});
  std::vector<int> got_more(4);
  for (int seed = 0; seed < 400; ++seed) {
    const PreparedData data(dataset, "train", {.images = 9}, Key(seed, "test"));
    for (int c = 0; c < 4; ++c) got_more[c] += CountLabels(data)[c] == 3;
  }
  for (const int count : got_more) EXPECT_NEAR(count, 100, 5 * 8.7);
}

// Files sorted by class must not make the first images one class.
TEST(PreparedData, DrawnImagesComeInRandomOrder) {
  const PreparedData data(Counted({100, 100}), "train", {.images = 200}, kKey);
  int first_class = 0;
  for (int i = 0; i < 100; ++i) first_class += data.labels()[i] == 0;
  EXPECT_NEAR(first_class, 50, 5 * 3.6);  // hypergeometric
}

TEST(PreparedData, DrawsByTheKeyAlone) {
  const Dataset dataset = Counted({50, 60, 70, 40});
  const DataRecipe recipe{.classes = 3, .images = 20};
  const PreparedData data(dataset, "train", recipe, kKey);
  EXPECT_EQ(Taken(PreparedData(dataset, "train", recipe, kKey)), Taken(data));
  EXPECT_NE(Taken(PreparedData(dataset, "train", recipe, Key(2, "test"))), Taken(data));
  // The size of the images has no say in which are drawn.
  EXPECT_EQ(
      Taken(PreparedData(dataset, "train", {.image_size = 1, .classes = 3, .images = 20}, kKey)),
      Taken(data));
}

TEST(PreparedData, DrawsAndRenumbersClasses) {
  const Dataset dataset = Counted({5, 5, 5, 5, 5});
  std::set<std::vector<int>> draws;
  for (int seed = 0; seed < 100; ++seed) {
    const PreparedData data(dataset, "train", {.classes = 3}, Key(seed, "test"));
    ASSERT_EQ(data.classes(), 3);
    ASSERT_EQ(data.images(), 15);
    std::vector<int> originals;
    const std::vector<int> taken = Taken(data);
    for (int i = 0; i < 15; ++i) {
      ASSERT_EQ(data.labels()[i], i / 5);  // ascending as the originals, all of each, in order
      if (i % 5 == 0) originals.push_back(taken[i] / 5);
      ASSERT_EQ(taken[i], originals.back() * 5 + i % 5);
    }
    ASSERT_TRUE(std::is_sorted(originals.begin(), originals.end()));
    draws.insert(originals);
  }
  EXPECT_EQ(draws.size(), 10u);  // all of 5 choose 3
  EXPECT_EQ(PreparedData(dataset, "train", {.classes = 7}, kKey).classes(), 5);
}

TEST(PreparedData, DrawsTheSameClassesForEverySplit) {
  Dataset::Content content{"idx", "d", 1, 1, {"a", "b", "c", "d", "e"}, {}, {}};
  // A pixel is the image's label.
  content.splits["train"] = {{0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3}, {0, 1, 2, 3}};
  content.splits["test"] = {{3, 3, 3, 2, 2, 2, 1, 1, 1, 0, 0, 0}, {3, 2, 1, 0}};
  const Dataset dataset(content);
  for (int seed = 0; seed < 20; ++seed) {
    const Key key(seed, "test");
    std::vector<int> train = Taken(PreparedData(dataset, "train", {.classes = 2}, key));
    std::vector<int> test = Taken(PreparedData(dataset, "test", {.classes = 2}, key));
    std::sort(test.begin(), test.end());
    EXPECT_EQ(train, test);
  }
  // Class e has no training images: it is never drawn.
  EXPECT_EQ(PreparedData(dataset, "train", {.classes = 4}, kKey).images(), 4);
}

// Kept as bytes and, where they were resized, as floats.
TEST(PreparedData, TakesSomeOfItsImagesInTheOrderAsked) {
  const Dataset dataset = Counted({2, 3, 2}, 4);
  for (const int size : {0, 2}) {
    const PreparedData data(dataset, "train", {.image_size = size}, kKey);
    const std::vector<int> items = {5, 0, 3, 3};
    const PreparedData taken = data.Take(items);
    EXPECT_EQ(taken.images(), 4);
    EXPECT_EQ(taken.height(), size == 0 ? 4 : 2);
    EXPECT_EQ(taken.width(), taken.height());
    EXPECT_THAT(Taken(taken), ElementsAre(5, 0, 3, 3));
    // Of class 1 there are images, of none fewer classes than before.
    EXPECT_THAT(taken.labels(), ElementsAre(2, 0, 1, 1));
    EXPECT_EQ(taken.classes(), 3);
    EXPECT_EQ(data.Take(std::vector<int>{1}).classes(), 3);
    // Every value, not the first alone.
    const std::size_t image = std::size_t(data.height()) * data.width() * 3;
    const Gathered all = GatherAll(data), some = GatherAll(taken);
    for (std::size_t i = 0; i < items.size(); ++i) {
      EXPECT_TRUE(std::equal(some.pixels.begin() + i * image, some.pixels.begin() + (i + 1) * image,
                             all.pixels.begin() + items[i] * image))
          << i;
    }
    // The source is as it was, and what is taken can be taken from again.
    EXPECT_THAT(Taken(data), ElementsAre(0, 1, 2, 3, 4, 5, 6));
    EXPECT_THAT(Taken(taken.Take(std::vector<int>{1, 0})), ElementsAre(0, 5));
    EXPECT_EQ(data.Take({}).images(), 0);
    EXPECT_DEATH(data.Take(std::vector<int>{7}), "image 7 of 7");
    EXPECT_DEATH(data.Take(std::vector<int>{-1}), "image -1 of 7");
  }
}

TEST(PreparedData, MakesNoiseAtTheSizeOfTheNetwork) {
  const Dataset dataset = Counted({3, 3});
  const PreparedData data(dataset, "train", {.source = "noise", .image_size = 4}, kKey);
  EXPECT_EQ(data.images(), 512);
  EXPECT_EQ(data.classes(), 10);
  EXPECT_EQ(data.height(), 4);
  const Gathered all = GatherAll(data);
  double sum = 0, squares = 0;
  for (const float value : all.pixels) {
    ASSERT_GE(value, 0.0f);
    ASSERT_LE(value, 1.0f);
    sum += value;
    squares += value * value;
  }
  const double n = double(all.pixels.size());
  EXPECT_NEAR(sum / n, 1 / 2.0, 5 * 0.289 / std::sqrt(n));
  // Not shrunk: the variance is that of single values.
  EXPECT_NEAR(squares / n - sum * sum / n / n, 1 / 12.0, 0.003);
  for (const int count : CountLabels(data)) EXPECT_NEAR(count, 51.2, 5 * 6.8);
}

TEST(PreparedData, NoiseDependsOnKeyAndRecipeAlone) {
  const DataRecipe recipe{.source = "noise", .image_size = 3, .classes = 4, .images = 7};
  const PreparedData data(Counted({3, 3}), "train", recipe, kKey);
  EXPECT_EQ(data.images(), 7);
  EXPECT_EQ(data.classes(), 4);
  const PreparedData same(Counted({1, 2, 3}, 5), "no such split", recipe, kKey);
  EXPECT_EQ(GatherAll(data).pixels, GatherAll(same).pixels);
  EXPECT_EQ(data.labels(), same.labels());
  const PreparedData other(Counted({3, 3}), "train", recipe, Key(2, "test"));
  EXPECT_NE(GatherAll(data).pixels, GatherAll(other).pixels);
  EXPECT_EQ(PreparedData(Counted({3, 3}, 5), "train", {.source = "noise"}, kKey).height(), 5);
}

TEST(PreparedData, RefusesWhatCannotBeMeant) {
  const Dataset dataset = Counted({3, 3});
  const auto code = ErrorCode::kInvalidArgument;
  const auto prepare = [&](const DataRecipe& recipe, std::string_view split = "train") {
    PreparedData(dataset, split, recipe, kKey);
  };
  EXPECT_ERROR(prepare({.source = "web"}), code, AllOf(HasSubstr("'web'"), HasSubstr("noise")));
  EXPECT_ERROR(prepare({.image_size = -1}), code, HasSubstr("image size is -1"));
  EXPECT_ERROR(prepare({.image_size = 100000}), code, HasSubstr("image size is 100000"));
  EXPECT_ERROR(prepare({.classes = 1}), code, HasSubstr("number of classes is 1"));
  EXPECT_ERROR(prepare({.classes = -2}), code, HasSubstr("number of classes is -2"));
  EXPECT_ERROR(prepare({.images = -1}), code, HasSubstr("number of images is -1"));
  EXPECT_ERROR(prepare({.source = "noise", .classes = 1}), code, HasSubstr("classes is 1"));
  EXPECT_ERROR(prepare({}, "val"), ErrorCode::kNotFound, HasSubstr("no split 'val'"));
  // Two of three classes are drawn, but only one has training images.
  EXPECT_ERROR(PreparedData(Counted({3, 0, 0}), "train", {.classes = 2}, kKey), code,
               HasSubstr("only 1 class has training images"));
}

TEST(DataRecipe, WritesEveryField) {
  const DataRecipe recipe{.source = "noise", .image_size = 4, .classes = 10, .images = 512};
  EXPECT_EQ(recipe.ToJson().dump(),
            R"({"classes":10,"image_size":4,"images":512,"source":"noise"})");
}

}  // namespace
}  // namespace mote
