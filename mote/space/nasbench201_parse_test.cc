#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mote/base/error.h"
#include "mote/base/rng.h"
#include "mote/space/operators.h"
#include "mote/space/test_spaces.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kCell[] =
    "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|avg_pool_3x3~0|nor_conv_1x1~1|none~2|";

class NasBench201Text : public ::testing::Test {
 protected:
  std::vector<int> Decisions(const std::string& text) { return space_->Parse(text).decisions(); }

  // What Parse says against a text.
  std::string Message(const std::string& text) {
    try {
      space_->Parse(text);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument) << text;
      const std::string message = error.what();
      EXPECT_THAT(message, HasSubstr("|nor_conv_3x3~0|+|")) << "shows no example";
      for (char c : message) EXPECT_TRUE(c >= ' ' && c <= '~') << "not one printable line";
      EXPECT_LT(message.size(), 700u);
      return message;
    }
    ADD_FAILURE() << "accepted: " << text;
    return "";
  }

  const std::unique_ptr<SearchSpace> space_ = MakeNasBench201();
};

TEST_F(NasBench201Text, ReadsTheOfficialString) {
  const Architecture architecture = space_->Parse(kCell);
  EXPECT_EQ(architecture.decisions(), (std::vector<int>{3, 0, 1, 4, 2, 0}));
  EXPECT_EQ(architecture.text(), kCell);
  EXPECT_EQ(architecture.space(), "nasbench201");
  EXPECT_EQ(architecture, space_->Make({3, 0, 1, 4, 2, 0}));
  EXPECT_EQ(space_->Parse(std::string(" \t") + kCell + "\r\n").text(), kCell);
}

TEST_F(NasBench201Text, ReadsZerosAsNone) {
  const Architecture architecture =
      space_->Parse("|zeros~0|+|zeros~0|skip_connect~1|+|avg_pool_3x3~0|none~1|nor_conv_3x3~2|");
  EXPECT_EQ(architecture.decisions(), (std::vector<int>{0, 0, 1, 4, 0, 3}));
  EXPECT_THAT(architecture.text(), Not(HasSubstr("zeros")));
}

TEST_F(NasBench201Text, ReadsDecisions) {
  const std::vector<int> expected = {3, 0, 1, 4, 2, 0};
  for (const char* text : {"301420", " 301420\n", "3,0,1,4,2,0", "3, 0, 1, 4, 2, 0",
                           "(3, 0, 1, 4, 2, 0)", "( 3,0 , 1,4,2,0 )", "[3,0,1,4,2,0]"}) {
    EXPECT_EQ(Decisions(text), expected) << text;
  }
}

TEST_F(NasBench201Text, NamesEdgesAndOperationsAsTheBenchmarkDoes) {
  const std::vector<Choice>& choices = space_->choices();
  ASSERT_EQ(choices.size(), 6u);
  const char* names[] = {"edge 1<-0", "edge 2<-0", "edge 2<-1",
                         "edge 3<-0", "edge 3<-1", "edge 3<-2"};
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(choices[i].name, names[i]);
    EXPECT_EQ(choices[i].options, (std::vector<std::string>{"none", "skip_connect", "nor_conv_1x1",
                                                            "nor_conv_3x3", "avg_pool_3x3"}));
  }
  EXPECT_EQ(space_->size(), 15625);
}

TEST_F(NasBench201Text, RoundTripsEveryArchitecture) {
  for (std::int64_t i = 0; i < space_->size(); ++i) {
    const Architecture architecture = space_->At(i);
    ASSERT_EQ(space_->Parse(architecture.text()), architecture);
    std::string digits;
    for (int decision : architecture.decisions()) digits += std::to_string(decision);
    ASSERT_EQ(space_->Parse(digits).text(), architecture.text());
  }
}

TEST_F(NasBench201Text, SaysThatAnIndexNeedsATable) {
  for (const char* text : {"0", "1462", "15624", "99999", "1234567", "00000000000000000000000"}) {
    EXPECT_THAT(Message(text), AllOf(HasSubstr(std::string("'") + text + "'"),
                                     HasSubstr("bare number"), HasSubstr("table")));
  }
}

TEST_F(NasBench201Text, RefusesDigitsThatAreNoOperations) {
  EXPECT_THAT(Message("301425"),
              AllOf(HasSubstr("character 6"), HasSubstr("'5'"), HasSubstr("4 avg_pool_3x3")));
  EXPECT_THAT(Message("(3, 0, 12, 4, 2, 0)"), AllOf(HasSubstr("character 8"), HasSubstr("'12'")));
  EXPECT_THAT(Message("3,0,1,4,2"), AllOf(HasSubstr("character 10"), HasSubstr("the end")));
  EXPECT_THAT(Message("3,0,1,4,2,"), AllOf(HasSubstr("character 11"), HasSubstr("the end")));
  EXPECT_THAT(Message("3,0,1,4,2,0,1"), AllOf(HasSubstr("end here"), HasSubstr("',1'")));
  EXPECT_THAT(Message("(3,0,1,4,2,0"), AllOf(HasSubstr("')'"), HasSubstr("the end")));
  EXPECT_THAT(Message("(3,0,1,4,2,0]"), AllOf(HasSubstr("')'"), HasSubstr("']'")));
  EXPECT_THAT(Message("3 0 1 4 2 0"), AllOf(HasSubstr("character 3"), HasSubstr("','")));
  EXPECT_THAT(Message("3,-1,1,4,2,0"), AllOf(HasSubstr("character 3"), HasSubstr("'-'")));
  EXPECT_THAT(Message("3,,1,4,2,0"), HasSubstr("character 3"));
  EXPECT_THAT(Message("()"), HasSubstr("character 2"));
  EXPECT_THAT(Message("(301420)"), HasSubstr("'301420'"));
  EXPECT_THAT(Message("(" + std::string(100000, '7')), HasSubstr("..."));
}

TEST_F(NasBench201Text, RefusesWhatIsNoCell) {
  EXPECT_THAT(Message(""), HasSubstr("empty"));
  EXPECT_THAT(Message(" \t\n"), HasSubstr("empty"));
  for (const char* foreign :
       {"Genotype(normal=[('sep_conv_3x3', 1)])", "nor_conv_3x3", "-5", "+301420", "1.5", "~0|",
        "00005c142e6f48ac74fdcf73e3439874", "{\"arch\": 3}", "\xff\xfe", "\xe2\x94\x82none~0"}) {
    EXPECT_THAT(Message(foreign), HasSubstr("character ")) << foreign;
  }
  EXPECT_THAT(Message("a\nb\x01"), HasSubstr("'a\\x0ab\\x01'"));
  EXPECT_THAT(Message(std::string("a\0b", 3)), HasSubstr("\\x00"));
}

TEST_F(NasBench201Text, ListsTheOperationsIfOneIsUnknown) {
  std::string text = kCell;
  text.replace(text.find("skip_connect"), 12, "skip");
  EXPECT_THAT(Message(text),
              AllOf(HasSubstr(text), HasSubstr("character 26"), HasSubstr("no operation 'skip'"),
                    HasSubstr("none, skip_connect, nor_conv_1x1, nor_conv_3x3 or avg_pool_3x3")));
  EXPECT_THAT(Message("|~0|+|none~0|none~1|+|none~0|none~1|none~2|"), HasSubstr("no operation ''"));
  EXPECT_THAT(Message("|None~0|+|none~0|none~1|+|none~0|none~1|none~2|"),
              HasSubstr("no operation 'None'"));
  EXPECT_THAT(Message("| none~0|+|none~0|none~1|+|none~0|none~1|none~2|"),
              HasSubstr("no operation ' none'"));
}

TEST_F(NasBench201Text, RefusesWrongNodeNumbers) {
  EXPECT_THAT(Message("|none~1|+|none~0|none~1|+|none~0|none~1|none~2|"),
              AllOf(HasSubstr("character 7"), HasSubstr("node 1 must come from node 0, not '1'")));
  EXPECT_THAT(Message("|none~0|+|none~1|none~0|+|none~0|none~1|none~2|"),
              HasSubstr("node 2 must come from node 0, not '1'"));
  EXPECT_THAT(Message("|none~0|+|none~0|none~1|+|none~0|none~1|none~12|"),
              HasSubstr("node 3 must come from node 2, not '12'"));
  EXPECT_THAT(Message("|none~0|+|none~0|none~1|+|none~0|none~1|none~|"), HasSubstr("not ''"));
  EXPECT_THAT(Message("|none~00|+|none~0|none~1|+|none~0|none~1|none~2|"), HasSubstr("'00'"));
}

TEST_F(NasBench201Text, RefusesCellsThatStopEarlyOrGoOn) {
  const std::string cell = kCell;
  for (std::size_t length = 1; length < cell.size(); ++length) {
    Message(cell.substr(0, length));
  }
  EXPECT_THAT(Message(cell.substr(0, cell.size() - 1)),
              AllOf(HasSubstr("expected '|'"), HasSubstr("the end")));
  EXPECT_THAT(Message(cell + "|"), AllOf(HasSubstr("ends here"), HasSubstr("'|' follows")));
  EXPECT_THAT(Message(cell + cell), HasSubstr("ends here"));
  EXPECT_THAT(Message(cell + "+|none~0|none~1|none~2|none~3|"), HasSubstr("ends here"));
  EXPECT_THAT(Message(cell + std::string(10000000, 'x')), HasSubstr("..."));
  EXPECT_THAT(Message(std::string(10000000, '|')), HasSubstr("..."));
  EXPECT_THAT(Message(std::string(10000000, '3')), HasSubstr("bare number"));
  EXPECT_THAT(Message("|none~0|none~0|none~1|+|none~0|none~1|none~2|"), HasSubstr("'+'"));
}

TEST_F(NasBench201Text, ThrowsOrRoundTripsWhateverItIsGiven) {
  Rng rng(Key(1, "text mutations"));
  constexpr std::string_view kBytes = "|+~,()[]0123456789 \tabnorz_x-\n";
  int accepted = 0;
  for (int i = 0; i < 20000; ++i) {
    const Architecture start = SampleUniform(*space_, rng);
    std::string text = start.text();
    if (i % 3 == 1) {
      text = "(";
      for (int decision : start.decisions()) {
        text += std::to_string(decision) + (text.size() < 16 ? ", " : ")");
      }
    }
    for (int edits = 1 + int(rng.Below(3)); edits > 0 && !text.empty(); --edits) {
      const std::size_t at = rng.Below(text.size());
      const char byte = rng.Below(8) == 0 ? char(rng.Below(256)) : kBytes[rng.Below(kBytes.size())];
      switch (rng.Below(5)) {
        case 0:
          text.erase(at, 1 + rng.Below(4));
          break;
        case 1:
          text.insert(text.begin() + std::ptrdiff_t(at), byte);
          break;
        case 2:
          text[at] = byte;
          break;
        case 3:
          text.insert(at, text.substr(rng.Below(text.size()), rng.Below(20)));
          break;
        default:
          std::swap(text[at], text[rng.Below(text.size())]);
      }
    }
    try {
      const Architecture read = space_->Parse(text);
      ++accepted;
      ASSERT_EQ(space_->Parse(read.text()), read) << text;
      ASSERT_EQ(space_->At(space_->IndexOf(read)), read) << text;
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), ErrorCode::kInvalidArgument) << text;
    }
  }
  // Both ways were taken.
  EXPECT_GT(accepted, 200);
  EXPECT_LT(accepted, 15000);
}

TEST_F(NasBench201Text, MakesOnlyWhatTheSpaceHolds) {
  EXPECT_DEATH(space_->Make({0, 0, 0, 0, 0}), "5 decisions");
  EXPECT_DEATH(space_->Make({0, 0, 0, 0, 0, 5}), "decision 5 is 5");
  EXPECT_DEATH(space_->Make({0, -1, 0, 0, 0, 0}), "decision 1 is -1");
}

}  // namespace
}  // namespace mote
