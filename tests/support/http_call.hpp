// A small blocking HTTP/1.1 caller on plain sockets, which also sends bytes that no HTTP library would.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace posthorn::test {

using http_headers = std::vector<std::pair<std::string, std::string>>;

struct http_answer {
  int status = 0;  // 0: the connection ended, or 30 s passed, before a whole answer
  http_headers headers;
  std::string body;

  [[nodiscard]] std::string header(std::string_view name) const;  // "" where there is none; case does not matter
  // The body as JSON; throws where it is none.
  [[nodiscard]] boost::json::value json() const;
};

[[nodiscard]] std::string find_header(const http_headers& in, std::string_view name);

// A connection to 127.0.0.1, opened when it is first needed and kept while the server keeps it. Not thread-safe.
class http_connection {
 public:
  explicit http_connection(std::uint16_t port) : port_(port) {}
  http_connection(const http_connection&) = delete;
  http_connection& operator=(const http_connection&) = delete;
  ~http_connection() { close(); }

  // Adds Host and, with a body or a POST, Content-Length. Never repeats a request by itself.
  http_answer call(std::string_view method, std::string_view target, const http_headers& headers = {},
                   std::string_view body = {});
  // Sends `bytes` as they are, ends the sending half if told to, and reads one answer.
  http_answer exchange(std::string_view bytes, bool then_end = false);
  void close();

 private:
  [[nodiscard]] bool open();
  [[nodiscard]] bool send(std::string_view bytes) const;
  [[nodiscard]] bool receive();
  http_answer read_answer();

  std::uint16_t port_;
  int fd_ = -1;
  std::string in_;
};

// As an API caller: JSON in and out, with one credential. A connection a call.
class api_caller {
 public:
  // `authorization`: the admin's token, or an integration's key; both go as Bearer.
  api_caller(std::uint16_t port, std::string authorization) : port_(port), bearer_(std::move(authorization)) {}

  [[nodiscard]] http_answer get(std::string_view target) const;
  [[nodiscard]] http_answer post(std::string_view target, std::string_view body = {}, http_headers more = {}) const;
  [[nodiscard]] http_answer put(std::string_view target, std::string_view body) const;
  [[nodiscard]] http_answer patch(std::string_view target, std::string_view body) const;
  [[nodiscard]] http_answer remove(std::string_view target) const;
  [[nodiscard]] http_answer post_batch(std::string_view lines, http_headers more = {}) const;

 private:
  [[nodiscard]] http_answer call(std::string_view method, std::string_view target, std::string_view type,
                                 std::string_view body, http_headers headers) const;

  std::uint16_t port_;
  std::string bearer_;
};

}  // namespace posthorn::test
