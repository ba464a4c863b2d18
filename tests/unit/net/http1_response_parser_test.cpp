#include "net/http1_response_parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace posthorn::net {
namespace {

using base::fault;

struct taken_answer {
  const char* name;
  std::string text;
  int status;
  std::string_view reason;
  body_framing framing;
  std::uint64_t content_length;
  bool keep_alive;
  bool to_head_request = false;
};

std::vector<taken_answer> taken_answers() {
  const auto none = body_framing::none;
  const auto length = body_framing::length;
  const auto until_close = body_framing::until_close;
  return {
      {"plain", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200, "OK", length, 5, true},
      {"empty_reason", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", 200, "", length, 0, true},
      {"no_reason", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, "", length, 0, true},
      {"reason_above_ascii", "HTTP/1.1 404 \xc3\xa9 x\r\nContent-Length: 0\r\n\r\n", 404, "\xc3\xa9 x", length, 0,
       true},
      {"equal_lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", 200, "OK", length, 5,
       true},
      {"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n", 200, "OK", body_framing::chunked, 0, true},
      {"until_close", "HTTP/1.1 200 OK\r\n\r\n", 200, "OK", until_close, 0, false},
      {"close", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n", 200, "OK", length, 1, false},
      {"old", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n", 200, "OK", length, 1, false},
      {"old_keep_alive", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\n", 200, "OK", length, 1,
       true},
      {"continue", "HTTP/1.1 100 Continue\r\n\r\n", 100, "Continue", none, 0, true},
      {"no_content", "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", 204, "No Content", none, 0, true},
      {"no_content_but_length", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", 204, "No Content", none, 0,
       false},
      {"no_content_but_chunked", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", 204, "No Content",
       none, 0, false},
      {"not_modified", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, "Not Modified", none, 0, true},
      {"to_head", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200, "OK", none, 0, true, true},
      {"unusual_status", "HTTP/1.1 999 Blocked\r\nContent-Length: 0\r\n\r\n", 999, "Blocked", length, 0, true},
  };
}

class TakenAnswer : public testing::TestWithParam<taken_answer> {};

TEST_P(TakenAnswer, IsUnderstoodAtEverySplit) {
  const taken_answer& want = GetParam();
  response_parser parser;
  for (std::size_t first = 0; first < want.text.size(); ++first) {
    parser.reset(want.to_head_request);
    ASSERT_EQ(parser.parse(std::string(want.text, 0, first)).status, parse_status::need_more);
    const std::string whole = want.text + "body";
    const parse_outcome outcome = parser.parse(whole);
    ASSERT_EQ(outcome.status, parse_status::done) << outcome.detail;
    EXPECT_EQ(outcome.consumed, want.text.size());
    EXPECT_EQ(parser.head().status, want.status);
    EXPECT_EQ(parser.head().reason, want.reason);
    EXPECT_EQ(parser.head().framing, want.framing);
    EXPECT_EQ(parser.head().content_length, want.content_length);
    EXPECT_EQ(parser.head().keep_alive, want.keep_alive);
  }
}

INSTANTIATE_TEST_SUITE_P(Table, TakenAnswer, testing::ValuesIn(taken_answers()),
                         [](const auto& row) { return row.param.name; });

struct refused_answer {
  const char* name;
  std::string text;
  fault code = fault::malformed_request;
};

std::string ok_with(const std::string& lines) { return "HTTP/1.1 200 OK\r\n" + lines + "\r\n"; }

std::vector<refused_answer> refused_answers() {
  return {
      {"not_http", "SSH-2.0-OpenSSH_9.2\r\n\r\n"},
      {"bare_lf", "HTTP/1.1 200 OK\nContent-Length: 0\n\n"},
      {"two_digit_status", "HTTP/1.1 20 OK\r\n\r\n"},
      {"four_digit_status", "HTTP/1.1 2000 OK\r\n\r\n"},
      {"status_below_100", "HTTP/1.1 099 OK\r\n\r\n"},
      {"status_not_number", "HTTP/1.1 2x0 OK\r\n\r\n"},
      {"no_status", "HTTP/1.1\r\n\r\n"},
      {"control_in_reason", "HTTP/1.1 200 O\rK\r\n\r\n"},
      {"version_2", "HTTP/2.0 200 OK\r\n\r\n", fault::version_not_supported},
      {"lengths_differ", ok_with("Content-Length: 5\r\nContent-Length: 6\r\n")},
      {"length_list", ok_with("Content-Length: 5, 5\r\n")},
      {"length_overflow", ok_with("Content-Length: 99999999999999999999\r\n")},
      {"length_overflow_to_equal", ok_with("Content-Length: 5\r\nContent-Length: 18446744073709551621\r\n")},
      {"length_and_chunked", ok_with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")},
      {"coding_gzip", ok_with("Transfer-Encoding: gzip\r\n"), fault::not_implemented},
      {"coding_in_1_0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {"folded", ok_with("X: a\r\n b\r\n")},
      {"space_before_colon", ok_with("X : a\r\n")},
      {"nul_in_value", ok_with(std::string("X: a\0b\r\n", 8))},
      {"too_large", ok_with("X: " + std::string(base::limits::response_head_bytes_max, 'x') + "\r\n"),
       fault::headers_too_large},
      {"endless", "HTTP/1.1 200 OK\r\nX: " + std::string(base::limits::response_head_bytes_max, 'x'),
       fault::headers_too_large},
  };
}

class RefusedAnswer : public testing::TestWithParam<refused_answer> {};

TEST_P(RefusedAnswer, IsAFault) {
  response_parser parser;
  const parse_outcome outcome = parser.parse(GetParam().text);
  ASSERT_EQ(outcome.status, parse_status::fault);
  EXPECT_EQ(outcome.code, GetParam().code) << outcome.detail;
  EXPECT_FALSE(outcome.detail.empty());
}

INSTANTIATE_TEST_SUITE_P(Table, RefusedAnswer, testing::ValuesIn(refused_answers()),
                         [](const auto& row) { return row.param.name; });

TEST(ResponseParser, CountsHeaders) {
  std::string lines;
  for (std::size_t i = 0; i <= base::limits::response_headers_max; ++i) lines += "X: y\r\n";
  response_parser parser;
  EXPECT_EQ(parser.parse(ok_with(lines)).code, fault::headers_too_large);
}

}  // namespace
}  // namespace posthorn::net
