// The study of reduction, for single recipes and for what the data cannot serve.
#include "tests/cli/program.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ReductionTest : public ProgramTest {};

TEST_F(ReductionTest, TakesSingleRecipesAndSaysWhatIsImpossible) {
  Write("table.csv",
        "arch,accuracy\n"
        "333333,95\n"
        "333033,94\n"
        "111333,90\n"
        "111133,91\n");
  const Finished finished = Mote({"study",
                                  "reduction",
                                  "--table",
                                  "table.csv",
                                  "--target",
                                  "accuracy",
                                  "--all",
                                  "--seeds",
                                  "1",
                                  "--factors",
                                  "epochs 2,side 8",
                                  "--out",
                                  "red",
                                  "--data",
                                  "noise",
                                  "--preset",
                                  "faster",
                                  "--set",
                                  "faster.images=64",
                                  "--format",
                                  "csv"});
  ExpectDone(finished);
  // Noise is drawn at the 4x4 pixels that the preset takes.
  EXPECT_THAT(finished.err, HasSubstr("side 8 is left out: the images have only 4x4 pixels"));
  EXPECT_EQ(Lines(finished.out).size(), 1u + 2);
  EXPECT_THAT(Read("red/reduction.csv"), AllOf(HasSubstr("epochs,epochs 2,"),
                                               Not(HasSubstr("epochs 5")), Not(HasSubstr("side"))));
}

}  // namespace
}  // namespace mote
