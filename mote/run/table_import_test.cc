#include "mote/run/table_import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "mote/base/file.h"
#include "mote/data/test_files.h"
#include "mote/run/csv.h"
#include "mote/run/table.h"
#include "mote/space/test_spaces.h"

namespace mote {
namespace {

using nlohmann::ordered_json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kCifar10 = "data/nasbench201_cifar10-10/";
constexpr const char* kCifar100 = "data/nasbench201_cifar100-10/";
constexpr const char* kImagenet = "data/nasbench201_img16-10/";

// One made by hand, with two losses along the line and three epochs.
ordered_json RecordOf(int index) {
  std::vector<std::string> operations(6, "nor_conv_3x3");
  for (int edge = 0, rest = index; edge < 6; ++edge, rest /= 2) {
    if (rest % 2 == 1) operations[std::size_t(edge)] = edge % 2 == 0 ? "zeros" : "skip_connect";
  }
  return {{"id", index},
          {"adj_matrix", {{0, 1, 1, 1}, {0, 0, 1, 1}, {0, 0, 0, 1}, {0, 0, 0, 0}}},
          {"operations", operations},
          {"params", 0.5},
          {"flops", 15.5},
          {"train_time_200", 2888.5},
          {"train_accuracy_200", 0.9},
          {"test_accuracy_200", 0.1 + 0.2},
          {"train_time_12", 173},
          {"train_accuracy_12", 0.7},
          {"test_accuracy_12", 0.6},
          {"valtest_accuracy_200", 0.5},
          {"proxy_losses", {2.5, 1.5, 1.25}},
          {"landscape_losses", {2.25, 1}},
          {"proxy_train_time", 5.5},
          {"landscape_term", 8.5},
          {"speed_term", 3.5},
          {"mote", 4.25 + index}};
}

class TableImportTest : public ::testing::Test {
 protected:
  void Put(const std::string& folder, const ordered_json& record) {
    PutText(folder + std::to_string(record["id"].get<int>()) + ".json", record.dump());
  }
  std::filesystem::path PutText(const std::string& name, const std::string& text) {
    return folder_.Write(name, text);
  }
  ImportedTable Import(const std::string& below = "") {
    return ImportAuthorsRecords(folder_.path() / below, *space_);
  }
  // What is said of a folder with one good file and this one, which must be named.
  void ExpectCorrupt(const std::string& name, const std::string& text, const char* words) {
    const auto path = PutText(name, text);
    EXPECT_ERROR(Import(), ErrorCode::kCorrupt, AllOf(HasSubstr(path.string()), HasSubstr(words)));
    std::filesystem::remove(path);
  }
  void ExpectCorrupt(const ordered_json& record, const char* words) {
    ExpectCorrupt(std::string(kCifar10) + "7.json", record.dump(), words);
  }

  TempFolder folder_;
  std::unique_ptr<SearchSpace> space_ = MakeNasBench201();
};

TEST_F(TableImportTest, MakesOneRowOfACellsRecords) {
  Put(kCifar10, RecordOf(2));
  ordered_json other = RecordOf(2);
  other["test_accuracy_200"] = 0.25;
  other["params"] = 0.75;
  Put(kImagenet, other);
  const ImportedTable table = Import();
  EXPECT_EQ(
      table.csv,
      "index,arch,train_seconds,landscape_term,speed_term,mote,landscape_loss_0,landscape_loss_1,"
      "train_loss_1,train_loss_2,train_loss_3,params_m,macs_m,"
      "cifar10_train_acc_200,cifar10_test_acc_200,cifar10_train_acc_12,cifar10_test_acc_12,"
      "cifar10_train_seconds_200,cifar10_train_seconds_12,"
      "imagenet16-120_train_acc_200,imagenet16-120_test_acc_200,imagenet16-120_train_acc_12,"
      "imagenet16-120_test_acc_12,imagenet16-120_train_seconds_200,imagenet16-120_train_seconds_"
      "12\n"
      "2,|nor_conv_3x3~0|+|skip_connect~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_"
      "3x3~2|,5.5,8.5,3.5,6.25,2.25,1,2.5,1.5,1.25,0.5,15.5,"
      "0.9,0.30000000000000004,0.7,0.6,2888.5,173,0.9,0.25,0.7,0.6,2888.5,173\n");
  EXPECT_EQ(table.cells, 1);
  EXPECT_EQ(table.files, 2);
  EXPECT_EQ(table.differing, 0);
  EXPECT_THAT(table.data_sets, ElementsAre("cifar10", "imagenet16-120"));
}

TEST_F(TableImportTest, OrdersByIndexAndLeavesEmptyWhatIsMissing) {
  for (const int index : {10, 9, 1}) Put(kCifar100, RecordOf(index));
  for (const int index : {9, 30}) Put(kCifar10, RecordOf(index));
  PutText("data/nasbench201_cifar10-10/readme.txt", "no record");
  PutText(".git/nasbench201_cifar10-10/5.json", "no folder of records");
  PutText("package.json", "{}");
  const auto rows = ParseCsv(Import().csv, "table");
  ASSERT_EQ(rows.size(), 5u);
  std::vector<std::string> indices;
  for (const CsvRow& row : rows) indices.push_back(row.cells[0]);
  EXPECT_THAT(indices, ElementsAre("index", "1", "9", "10", "30"));
  EXPECT_EQ(rows[1].cells[11], "");  // params_m
  EXPECT_EQ(rows[1].cells[13], "");
  EXPECT_EQ(rows[1].cells[19], "0.9");
  EXPECT_EQ(rows[2].cells[11], "0.5");
  EXPECT_EQ(rows[4].cells[13], "0.9");
  EXPECT_EQ(rows[4].cells[19], "");
}

// What it writes is what --table reads.
TEST_F(TableImportTest, MakesATableWithIndices) {
  for (int index = 0; index < 20; ++index) Put(kCifar10, RecordOf(index));
  const auto path = folder_.path() / "out/table.csv.gz";
  WriteTable(path, Import().csv);
  const std::string packed = ReadFile(path);
  EXPECT_TRUE(packed.starts_with("\x1f\x8b"));
  const Table table = Table::Load(path, *space_);
  EXPECT_EQ(table.rows(), 20);
  EXPECT_EQ(table.Value(*table.RowOfIndex(7), table.Column("mote")), 11.25);
  WriteTable(path, Import().csv);
  EXPECT_EQ(ReadFile(path), packed);
}

TEST_F(TableImportTest, TakesAFolderOfADataSetOrOfAnotherName) {
  Put(kCifar100, RecordOf(3));
  EXPECT_THAT(Import("data/nasbench201_cifar100-10/").data_sets, ElementsAre("cifar100"));
  EXPECT_THAT(Import("data/nasbench201_cifar100-10/.").data_sets, ElementsAre("cifar100"));
  Put("other/", RecordOf(3));
  const ImportedTable table = Import("other");
  EXPECT_THAT(table.data_sets, ElementsAre());
  EXPECT_THAT(table.csv, HasSubstr("train_loss_3\n3,"));
}

TEST_F(TableImportTest, CountsCellsWhoseRecordsDiffer) {
  Put(kCifar10, RecordOf(3));
  Put(kCifar10, RecordOf(4));
  ordered_json other = RecordOf(3);
  other["mote"] = 99;
  Put(kCifar100, other);
  const ImportedTable table = Import();
  EXPECT_EQ(table.differing, 1);
  EXPECT_THAT(table.csv, HasSubstr(",3.5,7.25,"));
  EXPECT_EQ(table.csv.find("99"), std::string::npos);
}

TEST_F(TableImportTest, RefusesWhatIsNoFolderOfRecords) {
  EXPECT_ERROR(Import("none"), ErrorCode::kNotFound, HasSubstr("no folder"));
  EXPECT_ERROR(Import(), ErrorCode::kNotFound, HasSubstr("holds no records"));
  PutText("file", "");
  EXPECT_ERROR(Import("file"), ErrorCode::kNotFound, HasSubstr("is no folder"));
}

TEST_F(TableImportTest, NamesTheFileAtFault) {
  Put(kCifar10, RecordOf(1));
  const std::string good = RecordOf(7).dump();
  const std::string name = std::string(kCifar10) + "7.json";
  ExpectCorrupt(name, "", "is empty");
  ExpectCorrupt(name, " \n", "is empty");
  ExpectCorrupt(name, good.substr(0, good.size() / 2), "truncated");
  ExpectCorrupt(name, good + "}", "no JSON at character");
  ExpectCorrupt(name, "[1]", "no record of a cell");
  ExpectCorrupt(name, "[[[[[", "more levels");
  ExpectCorrupt(name, "{\"id\":1e999}", "too large");
  ExpectCorrupt(name, std::string("{\"mote\":1,") + good.substr(1), "'mote' stands there twice");
  ExpectCorrupt(name, std::string(2 << 20, ' '), "larger than any record");
  ExpectCorrupt(std::string(kCifar10) + "07.json", good, "not called 7.json");
  ExpectCorrupt(std::string(kCifar10) + "7 (1).json", good, "not called 7.json");
}

TEST_F(TableImportTest, NamesTheFileWithAValueThatIsNone) {
  Put(kCifar10, RecordOf(1));
  const auto with = [](const char* key, const ordered_json& value) {
    ordered_json record = RecordOf(7);
    record[key] = value;
    return record;
  };
  ordered_json lacking = RecordOf(7);
  lacking.erase("speed_term");
  ExpectCorrupt(lacking, "no 'speed_term'");
  ExpectCorrupt(with("mote", "high"), "'mote' is no number");
  ExpectCorrupt(with("mote", nullptr), "'mote' is no number");
  ExpectCorrupt(with("proxy_losses", {1, "x", 2}), "'proxy_losses' is no number");
  ExpectCorrupt(with("proxy_losses", ordered_json::array()), "no list of numbers");
  ExpectCorrupt(with("proxy_losses", {1, 2}), "another number of losses");
  ExpectCorrupt(with("operations", {"zeros"}), "'operations'");
  ExpectCorrupt(with("operations", "zeros"), "'operations'");
  ExpectCorrupt(with("operations", std::vector<std::string>(6, "conv")), "'conv'");
  ExpectCorrupt(with("operations", std::vector<std::string>(6, "none~0|+|none")), "no operation");
  ExpectCorrupt(with("adj_matrix", {{0, 1}, {0, 0}}), "adj_matrix");
  ExpectCorrupt(with("id", -7), "'id'");
  ExpectCorrupt(with("id", 7.5), "'id'");
  ExpectCorrupt(with("id", 8), "not called 8.json");
}

TEST_F(TableImportTest, NamesBothOfTwoThatDoNotFit) {
  Put(kCifar10, RecordOf(1));
  ordered_json same = RecordOf(1);
  same["id"] = 7;
  Put(kCifar10, same);
  EXPECT_ERROR(Import(), ErrorCode::kCorrupt,
               AllOf(HasSubstr("/1.json"), HasSubstr("/7.json"), HasSubstr("the same cell")));
  std::filesystem::remove(folder_.path() / (std::string(kCifar10) + "7.json"));
  ordered_json other = RecordOf(5);
  other["id"] = 1;
  Put(kCifar100, other);
  EXPECT_ERROR(Import(), ErrorCode::kCorrupt,
               AllOf(HasSubstr("cifar10-10/1.json"), HasSubstr("cifar100-10/1.json"),
                     HasSubstr("different cells")));
  Put("copy/nasbench201_cifar10-10/", RecordOf(1));
  EXPECT_ERROR(Import(), ErrorCode::kCorrupt,
               AllOf(HasSubstr("copy/nasbench201_cifar10-10"),
                     HasSubstr("data/nasbench201_cifar10-10"), HasSubstr("two folders")));
}

TEST_F(TableImportTest, ReportsProgressAndStops) {
  for (int index = 0; index < 5; ++index) Put(kCifar10, RecordOf(index));
  StopToken stop;
  int reports = 0;
  const auto progress = [&](int read, int files) {
    EXPECT_EQ(read, ++reports);
    EXPECT_EQ(files, 5);
    if (read == 3) stop.Request();
  };
  EXPECT_THROW(ImportAuthorsRecords(folder_.path(), *space_, progress, &stop), Stopped);
  EXPECT_EQ(reports, 3);
}

// The authors' own files, where they are at hand, against what was published of them: rounded to
// five to seven digits behind the point.
TEST_F(TableImportTest, AgreesWithTheReferenceTable) {
  const char* set = std::getenv("MOTE_DATA");
  const std::filesystem::path data =
      (set ? set : std::filesystem::path(MOTE_SOURCE_DIR) / "../shared/data") / "nasbench201";
  if (!std::filesystem::exists(data / "mote-nas-json")) {
    GTEST_SKIP() << "no '" << (data / "mote-nas-json").string() << "': set MOTE_DATA";
  }
  const ImportedTable imported = ImportAuthorsRecords(data / "mote-nas-json", *space_);
  EXPECT_EQ(imported.differing, 0);
  EXPECT_EQ(imported.files, 3 * imported.cells);
  const auto path = folder_.path() / "table.csv";
  WriteTable(path, imported.csv);
  const Table ours = Table::Load(path, *space_);
  int compared = 0;
  for (const char* name : {"mote_reference.csv.gz", "accuracy.csv.gz"}) {
    const Table theirs = Table::Load(data / name, *space_);
    for (const std::string& column : theirs.columns()) {
      if (column == "arch") continue;
      const int our_column = ours.Column(column), their_column = theirs.Column(column);
      const double unit = column.find("_loss_") != std::string::npos ? 1e-5 : 1e-7;
      for (int row = 0; row < ours.rows(); ++row) {
        const auto there = theirs.Row(ours.architectures()[std::size_t(row)]);
        if (!there) continue;
        const auto expected = theirs.Value(*there, their_column);
        ASSERT_TRUE(expected && ours.Value(row, our_column));
        EXPECT_NEAR(*ours.Value(row, our_column), *expected, 0.5001 * unit) << column;
        ++compared;
      }
    }
  }
  EXPECT_EQ(compared, ours.rows() * (65 + 20));
}

}  // namespace
}  // namespace mote
