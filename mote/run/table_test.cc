#include "mote/run/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <fstream>

#include "mote/base/check.h"
#include "mote/base/error.h"
#include "mote/base/rng.h"

namespace mote {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Sixteen architectures "a".."d" x "a".."d"; upper case is another spelling.
class LettersSpace : public SearchSpace {
 public:
  std::string_view name() const override { return "letters"; }
  const std::vector<Choice>& choices() const override { return choices_; }
  Architecture Parse(std::string_view text) const override {
    std::vector<int> decisions;
    for (const char letter : text) decisions.push_back((letter | 0x20) - 'a');
    const bool valid = text.size() == 2 && decisions[0] >= 0 && decisions[0] < 4 &&
                       decisions[1] >= 0 && decisions[1] < 4;
    if (!valid) Throw(ErrorCode::kInvalidArgument, "'{}' is no pair of letters, as 'ad' is", text);
    return Make(std::move(decisions));
  }
  Architecture Make(std::vector<int> decisions) const override {
    const std::string text{char('a' + decisions[0]), char('a' + decisions[1])};
    return {"letters", std::move(decisions), text};
  }
  bool IsConnected(const Architecture&) const override { return true; }
  LiveEdges CountLiveEdges(const Architecture&) const override { return {}; }
  bool HasDanglingEdges(const Architecture&) const override { return false; }
  Architecture Canonicalize(const Architecture& architecture) const override {
    return architecture;
  }
  Network Build(const Architecture&, const Skeleton&, const Task&, BuildForm) const override {
    MOTE_CHECK(false, "no table builds networks");
  }
  std::string Draw(const Architecture& architecture) const override { return architecture.text(); }

 private:
  std::vector<Choice> choices_{{"first", {"a", "b", "c", "d"}}, {"second", {"a", "b", "c", "d"}}};
};

class TableTest : public testing::Test {
 protected:
  TableTest() : path_(testing::TempDir() + fmt::format("mote_table_{}.csv", ::getpid())) {}
  ~TableTest() override { std::filesystem::remove(path_); }

  Table Load(std::string_view content) const {
    std::ofstream(path_, std::ios::binary) << content;
    return Table::Load(path_, space_);
  }

  // What Load, or then Column("x"), complains of, without the path.
  std::string Complaint(std::string_view content, ErrorCode code = ErrorCode::kCorrupt) const {
    try {
      (void)Load(content).Column("x");
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      const std::string message = error.what(), prefix = "'" + path_.string() + "'";
      EXPECT_THAT(message, testing::StartsWith(prefix));
      EXPECT_EQ(message.find_first_of("\n\r"), std::string::npos) << message;
      return message.substr(prefix.size());
    }
    return "no error";
  }

  std::optional<int> RowOf(const Table& table, std::string_view text) const {
    return table.Row(space_.Parse(text));
  }

  const std::filesystem::path path_;
  const LettersSpace space_;
};

TEST_F(TableTest, HoldsNumbersByArchitectureAndColumn) {
  const Table table = Load("arch,x,y\nab,0.5,-1e3\ncd,2,\n");
  EXPECT_EQ(table.name(), path_.string());
  EXPECT_EQ(table.rows(), 2);
  EXPECT_THAT(table.columns(), ElementsAre("arch", "x", "y"));
  EXPECT_EQ(table.architectures()[1].text(), "cd");
  EXPECT_EQ(RowOf(table, "cd"), 1);
  EXPECT_EQ(RowOf(table, "dd"), std::nullopt);
  EXPECT_TRUE(table.Contains(space_.Parse("ab")));
  EXPECT_FALSE(table.Contains(space_.Parse("ba")));
  EXPECT_EQ(table.Value(0, table.Column("x")), 0.5);
  EXPECT_EQ(table.Value(0, table.Column("y")), -1000.0);
  EXPECT_EQ(table.Value(1, table.Column("y")), std::nullopt);
}

TEST_F(TableTest, MatchesOtherSpellings) {
  const Table table = Load("arch,x\nAB,1\n");
  EXPECT_EQ(table.architectures()[0].text(), "ab");
  EXPECT_EQ(RowOf(table, "aB"), 0);
  EXPECT_EQ(table.Row(Architecture("another space", {0, 1}, "ab")), std::nullopt);
}

TEST_F(TableTest, TakesColumnsInAnyOrderAndQuoted) {
  const Table table = Load("\xEF\xBB\xBF\"x\",\"arch\"\r\n\"1.5\",\"ab\"\r\n\r\n2,cd\r\n");
  EXPECT_EQ(table.rows(), 2);
  EXPECT_EQ(table.Value(*RowOf(table, "ab"), table.Column("x")), 1.5);
}

TEST_F(TableTest, TakesGzip) {
  gzFile file = gzopen(path_.c_str(), "wb");
  gzputs(file, "arch,x\nab,1\n");
  gzclose(file);
  EXPECT_EQ(Table::Load(path_, space_).rows(), 1);
}

TEST_F(TableTest, MayHoldNoRows) {
  const Table table = Load("arch,x\n");
  EXPECT_EQ(table.rows(), 0);
  EXPECT_EQ(table.Column("x"), 1);
}

TEST_F(TableTest, FindsRowsByIndex) {
  const Table table = Load("index,arch,x\n7,ab,1\n,ba,1\n0,cd,1\n");
  EXPECT_EQ(table.RowOfIndex(7), 0);
  EXPECT_EQ(table.RowOfIndex(0), 2);
  EXPECT_EQ(table.RowOfIndex(1), std::nullopt);
  EXPECT_EQ(Load("arch,x\nab,1\n").RowOfIndex(0), std::nullopt);
}

TEST_F(TableTest, CarriesTextAlong) {
  const Table table = Load("arch,device,x,ops\nab,,1,2-1-1\nba,gpu,2,0-0-0\ncd,7,3,1\n");
  EXPECT_EQ(table.Value(2, table.Column("x")), 3.0);
  for (const char* column : {"device", "ops", "arch"}) {
    try {
      table.Column(column);
      ADD_FAILURE() << column;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
      EXPECT_THAT(error.what(), AllOf(HasSubstr("only text"), HasSubstr(column),
                                      HasSubstr("columns of numbers are: x")));
    }
  }
}

TEST_F(TableTest, ListsTheColumnsOfNumbersForAnUnknownOne) {
  EXPECT_EQ(Complaint("arch,note,acc,loss\nab,good,1,2\n", ErrorCode::kInvalidArgument),
            " has no column 'x'; its columns of numbers are: acc or loss");
  EXPECT_EQ(Complaint("arch\nab\n", ErrorCode::kInvalidArgument),
            " has no column 'x'; its columns of numbers are: none");
}

TEST_F(TableTest, AllowsColumnsWithoutName) {
  const Table table = Load(",arch,x,\n0,ab,1,\n1,ba,2,\n");
  EXPECT_EQ(table.Column("x"), 2);
  EXPECT_THROW(table.Column(""), Error);
}

TEST_F(TableTest, BlamesACellThatIsNoNumberOnlyWhenItsColumnIsAskedFor) {
  const std::string content = "arch,x,y\nab,1,1\nba,good,2\ncd,bad,3\n";
  EXPECT_EQ(Load(content).Value(2, Load(content).Column("y")), 3.0);
  EXPECT_EQ(Complaint(content), ", line 3, column 2 (x): 'good' is not a finite number");
}

TEST_F(TableTest, RefusesNumbersThatAreNotFinite) {
  for (const char* cell : {"nan", "-nan", "inf", "-inf", "infinity", "1e999"}) {
    EXPECT_EQ(Complaint(fmt::format("arch,x\nab,{}\n", cell)),
              fmt::format(", line 2, column 2 (x): '{}' is not a finite number", cell));
  }
  for (const char* cell : {"1,5", "1 2", "0x10", "+1", "1.5e", "--1"}) {
    EXPECT_THAT(Complaint(fmt::format("arch,x\nba,1\nab,\"{}\"\n", cell)),
                HasSubstr(", line 3, column 2 (x): "))
        << cell;
  }
}

TEST_F(TableTest, NamesLineAndColumnOfAForeignArchitecture) {
  EXPECT_EQ(Complaint("x,arch\n1,ab\n\n2,ax\n"),
            ", line 4, column 2 (arch): 'ax' is no pair of letters, as 'ad' is");
  EXPECT_THAT(Complaint("x,arch\n1,\n"), HasSubstr(", line 2, column 2 (arch): ''"));
  EXPECT_THAT(Complaint("arch,x\n\"a\nb\",1\n"), HasSubstr("'a?b'"));
  EXPECT_THAT(Complaint("arch,x\n" + std::string(10'000, 'a') + ",1\n"), HasSubstr("..."));
}

TEST_F(TableTest, RefusesAnArchitectureTwiceInAnySpelling) {
  EXPECT_EQ(Complaint("arch,x\n\nab,1\ncd,2\nAB,1\n"),
            ", line 5, column 1 (arch): ab stands on line 3 already");
}

TEST_F(TableTest, RefusesAFaultyIndex) {
  EXPECT_EQ(Complaint("index,arch,x\n3,ab,1\n3,cd,1\n"),
            ", line 3, column 1 (index): 3 stands on line 2 already");
  EXPECT_EQ(Complaint("index,arch,x\n1.5,ab,1\n"),
            ", line 2, column 1 (index): '1.5' is not a whole number");
  EXPECT_EQ(Complaint("index,arch,x\nfirst,ab,1\n"),
            ", line 2, column 1 (index): 'first' is not a whole number");
}

TEST_F(TableTest, RefusesAFaultyHeader) {
  EXPECT_EQ(Complaint(""), " is empty; its first line must name the columns");
  EXPECT_EQ(Complaint("\n\n"), " is empty; its first line must name the columns");
  EXPECT_EQ(Complaint("\ncell,x,y\nab,1,2\n"),
            ", line 2: there is no column 'arch', but cell, x or y");
  EXPECT_EQ(Complaint("arch,x,y,x\n"),
            ", line 1, column 4 (x): there are two columns of this name");
  EXPECT_EQ(Complaint("arch,arch\n"),
            ", line 1, column 2 (arch): there are two columns of this name");
}

TEST_F(TableTest, RefusesMalformedRows) {
  EXPECT_EQ(Complaint("arch,x\nab,1\ncd\n"),
            ", line 3, column 2: the row has 1 cells, but the first has 2");
  EXPECT_EQ(Complaint("arch,x\nab,\"1\n"), ", line 2, column 2: a quote that is never closed");
  EXPECT_THAT(Complaint("\x1f\x8b damaged"), HasSubstr("gzip"));
}

TEST_F(TableTest, NamesAFileThatIsNotThere) {
  try {
    Table::Load("/nonexistent/t.csv", space_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_THAT(error.what(), HasSubstr("/nonexistent/t.csv"));
  }
}

TEST_F(TableTest, SurvivesAnyBytes) {
  Rng rng(Key(1, "bytes"));
  const std::string alphabet = "arch,x\"\n\r \t|~.0123456789-\xEF\xBB\xBF";
  for (int trial = 0; trial < 100; ++trial) {
    std::string content = trial % 2 ? "arch,x\nab,1\n" : "";
    for (std::uint64_t i = rng.Below(60); i > 0; --i)
      content += alphabet[rng.Below(alphabet.size())];
    try {
      Load(content);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kCorrupt) << content;
    }
  }
}

class JoinedTableTest : public testing::Test {
 protected:
  ~JoinedTableTest() override {
    for (const auto& path : paths_) std::filesystem::remove(path);
  }
  Table Load(const std::vector<std::string>& contents) {
    for (const std::string& content : contents) {
      paths_.push_back(testing::TempDir() +
                       fmt::format("mote_joined_{}_{}.csv", ::getpid(), paths_.size()));
      std::ofstream(paths_.back(), std::ios::binary) << content;
    }
    return Table::Load(paths_, space_);
  }
  LettersSpace space_;
  std::vector<std::filesystem::path> paths_;
};

TEST_F(JoinedTableTest, HasWhatIsInAllAndTheColumnsOfAll) {
  const Table table = Load({"arch,x,index\naa,1,10\nbb,2,11\ncc,3,12\n",
                            "y,arch,x\n7,cc,9\n,aa,8\n6,dd,5\n", "arch,z\nCC,30\naa,10\n"});
  ASSERT_EQ(table.rows(), 2);
  EXPECT_EQ(table.architectures()[0].text(), "aa");
  EXPECT_EQ(table.architectures()[1].text(), "cc");
  EXPECT_EQ(table.Value(1, table.Column("x")), 3);  // the first file's
  EXPECT_EQ(table.Value(1, table.Column("y")), 7);
  EXPECT_EQ(table.Value(0, table.Column("y")), std::nullopt);
  EXPECT_EQ(table.Value(0, table.Column("z")), 10);
  EXPECT_EQ(table.Row(space_.Parse("cc")), 1);
  EXPECT_EQ(table.Row(space_.Parse("bb")), std::nullopt);
  EXPECT_EQ(table.RowOfIndex(12), 1);
  EXPECT_EQ(table.RowOfIndex(11), std::nullopt);
}

TEST_F(JoinedTableTest, TakesTheIndicesOfEitherFile) {
  const Table table = Load({"arch,x\naa,1\nbb,2\n", "arch,index\nbb,5\naa,6\n"});
  EXPECT_EQ(table.RowOfIndex(5), 1);
  EXPECT_EQ(table.RowOfIndex(6), 0);
}

TEST_F(JoinedTableTest, RefusesFilesWithoutACommonArchitecture) {
  EXPECT_THROW(Load({"arch,x\naa,1\n", "arch,y\nbb,1\n"}), Error);
}

}  // namespace
}  // namespace mote
