#include "mote/probe/initial_batch.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "mote/base/error.h"
#include "mote/probe/test_subject.h"

namespace mote {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;

std::vector<InitialBatch> Draw(const BatchRecipe& recipe, int repeat = 0) {
  const auto space = MakeNasBench201();
  const auto backend = MakeReferenceBackend();
  DataCache data(SmallImages());
  const ProbeContext context{.space = *space,
                             .backend = *backend,
                             .data = data,
                             .seed = 7,
                             .replicate = 0,
                             .check_stop = {}};
  return DrawBatches(recipe, context, repeat);
}

// Where in the whole images the square of image `i` stands, and its colour; -1 if it does not.
struct Place {
  int top = -1;
  int left = -1;
  int colour = -1;

  auto operator<=>(const Place&) const = default;
};

Place Find(const InitialBatch& whole, const InitialBatch& cut, int i) {
  const auto pixel = [&](int y, int x, int colour) {
    return whole.images[((std::size_t(i) * whole.height + y) * whole.width + x) * 3 + colour];
  };
  const int size = cut.height;
  for (int top = 0; top + size <= whole.height; ++top) {
    for (int left = 0; left + size <= whole.width; ++left) {
      for (int colour = 0; colour < 3; ++colour) {
        bool equal = true;
        for (int k = 0; k < size * size; ++k) {
          equal = equal && pixel(top + k / size, left + k % size, colour) ==
                               cut.images[std::size_t(i) * size * size + k];
        }
        if (equal) return {top, left, colour};
      }
    }
  }
  return {};
}

TEST(InitialBatch, WritesWhatIsUnusualOnlyThen) {
  BatchRecipe recipe;
  nlohmann::json expected = recipe.ToJson();
  EXPECT_FALSE(expected.contains("crop") || expected.contains("channels"));
  recipe.crop = 3;
  recipe.channels = 1;
  expected["crop"] = 3;
  expected["channels"] = 1;
  EXPECT_EQ(recipe.ToJson(), expected);
}

TEST(InitialBatch, CutsSquaresOfOneColourOutOfNormalisedImages) {
  BatchRecipe recipe{.images = 15, .batches = 2};
  const auto whole = Draw(recipe);
  recipe.crop = 3;
  recipe.channels = 1;
  const auto cut = Draw(recipe), again = Draw(recipe), later = Draw(recipe, 1);
  std::set<Place> places;
  bool moved = false;
  for (int b = 0; b < 2; ++b) {
    EXPECT_EQ(cut[b].labels, whole[b].labels);
    ASSERT_THAT(cut[b].images, SizeIs(15 * 9));
    EXPECT_EQ(cut[b].height * cut[b].width, 9);
    EXPECT_EQ(cut[b].images, again[b].images);
    for (int i = 0; i < 15; ++i) {
      const Place place = Find(whole[b], cut[b], i);
      EXPECT_GE(place.top, 0) << "image " << i << " of batch " << b << " stands nowhere";
      places.insert(place);
      moved = moved || Find(whole[b], later[b], i) != place;
    }
  }
  // 2 x 2 places and 3 colours, of which 30 images take most.
  EXPECT_GE(places.size(), 8u);
  EXPECT_TRUE(moved) << "another repeat cuts at other places";
}

TEST(InitialBatch, CutsColouredSquaresToo) {
  const auto batch = Draw({.images = 4, .crop = 2}).front();
  EXPECT_THAT(batch.images, SizeIs(4 * 2 * 2 * 3));
  const Task task = TaskOf(BatchRecipe{.crop = 2}, *SmallImages());
  EXPECT_EQ(task.height, 2);
  EXPECT_EQ(task.width, 2);
  EXPECT_EQ(task.channels, 3);
}

TEST(InitialBatch, MakesUpImagesOfTheRecipesSizeAndChannels) {
  const auto batch =
      Draw({.source = ImageSource::kGaussian, .images = 5, .image_size = 8, .channels = 1}).front();
  EXPECT_THAT(batch.images, SizeIs(5 * 64));
  EXPECT_EQ(TaskOf(BatchRecipe{.image_size = 8, .channels = 1}, *SmallImages()).channels, 1);
}

TEST(InitialBatch, TakesDifferentImagesForEachBatch) {
  const auto batches = Draw({.images = 10, .batches = 3});
  std::set<std::vector<double>> different;
  for (const InitialBatch& batch : batches) {
    for (int i = 0; i < batch.count(); ++i) {
      const auto begin = batch.images.begin() + i * 48;
      different.insert({begin, begin + 48});
    }
  }
  EXPECT_THAT(different, SizeIs(30));
  // Fewer in each where there are not so many.
  EXPECT_EQ(Draw({.images = 40, .batches = 4}).back().count(), 7);
}

// Once for every dataset, seed, replicate and repeat.
TEST(SharedBatches, AreDrawnOnceForAllArchitectures) {
  const auto space = MakeNasBench201();
  const auto backend = MakeReferenceBackend();
  DataCache data(SmallImages());
  const auto context = [&](std::uint64_t seed, int replicate) {
    return ProbeContext{.space = *space,
                        .backend = *backend,
                        .data = data,
                        .seed = seed,
                        .replicate = replicate,
                        .check_stop = {}};
  };
  const BatchRecipe recipe = {.images = 6, .batches = 2, .crop = 3, .channels = 1};
  const SharedBatches shared(recipe);
  std::set<std::vector<double>> different;
  for (const auto& [seed, replicate, repeat] :
       {std::tuple(7, 0, 0), std::tuple(8, 0, 0), std::tuple(7, 1, 0), std::tuple(7, 0, 1)}) {
    const auto batches = shared.Get(context(seed, replicate), repeat);
    EXPECT_EQ(shared.Get(context(seed, replicate), repeat), batches);
    const auto drawn = DrawBatches(recipe, context(seed, replicate), repeat);
    ASSERT_EQ(batches->size(), drawn.size());
    for (std::size_t b = 0; b < drawn.size(); ++b) {
      EXPECT_EQ((*batches)[b].images, drawn[b].images);
      EXPECT_EQ((*batches)[b].labels, drawn[b].labels);
    }
    different.insert(drawn[0].images);
  }
  EXPECT_THAT(different, SizeIs(4));
}

TEST(InitialBatch, RefusesToCutMoreThanThereIs) {
  try {
    (void)TaskOf(BatchRecipe{.crop = 5}, *SmallImages());
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("4x4"), HasSubstr("5x5")));
  }
  EXPECT_THROW((void)Draw({.crop = 5}), Error);
}

}  // namespace
}  // namespace mote
