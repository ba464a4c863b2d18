#include "ingest/json_scanner.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <random>
#include <string>

#include "base/limits.hpp"

namespace posthorn::ingest {
namespace {

using namespace std::string_view_literals;

bool accepts(std::string_view text) {
  json_slice value;
  return is_utf8(text) && json_scanner(text, base::limits::json_depth_max).whole(value);
}

// simdjson as a foreign oracle over every single change of a document: both must agree, save for numbers that it cannot
// hold, which this document does not come near.
TEST(JsonScanner, AgreesWithSimdjsonOnEveryChangedByte) {
  const std::string document =
      R"({"a":[1,-2.5e+3,0,true,false,null],"b":{"c":"x\n\u00e9\ud83d\ude00\\\"","d":[]},"e":{},"f":"long plain text"})";
  ASSERT_TRUE(accepts(document));
  simdjson::dom::parser oracle;
  constexpr std::string_view changes = "\0\t\n \"\\,:[]{}0-+.eEtfnu/a\x1f\x7f\x80\xc3\xff"sv;
  std::size_t compared = 0;
  const auto compare = [&](const std::string& text) {
    simdjson::dom::element root;
    const bool theirs = oracle.parse(text).get(root) == simdjson::SUCCESS;
    ++compared;
    EXPECT_EQ(accepts(text), theirs) << text;
  };
  for (std::size_t at = 0; at <= document.size(); ++at) {
    for (const char c : changes) {
      compare(std::string(document).insert(at, 1, c));
      if (at < document.size()) {
        std::string changed = document;
        changed[at] = c;
        compare(changed);
      }
    }
    compare(document.substr(0, at));
    if (at < document.size()) compare(std::string(document).erase(at, 1));
  }
  EXPECT_GT(compared, 5'000U);
}

TEST(JsonScanner, SlicesAreExact) {
  json_scanner scanner(R"( { "a" : [ 1 , 2 ] , "b":"x" } )", 8);
  std::string_view key;
  json_slice value;
  ASSERT_TRUE(scanner.begin_object());
  ASSERT_TRUE(scanner.next_member(key, value));
  EXPECT_EQ(key, "a");
  EXPECT_EQ(value.text, "[ 1 , 2 ]");
  EXPECT_TRUE(value.spaced);
  std::string compact;
  append_compact(compact, value);
  EXPECT_EQ(compact, "[1,2]");
  ASSERT_TRUE(scanner.next_member(key, value));
  EXPECT_EQ(key, "b");
  EXPECT_EQ(value.inner(), "x");
  EXPECT_FALSE(value.spaced);
  EXPECT_FALSE(scanner.next_member(key, value));
  EXPECT_EQ(scanner.fault(), "");
}

TEST(JsonScanner, CompactsWhateverTheLengthOfTheRest) {
  // minify works in blocks: every length around their edges, in a buffer of exactly that size.
  for (std::size_t length = 1; length < 200; ++length) {
    std::string spaced = "[\"" + std::string(length, 'x') + "\" ";
    spaced += ", 1 ]";
    json_slice value;
    ASSERT_TRUE(json_scanner(spaced, 4).whole(value));
    std::string compact = "prefix";
    append_compact(compact, value);
    EXPECT_EQ(compact, "prefix[\"" + std::string(length, 'x') + "\",1]");
  }
}

}  // namespace
}  // namespace posthorn::ingest
