#include "http_session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <optional>

#include "base/limits.hpp"

namespace example {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace limits = posthorn::base::limits;

using request = http::request<http::string_body>;
using response = http::response<http::string_body>;

constexpr auto into_tuple = asio::as_tuple(asio::use_awaitable);

std::string_view view_of(beast::string_view text) { return {text.data(), text.size()}; }

std::optional<std::string_view> header(const request& from, beast::string_view name) {
  const auto found = from.find(name);
  if (found == from.end()) return std::nullopt;
  return view_of(found->value());
}

answer answer_to(const request& message, recorder& recorder) {
  if (message.method() == http::verb::get && message.target() == "/received") return {200, recorder.received()};
  if (message.method() != http::verb::post) return {405, R"({"detail":"POST a webhook, or GET /received"})"};
  webhook in;
  in.headers = {header(message, "X-Signature"), header(message, "webhook-signature"), header(message, "webhook-id"),
                header(message, "webhook-timestamp")};
  in.type_header = header(message, "webhook-event-type").value_or("");
  in.path = view_of(message.target());
  in.body = message.body();
  return recorder.receive(in);
}

response make_response(answer from, unsigned version, bool keep_alive) {
  response out(static_cast<http::status>(from.status), version);
  out.set(http::field::content_type, "application/json");
  out.keep_alive(keep_alive);
  out.body() = std::move(from.body);
  out.prepare_payload();
  return out;
}

}  // namespace

asio::awaitable<void> serve(asio::ip::tcp::socket socket, recorder& recorder) {
  beast::tcp_stream stream(std::move(socket));
  beast::flat_buffer buffer;
  bool keep_alive = true;
  while (keep_alive) {
    http::request_parser<http::string_body> parser;
    parser.body_limit(limits::payload_bytes_ceiling);
    stream.expires_after(std::chrono::milliseconds(limits::keep_alive_idle_timeout_ms));
    const auto [read_error, read_bytes] = co_await http::async_read(stream, buffer, parser, into_tuple);
    if (read_error == http::error::end_of_stream || (read_error && !parser.got_some())) co_return;

    answer out{400, R"({"detail":"malformed request"})"};
    if (read_error == http::error::body_limit) out = {413, R"({"detail":"body too large"})"};
    if (!read_error) out = answer_to(parser.get(), recorder);
    if (out.status == 0) co_return;
    keep_alive = !read_error && parser.get().keep_alive();

    const response message = make_response(std::move(out), 11, keep_alive);
    const auto [write_error, written_bytes] = co_await http::async_write(stream, message, into_tuple);
    if (write_error) co_return;
  }
}

}  // namespace example
