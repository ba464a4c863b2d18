#include "net/response_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace posthorn::net {
namespace {

struct read_answer {
  exchange_result result;
  bool over = false;
  bool reusable = false;
};

// Feeds `text` in pieces of `piece` bytes, then (where it is not over by then) the connection's end.
read_answer feed(response_reader& reader, std::string_view text, std::size_t piece, exchange_limits limits = {}) {
  read_answer out;
  reader.start(limits, out.result);
  while (!text.empty() && !out.over) {
    const std::span<char> room = reader.prepare();
    const std::size_t bytes = std::min({piece, room.size(), text.size()});
    std::ranges::copy(text.substr(0, bytes), room.begin());
    text.remove_prefix(bytes);
    out.over = reader.commit(bytes) == response_reader::step::over;
  }
  if (!out.over) reader.finish_at_close();
  out.reusable = reader.connection_reusable();
  return out;
}

read_answer feed(std::string_view text, exchange_limits limits = {}) {
  response_reader reader;
  return feed(reader, text, text.size(), limits);
}

constexpr std::string_view chunked =
    "HTTP/1.1 503 Busy\r\nDate: Thu, 15 Jan 2026 10:30:00 GMT\r\nRetry-After: 7\r\nTransfer-Encoding: chunked\r\n\r\n"
    "4\r\nWiki\r\n6;ext=1\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\nX-Sum: 1\r\n\r\n";

TEST(response_reader, reads_a_chunked_answer_whatever_its_split) {
  response_reader reader;
  for (std::size_t piece = 1; piece <= chunked.size(); ++piece) {
    const read_answer got = feed(reader, chunked, piece);
    ASSERT_EQ(got.result.error, exchange_error::none) << piece << ": " << got.result.detail;
    EXPECT_TRUE(got.over && got.reusable) << piece;
    EXPECT_EQ(got.result.status, 503);
    EXPECT_EQ(got.result.response_body, "Wikipedia in \r\n\r\nchunks.");
    EXPECT_EQ(got.result.retry_after, "7");
    EXPECT_EQ(got.result.date, "Thu, 15 Jan 2026 10:30:00 GMT");
    EXPECT_EQ(got.result.response_headers, chunked.substr(0, chunked.find("\r\n\r\n") + 2));
  }
}

TEST(response_reader, a_cut_anywhere_is_a_broken_connection) {
  response_reader reader;
  for (std::size_t length = 0; length < chunked.size(); ++length) {
    const read_answer got = feed(reader, chunked.substr(0, length), 7);
    EXPECT_EQ(got.result.error, exchange_error::connection) << length;
    EXPECT_FALSE(got.reusable) << length;
  }
}

TEST(response_reader, skips_interim_answers_up_to_a_bound) {
  const std::string interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
  const std::string last = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  response_reader reader;
  for (const std::size_t piece : {1U, 3U, 1000U}) {
    const read_answer got = feed(reader, interim + last, piece);
    EXPECT_EQ(got.result.status, 200);
    EXPECT_EQ(got.result.response_body, "ok");
    EXPECT_TRUE(got.reusable);
  }
  std::string endless;
  for (int i = 0; i < 100; ++i) endless += interim;
  EXPECT_EQ(feed(endless + last).result.error, exchange_error::protocol);
  EXPECT_EQ(feed("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n").result.error, exchange_error::protocol);
}

TEST(response_reader, bounds_the_evidence_and_the_body) {
  exchange_limits limits;
  limits.evidence_headers_bytes_max = 20;
  limits.evidence_body_bytes_max = 10;
  limits.body_bytes_max = 1000;
  const std::string body(1000, 'b');
  const read_answer full = feed("HTTP/1.1 200 OK\r\nX-A: aaaaaaaaaaa\r\nContent-Length: 1000\r\n\r\n" + body, limits);
  EXPECT_EQ(full.result.error, exchange_error::none);
  EXPECT_TRUE(full.reusable) << "read to its end and dropped";
  EXPECT_EQ(full.result.response_headers, "HTTP/1.1 200 OK\r\nX-A");
  EXPECT_EQ(full.result.response_body, body.substr(0, 10));

  for (const std::string& head : {std::string("HTTP/1.1 200 OK\r\n\r\n"),
                                  std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n"),
                                  std::string("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n")}) {
    const read_answer large = feed(head + body + "x", limits);
    EXPECT_EQ(large.result.error, exchange_error::too_large) << head;
    EXPECT_EQ(large.result.status, 200);
    EXPECT_EQ(large.result.response_body.size(), 10U);
    EXPECT_FALSE(large.reusable);
  }
}

TEST(response_reader, a_huge_content_length_is_refused_before_the_body) {
  const read_answer got = feed("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
  EXPECT_TRUE(got.over);
  EXPECT_EQ(got.result.error, exchange_error::too_large);
  EXPECT_EQ(got.result.status, 200);
}

TEST(response_reader, an_endless_head_is_too_large) {
  std::string text = "HTTP/1.1 200 OK\r\n";
  while (text.size() < 2 * base::limits::response_head_bytes_max)
    text += "X-Filler: " + std::string(1000, 'x') + "\r\n";
  const read_answer got = feed(text);
  EXPECT_EQ(got.result.error, exchange_error::too_large);
  EXPECT_LE(got.result.response_headers.size(), base::limits::attempt_headers_bytes_max);
}

TEST(response_reader, decides_when_a_connection_may_be_used_again) {
  const auto reusable = [](std::string_view text) {
    const read_answer got = feed(text);
    EXPECT_EQ(got.result.error, exchange_error::none) << text << got.result.detail;
    return got.reusable;
  };
  EXPECT_TRUE(reusable("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_TRUE(reusable("HTTP/1.1 204 No Content\r\n\r\n"));
  EXPECT_TRUE(reusable("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_FALSE(reusable("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_FALSE(reusable("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_FALSE(reusable("HTTP/1.1 200 OK\r\n\r\nuntil the end"));
  EXPECT_FALSE(reusable("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab")) << "left over bytes";
  EXPECT_FALSE(reusable("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\n"));
}

TEST(response_reader, what_is_not_http_is_shown_as_evidence) {
  for (const std::string_view text :
       {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 OK\r\n\r\n", "<html>\r\n\r\n", "\r\n\r\n",
        "HTTP/1.1 200 OK\nX: bare line feeds\n\n", "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n"}) {
    const read_answer got = feed(text);
    EXPECT_EQ(got.result.error, exchange_error::protocol) << text;
    EXPECT_EQ(got.result.status, 0);
    EXPECT_FALSE(got.result.response_headers.empty());
  }
  EXPECT_EQ(feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n").result.error, exchange_error::protocol);
  EXPECT_EQ(feed("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab").result.error,
            exchange_error::protocol);
}

}  // namespace
}  // namespace posthorn::net
