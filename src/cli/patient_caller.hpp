// Calls one server's API, and calls again where no usable answer came: the journey calls may be repeated safely
// (docs/sessions.md), so a server that is killed and started again costs time and nothing else.
// One per io_context, used on its thread only.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cli/act.hpp"
#include "net/address_guard.hpp"
#include "net/http_client.hpp"
#include "net/resolver.hpp"
#include "net/url.hpp"

namespace posthorn::cli {

struct reply {
  int status = 0;  // 0: none within the patience, or stopped meanwhile
  std::string body;
  std::string failure;  // for a person, where status is not 200; without what differs between people
};

class patient_caller {
 public:
  // `server`: the API's URL; a path in it precedes every call's own.
  patient_caller(boost::asio::io_context& io, const net::endpoint_url& server,
                 std::shared_ptr<const net::tls_client_context> tls);

  // Sends it until an answer other than 408, 429, 500, 502, 503 or 504 comes, at most for `patience`. `credential` is a
  // whole header field ("api-key: …"). `pause` is the caller's own; cancelling it after stop() ends the wait.
  [[nodiscard]] boost::asio::awaitable<reply> call(call_line line, std::string_view credential, std::string_view body,
                                                   boost::asio::steady_timer& pause,
                                                   std::chrono::milliseconds patience);
  // Nothing is repeated any more.
  void stop() noexcept { stopped_ = true; }

  [[nodiscard]] std::uint64_t requests() const noexcept { return requests_; }
  [[nodiscard]] std::uint64_t repeated() const noexcept { return repeated_; }

 private:
  [[nodiscard]] std::string request_text(call_line line, std::string_view credential, std::string_view body) const;
  [[nodiscard]] boost::asio::awaitable<net::exchange_result> send(const std::string& request);

  const net::address_guard guard_;
  net::resolver names_;
  net::http_client client_;
  const std::shared_ptr<net::route> route_;
  const std::string authority_;
  const std::string path_before_;
  bool stopped_ = false;
  std::uint64_t requests_ = 0;
  std::uint64_t repeated_ = 0;
};

}  // namespace posthorn::cli
