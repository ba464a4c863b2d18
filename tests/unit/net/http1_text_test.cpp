// Fields and serialising: the small functions beneath the parsers.
#include <gtest/gtest.h>

#include <string>

#include "net/http1_fields.hpp"
#include "net/http1_serialize.hpp"
#include "net/read_buffer.hpp"

namespace posthorn::net {
namespace {

TEST(Http1Fields, NamesCompareWithoutCase) {
  EXPECT_TRUE(equals_ignoring_case("Content-Length", "content-LENGTH"));
  EXPECT_FALSE(equals_ignoring_case("a", "ab"));
  EXPECT_FALSE(equals_ignoring_case("@", "`")) << "only letters have a case";
}

TEST(Http1Fields, TokensAndValuesByTheGrammar) {
  EXPECT_TRUE(is_token("X-a_1!#$%&'*+.^`|~"));
  for (const char c : std::string(" \t\r\n\"(),/:;<=>?@[\\]{}\x7f\x80") + '\0')
    EXPECT_FALSE(is_token_char(c)) << int(c);
  EXPECT_FALSE(is_token(""));
  EXPECT_TRUE(is_field_value("a\tb \xff"));
  EXPECT_FALSE(is_field_value("a\r\nX: b"));
  EXPECT_FALSE(is_field_value(std::string_view("\0", 1)));
}

TEST(Http1Fields, ListsAreSearchedByMember) {
  EXPECT_TRUE(list_has_token("keep-alive , CLOSE", "close"));
  EXPECT_FALSE(list_has_token("not-close", "close"));
  EXPECT_FALSE(list_has_token("", "close"));
  EXPECT_TRUE(list_has_token(",,close", "close"));
}

TEST(Http1Serialize, WritesLines) {
  std::string out;
  append_request_line(out, "POST", "/a?b=c");
  append_status_line(out, 202);
  append_field(out, "X", "y");
  append_field(out, "Content-Length", 18446744073709551615ULL);
  EXPECT_EQ(out, "POST /a?b=c HTTP/1.1\r\nHTTP/1.1 202 Accepted\r\nX: y\r\nContent-Length: 18446744073709551615\r\n");
  EXPECT_EQ(reason_phrase(599), "Unknown");
}

#ifdef NDEBUG
TEST(Http1Serialize, LeavesOutAFieldThatWouldForgeTheMessage) {
  std::string out;
  append_field(out, "X", "y\r\nSet-Cookie: z");
  append_field(out, "X y", "z");
  EXPECT_EQ(out, "");
}
#else
TEST(Http1SerializeDeathTest, AssertsThatAFieldCannotForgeTheMessage) {
  std::string out;
  EXPECT_DEATH(append_field(out, "X", "y\r\nSet-Cookie: z"), "safe");
}
#endif

TEST(ReadBuffer, KeepsItsBytesWhileItMovesAndShrinks) {
  read_buffer buffer(16);
  const auto put = [&buffer](std::string_view text) {
    ASSERT_GE(buffer.free_space().size(), text.size());
    std::copy(text.begin(), text.end(), static_cast<char*>(buffer.free_space().data()));
    buffer.commit(text.size());
  };
  EXPECT_TRUE(buffer.reserve(1));
  EXPECT_EQ(buffer.capacity(), 16U);
  put("0123456789abcdef");
  EXPECT_EQ(buffer.free_space().size(), 0U);
  buffer.consume(10);
  EXPECT_TRUE(buffer.reserve_more()) << "makes room by moving to the front";
  EXPECT_EQ(buffer.capacity(), 16U);
  EXPECT_EQ(buffer.view(), "abcdef");
  EXPECT_TRUE(buffer.reserve(100));
  EXPECT_FALSE(buffer.reserve(100));
  put("ghi");
  EXPECT_EQ(buffer.view(), "abcdefghi");
  buffer.truncate(4);
  buffer.shrink();
  EXPECT_EQ(buffer.capacity(), 16U);
  EXPECT_EQ(buffer.view(), "abcd");
}

}  // namespace
}  // namespace posthorn::net
