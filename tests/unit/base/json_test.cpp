#include "base/json.hpp"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <string>

namespace posthorn::base {
namespace {

std::string nested(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

TEST(json, from_outside_nests_as_deep_as_the_limit) {
  EXPECT_TRUE(parse_json(nested(limits::json_depth_max)));
  const auto deeper = parse_json(nested(limits::json_depth_max + 1));
  ASSERT_FALSE(deeper);
  EXPECT_EQ(deeper.error().code, fault::malformed_json);
  EXPECT_EQ(deeper.error().detail, "nested deeper than 64 levels at byte 64");
}

TEST(json, of_our_own_holds_what_came_from_outside_in_frames) {
  const std::string inner = nested(limits::json_depth_max);
  EXPECT_TRUE(parse_own_json(R"({"before":{"example":)" + inner + R"(},"after":{"example":)" + inner + "}}"));
  EXPECT_FALSE(parse_own_json(nested(limits::json_depth_max + json_frames_max + 1)));
  EXPECT_EQ(boost::json::serialize(own_json(inner)), inner);
  EXPECT_THROW(static_cast<void>(own_json("{")), std::runtime_error);
}

TEST(json, is_exactly_one_value_and_says_where_it_is_not) {
  EXPECT_TRUE(parse_json(" {\"a\":1}\r\n"));
  for (const char* text : {"", "{", "{\"a\":1}x", "nul", "[1,]", "\"\xff\""}) {
    const auto read = parse_json(text);
    ASSERT_FALSE(read) << text;
    EXPECT_NE(read.error().detail.find(" at byte "), std::string::npos) << read.error().detail;
  }
}

}  // namespace
}  // namespace posthorn::base
