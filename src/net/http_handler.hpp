// What a server hands to the program and what it takes back.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "net/http1_fields.hpp"

namespace posthorn::net {

// Valid, with all its views, until the handler's coroutine has finished. HEAD arrives as GET; the server leaves the
// answer's body out.
struct request {
  std::string_view method = {};
  std::string_view path = {};   // still percent-encoded
  std::string_view query = {};  // behind "?", still percent-encoded
  const field_list& fields;
  std::string_view body = {};
  boost::asio::ip::address remote = {};  // the caller's: a trusted proxy's word is taken (trusted_proxies.hpp)
  bool tls = false;                      // the caller's connection is encrypted, by us or by a trusted proxy's word
  std::string_view request_id = {};      // X-Request-Id where it is 1 to 128 visible ASCII characters, else ""
};

// The rest of a body whose length is not known before. Used on the server's thread, from the answer's first byte on; it
// goes when the peer has gone, at the latest with the piece after that.
class body_stream {
 public:
  virtual ~body_stream() = default;
  // The next piece, "" for none yet; nullopt ends the body. Comes back soon, even with nothing: the server looks
  // between two whether it is to stop. Does not throw.
  [[nodiscard]] virtual boost::asio::awaitable<std::optional<std::string>> next() = 0;
};

struct response {
  int status = 200;
  std::string_view content_type = {};  // must outlive the answer: a literal. Anything else goes into `headers`
  std::string body = {};
  // Content-Length, Connection, Date and Server are the server's own. Values must pass is_field_value.
  std::vector<std::pair<std::string, std::string>> headers = {};
  // Complete lines ("Name: value\r\n") prepared once, for answers that are given often; must outlive the answer.
  std::string_view prepared_fields = {};
  bool close = false;                      // end the connection after this answer
  std::shared_ptr<body_stream> more = {};  // follows `body`; then `close` must be set
};

// Decided on the head alone, before any of the body is read.
struct admission {
  std::size_t body_bytes_max = base::limits::request_body_bytes_max;  // beyond: 413 without reading on
  std::optional<response> refusal = std::nullopt;                     // answered instead of calling handle()
};

// Called on the server's thread. One handler may serve several servers if it is thread-safe.
class request_handler {
 public:
  virtual ~request_handler() = default;
  // `head.body` is empty. Must not block.
  [[nodiscard]] virtual admission on_head(const request& /*head*/) { return {}; }
  // An exception is logged and answered with 500.
  [[nodiscard]] virtual boost::asio::awaitable<response> handle(const request& whole) = 0;
  // The server refuses by itself what it cannot read, or may not hold, and then ends the connection. `known`: what it
  // has understood, which may be nothing but the peer's address. May add to `given`, the answer. Must not block.
  virtual void on_refusal(const request& /*known*/, const base::error& /*why*/, response& /*given*/) {}
};

}  // namespace posthorn::net
