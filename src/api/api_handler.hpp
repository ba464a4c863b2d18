// The API as an HTTP server sees it: finds the route, checks who calls and what they bring, calls the handler, turns
// errors into problems, counts, and notes refused calls for the troubleshooting log (contract 2.10).
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <optional>

#include "account/authenticator.hpp"
#include "api/call.hpp"
#include "api/mailbox.hpp"
#include "api/metrics.hpp"
#include "api/routes.hpp"
#include "api/services.hpp"
#include "net/http_handler.hpp"

namespace posthorn::api {

// Which routes a listener serves beside health: the API and the pages, or metrics.
enum class door : std::uint8_t { customers, operators };

// One a server, on its io_context's thread. `with` and `io` outlive it; the io_context runs on one thread.
class api_handler : public net::request_handler {
 public:
  api_handler(services& with, boost::asio::io_context& io, door which);

  [[nodiscard]] net::admission on_head(const net::request& head) override;
  [[nodiscard]] boost::asio::awaitable<net::response> handle(const net::request& whole) override;
  void on_refusal(const net::request& known, const base::error& why, net::response& given) override;

 private:
  [[nodiscard]] base::result<route_match> find(const net::request& of, std::string& allow) const;
  struct admitted {
    account::caller who = {};
    journey_caller person = {};
  };
  [[nodiscard]] base::result<admitted> admit(const route& to, const net::request& of);
  [[nodiscard]] base::result<account::caller> identify(const route& to, const net::request& of);
  [[nodiscard]] base::result<journey_caller> read_session_token(const net::request& of) const;
  [[nodiscard]] base::result<account::caller> authenticate(const net::request& of);
  [[nodiscard]] base::result<account::caller> by_cookie(const net::request& of) const;
  [[nodiscard]] std::size_t body_bytes_max(const route& to) const noexcept;
  [[nodiscard]] net::admission admit_head(const net::request& head);
  [[nodiscard]] boost::asio::awaitable<net::response> serve(const net::request& whole, const route_match& match,
                                                            call& about);
  [[nodiscard]] net::response refuse(const net::request& of, std::size_t place, const base::error& why,
                                     const call* about);
  void begin_audit(call& about, const route& to);
  [[nodiscard]] boost::asio::awaitable<base::result<void>> end_audit(call& about);
  // The call's own where it has one already, else the caller's, else a new one.
  [[nodiscard]] std::string request_id_of(const net::request& of, const call* about);
  void finish(net::response& answer, std::string request_id, std::size_t place, std::int64_t began_us);
  // The fields that every answer has.
  void seal(net::response& answer) const;
  void note(const net::request& of, std::size_t place, const base::error& why, int status, const call* about);

  services& with_;
  const door door_;
  mailbox mail_;
  account::authenticator authenticator_;
  request_meter& meter_;
  std::uint64_t next_request_id_;
  std::int64_t unreadable_second_ = 0;
  int unreadable_in_second_ = 0;  // those of them that went into the log
};

}  // namespace posthorn::api
