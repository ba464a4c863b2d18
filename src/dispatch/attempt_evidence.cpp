#include "dispatch/attempt_evidence.hpp"

#include <utility>

namespace posthorn::dispatch {

namespace {

model::error_class class_of(net::exchange_error error) noexcept {
  using from = net::exchange_error;
  using to = model::error_class;
  switch (error) {
    case from::none: return to::none;
    case from::dns: return to::dns;
    case from::address_refused: return to::address_refused;
    case from::connect: return to::connect;
    case from::tls: return to::tls;
    case from::timeout: return to::timeout;
    case from::connection: return to::connection;
    case from::protocol: return to::protocol;
    case from::too_large: return to::too_large;
  }
  return to::protocol;
}

}  // namespace

model::attempt to_attempt(net::exchange_result&& from, std::int32_t number, base::epoch_ms at) {
  return {.number = number,
          .at = at,
          .status = from.status,
          .error = class_of(from.error),
          .error_detail = std::move(from.detail),
          .request_headers = {},
          .response_headers = std::move(from.response_headers),
          .response_body = std::move(from.response_body),
          .timing = {from.timing.dns_us, from.timing.connect_us, from.timing.tls_us, from.timing.first_byte_us,
                     from.timing.total_us}};
}

std::string sent_head(const prepared_endpoint& by, std::string_view authorization, std::string_view fields) {
  std::string head = by.masked_head;
  if (!authorization.empty()) head += "Authorization: ***\r\n";
  head += fields;
  return head;
}

model::attempt failed_attempt(model::error_class error, std::string detail, std::int32_t number, base::epoch_ms at) {
  return {.number = number,
          .at = at,
          .status = 0,
          .error = error,
          .error_detail = std::move(detail),
          .request_headers = {},
          .response_headers = {},
          .response_body = {},
          .timing = {}};
}

}  // namespace posthorn::dispatch
