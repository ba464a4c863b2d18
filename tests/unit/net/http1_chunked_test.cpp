#include "net/http1_chunked.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace posthorn::net {
namespace {

using base::fault;

struct decoded {
  chunk_status status = chunk_status::need_more;
  fault code{};
  std::string body;
  std::size_t consumed = 0;
};

// Feeds `input` in pieces of at most `piece` bytes.
decoded decode(std::string_view input, std::size_t piece, chunk_limits limits = {}) {
  chunked_decoder decoder(limits);
  decoded out;
  while (true) {
    const chunk_step step = decoder.next(input.substr(out.consumed, piece));
    out.consumed += step.consumed;
    out.status = step.status;
    out.code = step.code;
    if (step.status == chunk_status::data) {
      out.body += step.data;
    } else if (step.status != chunk_status::need_more || out.consumed == input.size()) {
      return out;
    }
  }
}

struct taken_body {
  const char* name;
  std::string coded;
  std::string body;
};

std::vector<taken_body> taken_bodies() {
  return {
      {"empty", "0\r\n\r\n", ""},
      {"one", "5\r\nhello\r\n0\r\n\r\n", "hello"},
      {"two", "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world"},
      {"hex_in_both_cases", "a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n", "01234567890123456789a"},
      {"leading_zeros", "0005\r\nhello\r\n000\r\n\r\n", "hello"},
      {"data_looks_like_framing", "7\r\n0\r\n\r\n0\r\r\n0\r\n\r\n", "0\r\n\r\n0\r"},
      {"extension", "5;a=b;c=\"d e\"\r\nhello\r\n0;x\r\n\r\n", "hello"},
      {"space_before_extension", "5 \t;a\r\nhello\r\n0\r\n\r\n", "hello"},
      {"trailers", "5\r\nhello\r\n0\r\nX-Sum: 1\r\nY:\r\n\r\n", "hello"},
  };
}

class TakenBody : public testing::TestWithParam<taken_body> {};

TEST_P(TakenBody, DecodesInPiecesOfAnySize) {
  const std::string wire = GetParam().coded + "GET /next";
  for (std::size_t piece = 1; piece <= wire.size(); ++piece) {
    const decoded out = decode(wire, piece);
    ASSERT_EQ(out.status, chunk_status::done) << "pieces of " << piece;
    EXPECT_EQ(out.body, GetParam().body);
    EXPECT_EQ(out.consumed, GetParam().coded.size()) << "the next message's bytes are left alone";
  }
}

TEST_P(TakenBody, IsNeverDoneEarly) {
  for (std::size_t arrived = 0; arrived < GetParam().coded.size(); ++arrived) {
    EXPECT_EQ(decode(GetParam().coded.substr(0, arrived), arrived + 1).status, chunk_status::need_more);
  }
}

INSTANTIATE_TEST_SUITE_P(Table, TakenBody, testing::ValuesIn(taken_bodies()),
                         [](const auto& row) { return row.param.name; });

struct refused_body {
  const char* name;
  std::string coded;
  fault code = fault::malformed_request;
};

std::vector<refused_body> refused_bodies() {
  using namespace std::string_literals;
  return {
      {"no_size", "\r\nhello\r\n"},
      {"not_hex", "g\r\n"},
      {"negative", "-1\r\n"},
      {"plus", "+5\r\nhello\r\n"},
      {"hex_prefix", "0x5\r\nhello\r\n"},
      {"space_first", " 5\r\nhello\r\n"},
      {"space_last", "5 \r\nhello\r\n"},
      {"underscore", "1_0\r\n"},
      {"bare_lf_behind_size", "5\nhello\r\n0\r\n\r\n"},
      {"bare_cr_behind_size", "5\rhello"},
      {"bare_lf_in_extension", "5;a\nhello\r\n0\r\n\r\n"},
      {"bare_cr_in_extension", "5;a\rb\r\nhello\r\n"},
      {"nul_in_extension", "5;a\0b\r\n"s},
      {"data_too_long", "5\r\nhello!\r\n0\r\n\r\n"},
      {"data_too_short", "5\r\nhell\r\n0\r\n\r\n"},
      {"bare_lf_behind_data", "5\r\nhello\n0\r\n\r\n"},
      {"bare_cr_behind_data", "5\r\nhello\r0\r\n\r\n"},
      {"size_2_to_60", "1000000000000000\r\n"},
      {"size_wraps_64_bits", "10000000000000005\r\nhello\r\n"},
      {"trailer_folded", "0\r\nX: a\r\n b\r\n\r\n"},
      {"trailer_space_before_colon", "0\r\nX : a\r\n\r\n"},
      {"trailer_no_name", "0\r\n: a\r\n\r\n"},
      {"trailer_no_colon", "0\r\nX\r\n\r\n"},
      {"trailer_bare_lf", "0\r\nX: a\n\r\n"},
      {"trailer_control", "0\r\nX: a\x01\r\n\r\n"},
      {"last_line_bare_cr", "0\r\n\r0"},
      {"last_line_bare_lf", "0\r\n\n"},
      {"long_size_line", "5;" + std::string(300, 'x') + "\r\nhello", fault::headers_too_large},
      {"endless_zeros", std::string(300, '0'), fault::headers_too_large},
      {"long_trailers", "0\r\nX: " + std::string(9000, 'x') + "\r\n\r\n", fault::headers_too_large},
  };
}

class RefusedBody : public testing::TestWithParam<refused_body> {};

TEST_P(RefusedBody, IsAFaultInPiecesOfAnySize) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{3}, GetParam().coded.size()}) {
    const decoded out = decode(GetParam().coded, piece);
    ASSERT_EQ(out.status, chunk_status::fault) << "pieces of " << piece;
    EXPECT_EQ(out.code, GetParam().code);
  }
}

INSTANTIATE_TEST_SUITE_P(Table, RefusedBody, testing::ValuesIn(refused_bodies()),
                         [](const auto& row) { return row.param.name; });

TEST(ChunkedDecoder, BoundsEachLineNotTheirSum) {
  const chunk_limits limits{.header_bytes_max = 8, .trailer_bytes_max = 8};
  std::string coded;
  for (int i = 0; i < 100; ++i) coded += "1;abcd\r\nx\r\n";
  EXPECT_EQ(decode(coded + "0\r\n\r\n", 4096, limits).body, std::string(100, 'x'));
}

TEST(ChunkedDecoder, StartsAfreshAfterReset) {
  chunked_decoder decoder;
  EXPECT_EQ(decoder.next("5\r\nhe").status, chunk_status::data);
  decoder.reset();
  EXPECT_EQ(decoder.next("0\r\n\r\n").status, chunk_status::done);
}

}  // namespace
}  // namespace posthorn::net
