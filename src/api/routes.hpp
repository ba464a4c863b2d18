// The API's addresses, declared in one table: who may call, how large a body, of which type, with which query.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/http_handler.hpp"

namespace posthorn::api {

struct call;

// open: anyone. integration: an integration by its key, the machine admin, or a member for one of its company's
// integrations. company: the machine admin, or a member for its own company. admin: the machine admin alone. member: a
// member, for itself. journey: a person with a session's token, who reaches that session and nothing else. health:
// anyone, on every listener. ops: anyone who reaches the operator's listener.
// A member whose role is viewer only reads, but for what is its own, and not what a route keeps for admins.
enum class scope : std::uint8_t { open, integration, company, admin, member, journey, health, ops };
// Of a member who reads: what hands out a person's data is for admins. Other methods than GET always are.
enum class least_role : std::uint8_t { viewer, admin };
enum class body_kind : std::uint8_t { none, json, ndjson, json_or_csv };
// plain: {"detail":"…"}, which contract 2.5 and 2.6 ask for; webhook_test: and the statuses of 2.6 for a key that is
// missing or wrong.
enum class error_form : std::uint8_t { problem, plain, webhook_test };

using answer = base::result<net::response>;
using handler = boost::asio::awaitable<answer> (*)(call&);

inline constexpr std::size_t path_values_max = 2;
// As a route's query: whatever it says, a page in the browser reads it, not the server.
inline constexpr std::string_view any_query = "*";

struct route {
  std::string_view method;
  std::string_view pattern;  // "/v1/events/{id}": a segment in braces takes any one segment, {rest} all that is left
  scope reach;
  body_kind body;
  std::size_t body_bytes_max;  // 0 for events: the payload's limit and its frame
  std::string_view query;      // the parameters known, separated by spaces; or any_query
  handler handle;
  // What producers and people send all day: not a change that the log of changes tells. GET never is one.
  bool traffic = false;
  error_form errors = error_form::problem;
  bool audited_read = false;  // a GET that the log of changes tells all the same
  least_role role = least_role::viewer;

  [[nodiscard]] bool is_audited() const noexcept {
    return audited_read || (method != "GET" && !traffic && reach != scope::journey);
  }
};

[[nodiscard]] std::span<const route> routes() noexcept;

struct path_values {
  std::array<std::string_view, path_values_max> text{};
  std::size_t count = 0;
};

struct route_match {
  const route* found = nullptr;
  std::size_t place = 0;  // in the table; its size if nothing is found
  path_values values = {};
  std::string allow = {};  // the methods that the path takes, where `found` is null because of the method
};

// Pure: which of `table` a request line means.
[[nodiscard]] route_match match_route(std::span<const route> table, std::string_view method, std::string_view path);

// True if `content_type` ("" where absent, which passes) names the kind of body; parameters such as charset pass.
[[nodiscard]] bool takes_content_type(body_kind kind, std::string_view content_type) noexcept;
// Whether it is text/csv, which has to be said.
[[nodiscard]] bool is_csv(std::string_view content_type) noexcept;

}  // namespace posthorn::api
