#include "mote/backends/native/isa.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mote/base/error.h"

namespace mote::native {
namespace {

TEST(Isa, UsesTheBestAvailableUntilCapped) {
  const std::vector<std::string> isas = AvailableIsas();
  ASSERT_FALSE(isas.empty());
  EXPECT_EQ(Isa(), isas.front());
  int before = 64;
  for (const std::string& isa : isas) {
    CapIsa(isa);
    EXPECT_EQ(Isa(), isa);
    EXPECT_LE(Lanes(), before);
    EXPECT_GE(Lanes(), 4);
    before = Lanes();
  }
  CapIsa(isas.front());
  EXPECT_EQ(Isa(), isas.front());
}

TEST(Isa, NamesTheAvailableOnesWhenAskedForAnother) {
  try {
    CapIsa("mmx");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("mmx"));
    EXPECT_THAT(error.what(), testing::HasSubstr(AvailableIsas().front()));
  }
}

}  // namespace
}  // namespace mote::native
