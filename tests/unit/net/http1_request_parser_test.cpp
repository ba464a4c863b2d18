#include "net/http1_request_parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace posthorn::net {
namespace {

using base::fault;

parse_outcome parse_once(std::string_view input, request_limits limits = {}) {
  request_parser parser(limits);
  return parser.parse(input);
}

struct refused_head {
  const char* name;
  std::string text;
  fault code;
  std::string_view detail_part;
};

std::string get_with(const std::string& lines) { return "GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n"; }

std::vector<refused_head> refused_heads() {
  const fault bad = fault::malformed_request;
  using namespace std::string_literals;
  return {
      {"bare_lf_in_request_line", "GET / HTTP/1.1\nHost: a\r\n\r\n", bad, "LF alone"},
      {"bare_lf_in_header", "GET / HTTP/1.1\r\nHost: a\n\r\n", bad, "LF alone"},
      {"bare_lf_as_end", "GET / HTTP/1.1\r\nHost: a\r\n\n", bad, "LF alone"},
      {"bare_cr_in_value", get_with("X: a\rb\r\n"), bad, "control character"},
      {"bare_cr_before_crlf", get_with("X: a\r\r\n"), bad, "control character"},
      {"cr_first", "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", bad, "CR stands without"},
      {"two_empty_lines_first", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", bad, "start with a method"},
      {"nul_in_value", get_with("X: a\0b\r\n"s), bad, "control character"},
      {"bell_in_value", get_with("X: a\x07\r\n"), bad, "control character"},
      {"delete_in_value", get_with("X: a\x7f\r\n"), bad, "control character"},
      {"vertical_tab_before_chunked",
       get_with("Transfer-Encoding: \x0b"
                "chunked\r\n"),
       bad, "control character"},
      {"space_before_colon", get_with("X : a\r\n"), bad, "before a header's colon"},
      {"tab_before_colon", get_with("X\t: a\r\n"), bad, "before a header's colon"},
      {"folded_line", get_with("X: a\r\n b\r\n"), bad, "folding"},
      {"first_header_folded", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", bad, "folding"},
      {"no_colon", get_with("X\r\n"), bad, "no colon"},
      {"empty_name", get_with(": a\r\n"), bad, "invalid name"},
      {"name_not_token", get_with("X(: a\r\n"), bad, "invalid name"},
      {"name_above_ascii", get_with("X\xc3\xa9: a\r\n"), bad, "invalid name"},
      {"nul_in_name", get_with("X\0Y: a\r\n"s), bad, "invalid name"},
      {"tls_handshake", "\x16\x03\x01\x02", bad, "start with a method"},
      {"no_target", "GET HTTP/1.1\r\nHost: a\r\n\r\n", bad, "request line"},
      {"no_version", "GET /\r\nHost: a\r\n\r\n", bad, "request line"},
      {"two_spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", bad, "percent-encoded"},
      {"space_in_target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", bad, "percent-encoded"},
      {"tab_as_separator", "GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n", bad, "request line"},
      {"space_behind_version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", bad, "request line"},
      {"method_not_token", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n", bad, "method"},
      {"method_too_long", std::string(33, 'G') + " / HTTP/1.1\r\nHost: a\r\n\r\n", bad, "method"},
      {"lower_case_version", "GET / http/1.1\r\nHost: a\r\n\r\n", bad, "request line"},
      {"long_version", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", bad, "request line"},
      {"version_2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", fault::version_not_supported, "HTTP/1.1"},
      {"version_0_9", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", fault::version_not_supported, "HTTP/1.1"},
      {"version_1_2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", fault::version_not_supported, "HTTP/1.1"},
      {"fragment_in_target", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", bad, "percent-encoded"},
      {"target_above_ascii", "GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n", bad, "percent-encoded"},
      {"nul_in_target", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"s, bad, "percent-encoded"},
      {"asterisk_form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", bad, "neither a path nor"},
      {"authority_form", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", bad, "neither a path nor"},
      {"foreign_scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", bad, "neither a path nor"},
      {"absolute_without_host", "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", bad, "host is invalid"},
      {"absolute_with_user", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", bad, "host is invalid"},
      {"host_missing", "GET / HTTP/1.1\r\n\r\n", bad, "Host is missing"},
      {"host_twice", "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", bad, "more than once"},
      {"host_with_path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", bad, "Host is not"},
      {"host_list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", bad, "Host is not"},
      {"length_twice_equal", get_with("Content-Length: 5\r\nContent-Length: 5\r\n"), bad, "more than once"},
      {"length_twice_different", get_with("Content-Length: 5\r\ncontent-length: 6\r\n"), bad, "more than once"},
      {"length_list", get_with("Content-Length: 5, 5\r\n"), bad, "decimal"},
      {"length_plus", get_with("Content-Length: +5\r\n"), bad, "decimal"},
      {"length_minus", get_with("Content-Length: -5\r\n"), bad, "decimal"},
      {"length_hex", get_with("Content-Length: 0x5\r\n"), bad, "decimal"},
      {"length_empty", get_with("Content-Length:\r\n"), bad, "decimal"},
      {"length_inner_space", get_with("Content-Length: 5 5\r\n"), bad, "decimal"},
      {"length_overflow", get_with("Content-Length: 18446744073709551621\r\n"), fault::payload_too_large, "limit"},
      {"length_and_chunked", get_with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), bad,
       "exclude each other"},
      {"chunked_and_length", get_with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), bad,
       "exclude each other"},
      {"coding_gzip", get_with("Transfer-Encoding: gzip, chunked\r\n"), fault::not_implemented, "chunked"},
      {"coding_identity", get_with("Transfer-Encoding: identity\r\n"), fault::not_implemented, "chunked"},
      {"coding_twice", get_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), fault::not_implemented,
       "once"},
      {"coding_then_identity", get_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
       fault::not_implemented, "once"},
      {"coding_empty", get_with("Transfer-Encoding:\r\n"), fault::not_implemented, "chunked"},
      {"coding_in_1_0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", bad, "HTTP/1.0"},
      {"unknown_expectation", get_with("Expect: 200-ok\r\n"), fault::expectation_failed, "100-continue"},
  };
}

class RefusedHead : public testing::TestWithParam<refused_head> {};

TEST_P(RefusedHead, NamesItsRule) {
  const parse_outcome outcome = parse_once(GetParam().text);
  ASSERT_EQ(outcome.status, parse_status::fault);
  EXPECT_EQ(outcome.code, GetParam().code);
  EXPECT_NE(outcome.detail.find(GetParam().detail_part), std::string_view::npos) << outcome.detail;
}

// However the bytes arrive, the end is the same refusal: never acceptance, never waiting.
TEST_P(RefusedHead, IsRefusedAtEverySplit) {
  const std::string& text = GetParam().text;
  request_parser parser;
  parse_outcome outcome;
  for (std::size_t arrived = 1; arrived <= text.size() && outcome.status == parse_status::need_more; ++arrived) {
    outcome = parser.parse(std::string(text, 0, arrived));
  }
  ASSERT_EQ(outcome.status, parse_status::fault);
  EXPECT_EQ(outcome.code, GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(Table, RefusedHead, testing::ValuesIn(refused_heads()),
                         [](const auto& row) { return row.param.name; });

struct taken_head {
  const char* name;
  std::string text;
  std::string_view method, path, query, authority;
  body_framing framing = body_framing::none;
  std::uint64_t content_length = 0;
  bool keep_alive = true;
  bool expect_continue = false;
};

std::vector<taken_head> taken_heads() {
  return {
      {"minimal", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/", "", "a"},
      {"empty_line_first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/", "", "a"},
      {"query", "GET /x?a=1&b=%20 HTTP/1.1\r\nHost: a:80\r\n\r\n", "GET", "/x", "a=1&b=%20", "a:80"},
      {"two_questions", "GET /x?a?b HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/x", "a?b", "a"},
      {"empty_query", "GET /x? HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/x", "", "a"},
      {"absolute", "GET http://b:81/x?y HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/x", "y", "b:81"},
      {"absolute_no_path", "GET HTTPS://b HTTP/1.1\r\nHost: b\r\n\r\n", "GET", "/", "", "b"},
      {"absolute_no_path_query", "GET http://b?q HTTP/1.1\r\nHost: b\r\n\r\n", "GET", "/", "q", "b"},
      {"ipv6_host", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", "GET", "/", "", "[::1]:8080"},
      {"empty_host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET", "/", "", ""},
      {"unknown_method", "BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n", "BREW", "/pot", "", "a"},
      {"length", "POST / HTTP/1.1\r\nHost: a\r\ncontent-LENGTH: \t007 \r\n\r\n", "POST", "/", "", "a",
       body_framing::length, 7},
      {"length_zero", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "POST", "/", "", "a",
       body_framing::length, 0},
      {"chunked", "POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding: CHUNKED\r\n\r\n", "POST", "/", "", "a",
       body_framing::chunked},
      {"close", "GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n", "GET", "/", "", "a", body_framing::none, 0,
       false},
      {"old", "GET / HTTP/1.0\r\n\r\n", "GET", "/", "", "", body_framing::none, 0, false},
      {"old_keep_alive", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "GET", "/", "", "", body_framing::none, 0,
       true},
      {"close_beats_keep_alive", "GET / HTTP/1.0\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n", "GET", "/",
       "", "", body_framing::none, 0, false},
      {"expect", "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n", "PUT", "/", "", "a",
       body_framing::length, 3, true, true},
      {"expect_in_1_0", "PUT / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n", "PUT", "/", "", "",
       body_framing::length, 3, false, false},
  };
}

void expect_taken(const request_head& head, const taken_head& want) {
  EXPECT_EQ(head.method, want.method);
  EXPECT_EQ(head.path, want.path);
  EXPECT_EQ(head.query, want.query);
  EXPECT_EQ(head.authority, want.authority);
  EXPECT_EQ(head.framing, want.framing);
  EXPECT_EQ(head.content_length, want.content_length);
  EXPECT_EQ(head.keep_alive, want.keep_alive);
  EXPECT_EQ(head.expect_continue, want.expect_continue);
}

class TakenHead : public testing::TestWithParam<taken_head> {};

TEST_P(TakenHead, IsUnderstoodAtEverySplit) {
  const std::string& text = GetParam().text;
  request_parser parser;
  for (std::size_t first = 0; first < text.size(); ++first) {
    parser.reset();
    const std::string part(text, 0, first);
    ASSERT_EQ(parser.parse(part).status, parse_status::need_more) << "after " << first << " bytes";
    const std::string whole = text + "GET /next";
    const parse_outcome outcome = parser.parse(whole);
    ASSERT_EQ(outcome.status, parse_status::done) << outcome.detail;
    EXPECT_EQ(outcome.consumed, text.size());
    expect_taken(parser.head(), GetParam());
  }
}

INSTANTIATE_TEST_SUITE_P(Table, TakenHead, testing::ValuesIn(taken_heads()),
                         [](const auto& row) { return row.param.name; });

TEST(RequestParser, KeepsFieldsInOrderAndFindsThemInAnyCase) {
  const std::string text = get_with("X-A: 1\r\nx-b:\t two words \t\r\nX-a: 3\r\nX-Empty:\r\nX-High: \xc3\xa9\r\n");
  request_parser parser;
  ASSERT_EQ(parser.parse(text).status, parse_status::done);
  const field_list& fields = parser.head().fields;
  EXPECT_EQ(fields.size(), 6U);
  EXPECT_EQ(fields.find("x-A"), "1");
  EXPECT_EQ(fields.find("X-B"), "two words");
  EXPECT_EQ(fields.find("x-empty"), "");
  EXPECT_EQ(fields.find("x-high"), "\xc3\xa9");
  EXPECT_EQ(fields.find("x-none"), std::nullopt);
  EXPECT_EQ(fields.count("x-a"), 2U);
}

TEST(RequestParser, ForgetsTheRequestBefore) {
  request_parser parser;
  const std::string first =
      "POST http://b/x?q HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n";
  ASSERT_EQ(parser.parse(first).status, parse_status::done);
  parser.reset();
  const std::string second = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  ASSERT_EQ(parser.parse(second).status, parse_status::done);
  expect_taken(parser.head(), taken_heads().front());
  EXPECT_EQ(parser.head().fields.size(), 1U);
}

TEST(RequestParserLimits, TargetIsRefusedBeforeItsLineEnds) {
  const request_limits limits{.target_bytes_max = 100};
  const std::string fits = "GET /" + std::string(99, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_EQ(parse_once(fits, limits).status, parse_status::done);
  const std::string too_long = "GET /" + std::string(100, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_EQ(parse_once(too_long, limits).code, fault::uri_too_long);
  const parse_outcome unfinished = parse_once("GET /" + std::string(200, 'a'), limits);
  EXPECT_EQ(unfinished.status, parse_status::fault);
  EXPECT_EQ(unfinished.code, fault::uri_too_long);
}

TEST(RequestParserLimits, HeadIsRefusedBeforeItEnds) {
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
  const request_limits limits{.head_bytes_max = start.size() + 14};
  EXPECT_EQ(parse_once(start + std::string(10, 'x') + "\r\n\r\n", limits).status, parse_status::done);
  EXPECT_EQ(parse_once(start + std::string(11, 'x') + "\r\n\r\n", limits).code, fault::headers_too_large);
  const parse_outcome unfinished = parse_once(start + std::string(50, 'x'), limits);
  EXPECT_EQ(unfinished.status, parse_status::fault);
  EXPECT_EQ(unfinished.code, fault::headers_too_large);
}

TEST(RequestParserLimits, HeadersAreCounted) {
  const request_limits limits{.headers_max = 3};
  EXPECT_EQ(parse_once(get_with("A: 1\r\nB: 2\r\n"), limits).status, parse_status::done);
  EXPECT_EQ(parse_once(get_with("A: 1\r\nB: 2\r\nC: 3\r\n"), limits).code, fault::headers_too_large);
}

}  // namespace
}  // namespace posthorn::net
