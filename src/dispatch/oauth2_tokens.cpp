#include "dispatch/oauth2_tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/object.hpp>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "net/http1_fields.hpp"

namespace posthorn::dispatch {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
namespace limits = base::limits;
using steady = std::chrono::steady_clock;

// application/x-www-form-urlencoded, which RFC 6749 also asks for in the Basic credentials.
std::string form_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string text_member(const json::object& of, std::string_view name) {
  const json::value* found = of.if_contains(name);
  const json::string* text = found != nullptr ? found->if_string() : nullptr;
  return text != nullptr ? std::string(*text) : std::string();
}

// Only what RFC 6749 section 5.2 names is shown: the answer may hold anything.
std::string refusal_of(int status, const json::object* body) {
  std::string problem = fmt::format("the token endpoint answered {}", status);
  const std::string code = body != nullptr ? text_member(*body, "error") : std::string();
  if (!code.empty() && net::is_token(code)) problem += ": " + code;
  return problem;
}

int lifetime_s(const json::object& of) {
  const json::value* given = of.if_contains("expires_in");
  if (given == nullptr || !given->is_number()) return limits::oauth2_token_s_default;
  json::error_code failed;
  const auto seconds = given->to_number<std::int64_t>(failed);
  if (failed) return limits::oauth2_token_s_default;
  return static_cast<int>(std::clamp<std::int64_t>(seconds, 0, limits::oauth2_token_s_max));
}

}  // namespace

token_answer read_token_answer(int status, std::string_view body) {
  const auto parsed = base::parse_json(body);
  const json::object* object = parsed ? parsed->if_object() : nullptr;
  if (status != 200) return {.text = {}, .expires_in_s = 0, .problem = refusal_of(status, object)};
  std::string token = object != nullptr ? text_member(*object, "access_token") : std::string();
  if (token.empty() || token.size() > limits::oauth2_token_bytes_max || !net::is_field_value(token) ||
      token.find_first_of(" \t") != std::string::npos) {
    return {.text = {}, .expires_in_s = 0, .problem = "the token endpoint's answer has no usable access_token"};
  }
  const std::string type = text_member(*object, "token_type");
  if (!type.empty() && !net::equals_ignoring_case(type, "bearer")) {
    return {.text = {}, .expires_in_s = 0, .problem = "the token endpoint's token is not a bearer token"};
  }
  return {.text = std::move(token), .expires_in_s = lifetime_s(*object), .problem = {}};
}

std::string token_request(const model::auth_oauth2& by, const net::endpoint_url& to, std::string_view user_agent) {
  std::string body = "grant_type=client_credentials";
  if (!by.scope.empty()) body += "&scope=" + form_encoded(by.scope);
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\nAuthorization: Basic {}\r\nAccept: application/json\r\n"
      "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{}",
      to.target, to.authority, user_agent,
      base::to_base64(form_encoded(by.client_id) + ":" + form_encoded(by.client_secret)), body.size(), body);
}

struct oauth2_tokens::entry {
  explicit entry(asio::io_context& io) : fetched(io, steady::time_point::max()) {}
  std::int32_t config_version = 0;
  oauth2_token last;                // as the last fetch ended
  steady::time_point good_until{};  // of a token
  bool fetching = false;
  asio::steady_timer fetched;  // cancelled when a fetch has ended
  std::shared_ptr<net::route> route;
};

std::shared_ptr<oauth2_tokens::entry> oauth2_tokens::entry_of(const model::endpoint& of) {
  if (entries_.size() >= limits::oauth2_tokens_kept_max && !entries_.contains(of.id)) {
    const auto now = steady::now();
    std::erase_if(entries_,
                  [now](const auto& each) { return !each.second->fetching && each.second->good_until < now; });
  }
  std::shared_ptr<entry>& found = entries_[of.id];
  if (!found || found->config_version != of.config_version) {
    found = std::make_shared<entry>(io_);
    found->config_version = of.config_version;
  }
  return found;
}

asio::awaitable<oauth2_token> oauth2_tokens::get(std::shared_ptr<const model::endpoint> of) {
  const std::shared_ptr<entry> mine = entry_of(*of);
  if (!mine->last.text.empty() && steady::now() < mine->good_until) co_return mine->last;
  if (mine->fetching) {
    boost::system::error_code cancelled;
    co_await mine->fetched.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    co_return mine->last;
  }
  mine->fetching = true;
  oauth2_token got = co_await fetch(std::get<model::auth_oauth2>(of->auth), of->timeout_ms, *mine);
  mine->fetching = false;
  mine->last = got;
  mine->fetched.cancel();
  co_return got;
}

asio::awaitable<oauth2_token> oauth2_tokens::fetch(const model::auth_oauth2& by, int timeout_ms, entry& into) {
  const auto url = net::parse_endpoint_url(by.token_url, urls_);
  if (!url) co_return oauth2_token{{}, model::error_class::configuration, "the token URL: " + url.error().detail};
  into.route = client_.open_route({.tls = url->tls, .host = url->host, .port = url->port});
  const std::string request = token_request(by, *url, user_agent_);
  const asio::const_buffer whole = asio::buffer(request);
  const auto begun = steady::now();
  const net::exchange_limits within{.timeout_ms = timeout_ms,
                                    .body_bytes_max = limits::oauth2_answer_bytes_max,
                                    .evidence_body_bytes_max = limits::oauth2_answer_bytes_max};
  const net::exchange_result result = co_await client_.exchange(*into.route, {&whole, 1}, within);
  if (result.error != net::exchange_error::none) {
    co_return oauth2_token{{}, static_cast<model::error_class>(result.error), "the token endpoint: " + result.detail};
  }
  token_answer answer = read_token_answer(result.status, result.response_body);
  if (answer.text.empty()) co_return oauth2_token{{}, model::error_class::configuration, std::move(answer.problem)};
  // Early enough that a token is not refused on its way.
  const int margin_s = std::min(limits::oauth2_margin_s_max, answer.expires_in_s / 10);
  into.good_until = begun + std::chrono::seconds(answer.expires_in_s - margin_s);
  co_return oauth2_token{std::move(answer.text), model::error_class::none, {}};
}

void oauth2_tokens::drop(model::endpoint_id of, std::string_view text) {
  const auto found = entries_.find(of);
  if (found != entries_.end() && found->second->last.text == text) found->second->good_until = {};
}

}  // namespace posthorn::dispatch
