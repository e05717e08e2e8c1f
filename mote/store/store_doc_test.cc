// docs/store.md says what is so: its schema is ours and its queries run.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "mote/base/file.h"
#include "mote/store/schema.h"
#include "mote/store/store.h"
#include "mote/store/store_testing.h"

namespace mote {
namespace {

using testing::NumberedEstimate;
using testing::NumberedProbe;
using testing::SomeProvenance;
using testing::TempFolder;

// The code blocks of the document that are opened with ```<label>.
std::vector<std::string> Blocks(std::string_view label) {
  const std::string text = ReadFile(MOTE_SOURCE_DIR "/docs/store.md");
  const std::string opening = fmt::format("\n```{}\n", label);
  std::vector<std::string> blocks;
  for (std::size_t at = text.find(opening); at != std::string::npos; at = text.find(opening, at)) {
    at += opening.size();
    blocks.push_back(text.substr(at, text.find("\n```", at) + 1 - at));
  }
  return blocks;
}

TEST(StoreDocument, ShowsTheSchema) {
  ASSERT_EQ(Blocks("sql schema").size(), 1u);
  EXPECT_EQ("\n" + Blocks("sql schema")[0], kSchema);
}

TEST(StoreDocument, HasQueriesThatAnswer) {
  const TempFolder folder;
  {
    const auto store = Store::Open(folder / "a.db");
    for (int i = 0; i < 20; ++i) {
      store->PutProbe(NumberedProbe(i), SomeProvenance());
      store->PutEstimates({NumberedEstimate(i)});
    }
  }
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((folder / "a.db").c_str(), &database), SQLITE_OK);
  const std::vector<std::string> queries = Blocks("sql");
  std::vector<int> rows;
  for (const std::string& sql : queries) {
    sqlite3_stmt* statement = nullptr;
    ASSERT_EQ(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr), SQLITE_OK)
        << sql << sqlite3_errmsg(database);
    rows.push_back(0);
    while (sqlite3_step(statement) == SQLITE_ROW) ++rows.back();
    sqlite3_finalize(statement);
  }
  sqlite3_close(database);
  // Ten best of twenty; four failures, each with its own message; one probe on one machine.
  EXPECT_EQ(rows, (std::vector<int>{10, 4, 1}));
}

}  // namespace
}  // namespace mote
