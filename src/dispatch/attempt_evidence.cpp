#include "dispatch/attempt_evidence.hpp"

#include <utility>

namespace posthorn::dispatch {

static_assert(static_cast<int>(net::exchange_error::too_large) == static_cast<int>(model::error_class::too_large),
              "net names its errors in the model's order");

model::attempt to_attempt(net::exchange_result&& from, std::int32_t number, base::epoch_ms at) {
  return {.number = number,
          .at = at,
          .status = from.status,
          .error = static_cast<model::error_class>(from.error),
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
