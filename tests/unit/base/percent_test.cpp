#include "base/percent.hpp"

#include <gtest/gtest.h>

namespace posthorn::base {
namespace {

TEST(Percent, DecodesEveryByte) {
  EXPECT_EQ(percent_decoded(""), "");
  EXPECT_EQ(percent_decoded("a+b"), "a+b");
  EXPECT_EQ(percent_decoded("p%40ss%3a%25%C3%bc"), "p@ss:%\xc3\xbc");
  EXPECT_EQ(percent_decoded("%00"), std::string(1, '\0'));
}

TEST(Percent, RefusesHalfAnEscape) {
  for (const char* broken : {"%", "a%", "%4", "%4g", "%g4", "100%", "%%41", "%+1"}) {
    EXPECT_EQ(percent_decoded(broken), std::nullopt) << broken;
  }
}

}  // namespace
}  // namespace posthorn::base
