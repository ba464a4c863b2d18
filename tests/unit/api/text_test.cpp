// Queries, cursors, times and masks.
#include <gtest/gtest.h>

#include "api/paging.hpp"
#include "api/query_string.hpp"
#include "api/text_forms.hpp"
#include "base/encoding.hpp"

namespace posthorn::api {
namespace {

using base::fault;

TEST(QueryString, DecodesValues) {
  EXPECT_EQ(find_parameter("a=1&b=x%20y+z%C3%A9&c", "b"), "x y z\xc3\xa9");
  EXPECT_EQ(find_parameter("a=1&c", "c"), "");
  EXPECT_EQ(find_parameter("a=1&c", "d"), std::nullopt);
  EXPECT_EQ(find_parameter("a=b=c", "a"), "b=c");
}

TEST(QueryString, RefusesWhatWouldSilentlyListEverything) {
  EXPECT_TRUE(check_query("", "a b"));
  EXPECT_TRUE(check_query("a=1&b=2&", "a b"));
  for (const std::string_view bad : {"c=1", "a=1&a=2", "a=%zz", "a=%4", "=1", "A=1", "a b=1"}) {
    const auto checked = check_query(bad, "a b");
    ASSERT_FALSE(checked.has_value()) << bad;
    EXPECT_EQ(checked.error().code, fault::malformed_request);
  }
  EXPECT_FALSE(check_query("a=1", ""));
}

TEST(Cursor, BelongsToItsList) {
  const std::string cursor = cursor_text("evt", 1'234'567'890'123);
  EXPECT_EQ(parse_cursor("evt", cursor), 1'234'567'890'123);
  EXPECT_EQ(parse_cursor("dlv", cursor).error().code, fault::malformed_cursor);
}

TEST(Cursor, RefusesWhatNoListGave) {
  for (const std::string_view plain :
       {"evt:", "evt:0", "evt:-1", "evt:1x", "evt1", "evt", ":1", "evt: 1", "evt:99999999999999999999"}) {
    EXPECT_EQ(parse_cursor("evt", base::to_base64url(plain)).error().code, fault::malformed_cursor) << plain;
  }
  for (const std::string_view text : {"", "!", "evt:1", "ZXZ0OjE="}) EXPECT_FALSE(parse_cursor("evt", text)) << text;
}

TEST(Times, ReadsRfc3339AndEpochSeconds) {
  EXPECT_EQ(parse_time("0"), 0);
  EXPECT_EQ(parse_time("1768473000"), 1'768'473'000'000);
  EXPECT_EQ(parse_time("2026-01-15T10:30:00Z"), 1'768'473'000'000);
  EXPECT_EQ(parse_time("2026-01-15T10:30:00.25Z"), 1'768'473'000'250);
  EXPECT_EQ(parse_time("2026-01-15T11:30:00+01:00"), 1'768'473'000'000);
  EXPECT_EQ(parse_time("2026-01-15T05:00:00-05:30"), 1'768'473'000'000);
  EXPECT_EQ(parse_time(base::to_rfc3339(1'768'473'000'123)), 1'768'473'000'123);
}

TEST(Times, RefusesTheRest) {
  for (const std::string_view bad :
       {"", "x", "-1", "2026-01-15", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-15T24:00:00Z",
        "2026-01-15T10:30:00", "2026-01-15T10:30:00.Z", "2026-01-15T10:30:00+1:00", "2026-01-15T10:30:00Zx",
        "99999999999999", "2026-1-15T10:30:00Z", "2026-01-15T-1:30:00Z"}) {
    EXPECT_EQ(parse_time(bad), std::nullopt) << bad;
  }
}

TEST(Masks, ShowWhichKeyItIsAndNoMore) {
  EXPECT_EQ(masked_key("ph_test_0123456789abcdefghij"), "ph_test_***ghij");
  EXPECT_EQ(masked_key("short"), "***");
}

TEST(Utf8, ReplacesOnlyWhatIsNone) {
  EXPECT_EQ(to_utf8("plain \xc3\xa9"), "plain \xc3\xa9");
  EXPECT_EQ(to_utf8("a\xff\xc3\xa9\xc3"), "a\xef\xbf\xbd\xc3\xa9\xef\xbf\xbd");
}

}  // namespace
}  // namespace posthorn::api
