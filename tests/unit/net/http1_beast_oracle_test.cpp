// Our request parser against Boost.Beast's, over mutated heads. The rule: what we take, Beast takes and understands the
// same way; what Beast takes and we refuse, we refuse for one of the reasons listed here, on purpose.
#include <gtest/gtest.h>

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstddef>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "net/http1_request_parser.hpp"

namespace posthorn::net {
namespace {

using namespace std::string_view_literals;
namespace http = boost::beast::http;
using foreign_parser = http::request_parser<http::empty_body>;

// Stricter than Beast 1.81, and why it is no loss: RFC 9112 has the server answer 400 (or 501, 417) to these, or calls
// them obsolete, or they are what parsers are known to disagree on.
constexpr std::string_view reasons_to_be_stricter[] = {
    "Host is missing",
    "Host is given more than once",
    "Host is not a host name with an optional port",
    "the request target has a character that must be percent-encoded",
    "the request target is neither a path nor an http(s) URL",
    "the request target's host is invalid",
    "a header line starts with white space (line folding is obsolete)",
    "Content-Length is given more than once",
    "HTTP/1.0 has no Transfer-Encoding",
    "the only transfer coding taken is chunked, given once",
    "the only expectation met is 100-continue",
    "the method is not a token",  // longer than any registered one
};

const std::vector<std::string>& seed_heads() {
  static const std::vector<std::string> heads{
      "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /x?y=z&q=%20 HTTP/1.1\r\nHost: a.example:8080\r\nAccept: */*\r\nUser-Agent: curl/7.88.1\r\n\r\n",
      "POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n",
      "POST /v1/events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n",
      "PUT http://a.example/b HTTP/1.1\r\nHost: a.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
      "DELETE /v1/x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
      "GET / HTTP/1.0\r\n\r\n",
      "PATCH /a HTTP/1.1\r\nhost: [::1]:80\r\napi-key:  \t spaced \t\r\nX-Empty:\r\nX-Two: a, b\r\nX-Two: c\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX: folded\r\n line\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
      "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
  };
  return heads;
}

std::string mutate(std::string text, std::mt19937& random) {
  static constexpr std::string_view bytes = "\r\n \t\0:;,/?#\x7f\x80\xffHA0a1\x0b\x01\""sv;
  const auto pick = [&random](std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
  };
  for (std::size_t rounds = 1 + pick(3); rounds > 0 && !text.empty(); --rounds) {
    const std::size_t at = pick(text.size());
    switch (pick(5)) {
      case 0: text.erase(at, 1 + pick(3)); break;
      case 1: text.insert(at, 1, bytes[pick(bytes.size())]); break;
      case 2: text[at] = bytes[pick(bytes.size())]; break;
      case 3: {  // a line of another head
        const std::string& other = seed_heads()[pick(seed_heads().size())];
        const std::size_t from = other.find("\r\n") + 2;
        const std::size_t line = text.find("\r\n");
        if (line == std::string::npos || from >= other.size() - 2) break;
        text.insert(line + 2, other.substr(from, other.find("\r\n", from) + 2 - from));
        break;
      }
      default: text.insert(at, text.substr(pick(text.size()), 1 + pick(12))); break;
    }
  }
  return text;
}

struct foreign_view {
  bool done = false;
  bool refused = false;
  // Beast wants the Connection and Upgrade fields to be well-formed lists; we look for the members that we know.
  bool refused_for_a_list = false;
  std::size_t consumed = 0;
};

// Beast does not skip an empty line before the request line (RFC 9112 section 2.2): it is not shown to it.
foreign_view ask_beast(foreign_parser& parser, std::string_view text) {
  const std::size_t skipped = text.starts_with("\r\n") ? 2 : 0;
  text.remove_prefix(skipped);
  parser.header_limit(64 * 1024);
  parser.body_limit(boost::none);
  boost::beast::error_code failed;
  foreign_view view;
  view.consumed = skipped + parser.put(boost::asio::buffer(text), failed);
  view.done = parser.is_header_done();
  view.refused = failed && failed != http::error::need_more;
  view.refused_for_a_list = failed == http::error::bad_value;
  return view;
}

void expect_same_understanding(const request_head& ours, const foreign_parser& foreign, const std::string& text) {
  const auto& message = foreign.get();
  EXPECT_EQ(ours.method, std::string_view(message.method_string())) << text;
  EXPECT_EQ(ours.target, std::string_view(message.target())) << text;
  EXPECT_EQ(10U + static_cast<unsigned>(ours.minor_version), message.version()) << text;
  EXPECT_EQ(ours.keep_alive, foreign.keep_alive()) << text;
  EXPECT_EQ(ours.framing == body_framing::chunked, foreign.chunked()) << text;
  const auto length = foreign.content_length();
  EXPECT_EQ(ours.framing == body_framing::length, length.has_value()) << text;
  EXPECT_EQ(ours.content_length, length.value_or(0)) << text;

  // Beast groups fields of one name; their order within a name is the same.
  std::map<std::string, std::vector<std::string>> our_fields;
  std::map<std::string, std::vector<std::string>> foreign_fields;
  const auto lower = [](std::string name) {
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return name;
  };
  for (const field& f : ours.fields) our_fields[lower(std::string(f.name))].emplace_back(f.value);
  for (const auto& f : message) foreign_fields[lower(std::string(f.name_string()))].emplace_back(f.value());
  EXPECT_EQ(our_fields, foreign_fields) << text;
}

bool may_be_stricter(std::string_view detail) {
  for (const std::string_view reason : reasons_to_be_stricter) {
    if (detail == reason) return true;
  }
  return false;
}

TEST(BeastOracle, AgreesOnEveryHeadOrIsStricterOnPurpose) {
  std::mt19937 random(20260115);
  std::size_t both_take = 0;
  std::size_t both_refuse = 0;
  std::map<std::string_view, std::size_t> stricter;
  request_parser parser;
  for (int i = 0; i < 20'000; ++i) {
    const std::string& seed = seed_heads()[static_cast<std::size_t>(i) % seed_heads().size()];
    const std::string text = i < 13 ? seed : mutate(seed, random);
    parser.reset();
    const parse_outcome ours = parser.parse(text);
    foreign_parser foreign;
    const foreign_view theirs = ask_beast(foreign, text);
    switch (ours.status) {
      case parse_status::done:
        if (theirs.refused_for_a_list) break;
        ++both_take;
        ASSERT_TRUE(theirs.done && !theirs.refused) << "we take what Beast refuses: " << testing::PrintToString(text);
        EXPECT_EQ(ours.consumed, theirs.consumed) << testing::PrintToString(text);
        expect_same_understanding(parser.head(), foreign, text);
        break;
      case parse_status::need_more:
        EXPECT_FALSE(theirs.done) << "Beast sees an end that we do not: " << testing::PrintToString(text);
        break;
      case parse_status::fault:
        if (theirs.refused || !theirs.done) {
          ++both_refuse;
        } else {
          ++stricter[ours.detail];
          EXPECT_TRUE(may_be_stricter(ours.detail)) << ours.detail << ": " << testing::PrintToString(text);
        }
        break;
    }
  }
  // The corpus reaches every class, or the comparison says little.
  EXPECT_GT(both_take, 2'000U);
  EXPECT_GT(both_refuse, 2'000U);
  EXPECT_GE(stricter.size(), 8U);
}

}  // namespace
}  // namespace posthorn::net
