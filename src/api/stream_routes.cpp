// The live tail: attempts as they end, as server-sent events (WHATWG HTML, section 9.2).
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "account/access.hpp"
#include "api/handlers.hpp"
#include "api/text_forms.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"

namespace posthorn::api {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
namespace limits = base::limits;

std::string event_text(const live::seen_attempt& of) {
  json::value status = nullptr;
  if (of.status != 0) status = of.status;
  json::value error = nullptr;
  if (of.error != model::error_class::none) error = json::value(model::to_string(of.error));
  const json::object data{{"at", base::to_rfc3339(of.at)},
                          {"event_id", base::format_id(base::event_prefix, of.event)},
                          {"delivery_id", base::format_id(base::delivery_prefix, of.delivery)},
                          {"endpoint_id", base::format_id(base::endpoint_prefix, of.endpoint)},
                          {"type", of.type},
                          {"uid", text_or_null(of.uid)},
                          {"attempt", of.number},
                          {"status", std::move(status)},
                          {"error", std::move(error)},
                          {"delivered", of.delivered},
                          {"ms", of.took_us / 1000.0}};
  return "event: attempt\ndata: " + json::serialize(data) + "\n\n";
}

class attempt_stream final : public net::body_stream {
 public:
  attempt_stream(const asio::any_io_executor& on, const services& with, account::caller who,
                 model::integration_no integration, int seconds)
      : watch_(with.tail, integration),
        pause_(on),
        with_(with),
        who_(std::move(who)),
        integration_(integration),
        left_ms_(std::int64_t{seconds} * 1000) {}

  asio::awaitable<std::optional<std::string>> next() override {
    if (left_ms_ <= 0) co_return std::nullopt;
    left_ms_ -= limits::live_pause_ms;
    pause_.expires_after(std::chrono::milliseconds(limits::live_pause_ms));
    co_await pause_.async_wait(asio::use_awaitable);
    // What was revoked meanwhile shows nothing more.
    if (!account::may_still_see(who_, integration_, with_.directory, with_.sessions, with_.clock))
      co_return std::nullopt;
    std::string text;
    for (const live::seen_attempt& each : watch_.take(limits::live_attempts_a_pause)) text += event_text(each);
    // A comment now and then, so that a peer that is gone is noticed.
    silent_ms_ = text.empty() ? silent_ms_ + limits::live_pause_ms : 0;
    if (silent_ms_ >= limits::live_heartbeat_ms) {
      silent_ms_ = 0;
      text = ":\n\n";
    }
    co_return text;
  }

 private:
  live::tail::watcher watch_;
  asio::steady_timer pause_;
  const services& with_;
  const account::caller who_;
  const model::integration_no integration_;
  std::int64_t left_ms_;
  int silent_ms_ = 0;
};

base::result<int> seconds_of(const call& from) {
  const auto text = from.query("seconds");
  if (!text) return limits::live_s_max;
  int seconds = 0;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), seconds);
  if (failed == std::errc() && end == text->data() + text->size() && seconds > 0 && seconds <= limits::live_s_max) {
    return seconds;
  }
  return base::fail(base::fault::invalid_field,
                    "seconds must be a whole number from 1 to " + std::to_string(limits::live_s_max));
}

}  // namespace

handled get_stream(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto seconds = seconds_of(from);
  if (!seconds) co_return std::unexpected(seconds.error());
  const auto on = co_await asio::this_coro::executor;
  net::response given{.status = 200, .content_type = "text/event-stream"};
  // Proxies that gather answers would hold it back.
  given.headers.emplace_back("X-Accel-Buffering", "no");
  given.body = "retry: 2000\n\n";
  given.more = std::make_shared<attempt_stream>(on, from.with, from.who, (*of)->value.number, *seconds);
  given.close = true;
  co_return given;
}

}  // namespace posthorn::api
