#include "mote/run/method.h"

#include <gmock/gmock.h>

#include <set>

#include "mote/base/error.h"
#include "mote/run/catalog.h"

namespace mote {
namespace {

// A method is data: what it names must be there.
TEST(Methods, NameWhatThereIs) {
  const Catalog& catalog = BuiltinCatalog();
  std::set<std::string> names;
  for (const Method& method : Methods()) {
    SCOPED_TRACE(method.name);
    EXPECT_TRUE(names.insert(method.name).second);
    EXPECT_TRUE(catalog.strategies.Contains(method.strategy));
    EXPECT_FALSE(method.estimators.empty());
    for (const std::string& estimator : method.estimators) {
      const std::size_t at = estimator.find('@');
      EXPECT_TRUE(catalog.estimators.Contains(estimator.substr(0, at))) << estimator;
      if (at != std::string::npos) {
        EXPECT_TRUE(catalog.presets.Contains(estimator.substr(at + 1))) << estimator;
      }
    }
    for (const auto& [component, options] : ParseAssignments(catalog, method.set)) {
      const bool of_estimator = std::find(method.estimators.begin(), method.estimators.end(),
                                          component) != method.estimators.end();
      EXPECT_TRUE(component == method.strategy || of_estimator) << component;
    }
    // All evaluated, or finals: not both.
    EXPECT_TRUE(method.purpose == Purpose::kScore || method.finals.judged == 0);
  }
}

TEST(Methods, AreFoundByName) {
  EXPECT_EQ(FindMethod("mote-nas-k20").finals.judged, 20);
  try {
    FindMethod("mote-nas-k21");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(error.what(), testing::HasSubstr("mote-nas-k20"));
  }
}

}  // namespace
}  // namespace mote
