// A test webhook: as an attempt of a delivery, and yet of none.
#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>

#include "dispatch/attempt_evidence.hpp"
#include "dispatch/worker.hpp"

namespace posthorn::dispatch {

namespace asio = boost::asio;

asio::awaitable<model::attempt> worker::send_test(store::shared_endpoint to, store::shared_integration of,
                                                  test_webhook what) {
  constexpr std::int32_t number = 1;
  const base::epoch_ms at = environment_.clock.wall();
  const std::int64_t begun_us = base::steady_us();
  auto used = prepare(*to, *of, client_, environment_.urls, environment_.user_agent, at);
  if (!used) co_return failed_attempt(model::error_class::configuration, used.error().detail, number, at);
  attempt_buffers buffers;
  net::exchange_limits within;
  within.timeout_ms = to->timeout_ms;
  if (std::holds_alternative<model::auth_oauth2>(to->auth)) {
    oauth2_token token = co_await tokens_.get(to);
    if (token.text.empty()) co_return failed_attempt(token.error, std::move(token.detail), number, at);
    buffers.token = std::move(token.text);
    buffers.authorization = "Authorization: Bearer " + buffers.token + "\r\n";
    within.timeout_ms = std::max(1, to->timeout_ms - static_cast<int>((base::steady_us() - begun_us) / 1'000));
  }
  write_fields(buffers, *used, what.id, what.type, what.payload, at, "webhook-test: true\r\n");
  const std::array<asio::const_buffer, 4> request{asio::buffer(used->head), asio::buffer(buffers.authorization),
                                                  asio::buffer(buffers.fields), asio::buffer(what.payload)};
  net::exchange_result result = co_await client_.exchange(*used->route, request, within);
  if (!buffers.authorization.empty() && (result.status == 401 || result.status == 403)) {
    tokens_.drop(to->id, buffers.token);
  }
  model::attempt evidence = to_attempt(std::move(result), number, at);
  evidence.request_headers = sent_head(*used, buffers.authorization, buffers.fields);
  co_return evidence;
}

}  // namespace posthorn::dispatch
