#include "cli/patient_caller.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/random.hpp"
#include "net/http1_serialize.hpp"

namespace posthorn::cli {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
namespace limits = base::limits;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr int exchange_ms_max = 15'000;
constexpr auto first_pause = 50ms;
constexpr auto pause_max = 1'000ms;
constexpr auto asked_pause_max = 5'000ms;  // that a Retry-After gets
constexpr std::size_t detail_chars_max = 160;

bool is_worth_repeating(const net::exchange_result& from) {
  constexpr std::array passing{408, 429, 500, 502, 503, 504};
  return from.error != net::exchange_error::none || std::ranges::find(passing, from.status) != passing.end();
}

// The simulator's own address, not the customer's: whoever types it may reach any network.
net::address_guard any_address() {
  net::address_rules rules;
  rules.allow_private = true;
  return net::address_guard(std::move(rules));
}

// The "detail" of problem+json and of {"detail":…}; else the body's beginning.
std::string detail_of(const std::string& body) {
  const auto whole = base::parse_json(body);
  std::string text = body;
  if (whole && whole->is_object()) {
    if (const auto* detail = whole->as_object().if_contains("detail")) {
      text = detail->is_string() ? std::string(detail->as_string()) : json::serialize(*detail);
    }
  }
  return text.size() <= detail_chars_max ? text : text.substr(0, detail_chars_max) + "…";
}

reply reply_of(call_line line, net::exchange_result&& from) {
  const std::string call = fmt::format("{} {}", line.method, line.path);
  if (from.error != net::exchange_error::none) {
    return {.status = 0, .body = {}, .failure = fmt::format("{} got no answer: {}", call, from.detail)};
  }
  reply out{.status = from.status, .body = std::move(from.response_body), .failure = {}};
  if (out.status != 200) out.failure = fmt::format("{} answered {}: {}", call, out.status, detail_of(out.body));
  return out;
}

std::chrono::milliseconds pause_before(int tries, const net::exchange_result& last) {
  auto pause = std::min<std::chrono::milliseconds>(first_pause * (1 << std::min(tries, 10)), pause_max);
  int asked_s = 0;
  if (last.retry_after) {
    const std::string& text = *last.retry_after;
    std::from_chars(text.data(), text.data() + text.size(), asked_s);
  }
  pause = std::max(pause, std::min<std::chrono::milliseconds>(std::chrono::seconds(asked_s), asked_pause_max));
  // Spread, so that people do not all come back at once.
  return std::chrono::milliseconds(
      static_cast<std::int64_t>(static_cast<double>(pause.count()) * (0.5 + base::random_unit())));
}

}  // namespace

patient_caller::patient_caller(asio::io_context& io, const net::endpoint_url& server,
                               std::shared_ptr<const net::tls_client_context> tls)
    : guard_(any_address()),
      names_(io, {}),
      client_(io, names_, guard_, std::move(tls)),
      route_(client_.open_route({.tls = server.tls, .host = server.host, .port = server.port})),
      authority_(server.authority),
      path_before_(server.target.ends_with('/') ? server.target.substr(0, server.target.size() - 1) : server.target) {}

std::string patient_caller::request_text(call_line line, std::string_view credential, std::string_view body) const {
  std::string text;
  net::append_request_line(text, line.method, path_before_ + std::string(line.path));
  net::append_field(text, "Host", authority_);
  text.append(credential).append("\r\n");
  if (!body.empty()) net::append_field(text, "Content-Type", "application/json");
  if (line.method == "POST") net::append_field(text, "Content-Length", body.size());
  text.append("\r\n").append(body);
  return text;
}

asio::awaitable<net::exchange_result> patient_caller::send(const std::string& request) {
  ++requests_;
  const std::array<asio::const_buffer, 1> bytes{asio::buffer(request)};
  net::exchange_limits bounds;
  bounds.timeout_ms = exchange_ms_max;
  bounds.evidence_body_bytes_max = limits::response_body_bytes_max;  // a questionnaire is read whole
  co_return co_await client_.exchange(*route_, bytes, bounds);
}

asio::awaitable<reply> patient_caller::call(call_line line, std::string_view credential, std::string_view body,
                                            asio::steady_timer& pause, std::chrono::milliseconds patience) {
  const std::string request = request_text(line, credential, body);
  const auto until = steady::now() + patience;
  for (int tries = 0;; ++tries) {
    net::exchange_result result = co_await send(request);
    if (stopped_ || !is_worth_repeating(result)) co_return reply_of(line, std::move(result));
    const auto wait = pause_before(tries, result);
    if (steady::now() + wait > until) co_return reply_of(line, std::move(result));
    pause.expires_after(wait);
    boost::system::error_code cancelled;
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    if (stopped_) co_return reply_of(line, std::move(result));
    ++repeated_;
  }
}

}  // namespace posthorn::cli
