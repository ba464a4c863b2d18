// Every failure that a caller of Posthorn can meet, with its documented text (docs/errors.md lists the same table).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace posthorn::base {

enum class fault : std::uint8_t {
  malformed_json,
  invalid_field,
  missing_field,
  unknown_field,
  malformed_request,
  malformed_cursor,
  unauthenticated,
  invalid_token,
  forbidden,
  viewer,
  cross_site,
  not_found,
  method_not_allowed,
  not_acceptable_now,
  not_consented,
  time_over,
  session_ended,
  link_expired,
  link_replaced,
  erased,
  link_over,
  conflict,
  idempotency_mismatch,
  payload_too_large,
  uri_too_long,
  headers_too_large,
  unsupported_media_type,
  expectation_failed,
  request_timeout,
  length_required,
  too_many_requests,
  queue_full,
  store_unavailable,
  disk_full,
  shutting_down,
  not_implemented,
  version_not_supported,
  store_corrupt,
  store_newer,
  store_locked,
  wrong_master_key,
  invalid_configuration,
  io_error,
  internal,
};

struct fault_text {
  fault code;
  std::string_view slug;   // stable; the last part of the problem's `type`
  int http_status;         // 0: never leaves the process as an HTTP answer
  std::string_view title;  // one sentence, the same for every instance
};

[[nodiscard]] const fault_text& text_of(fault code) noexcept;
[[nodiscard]] std::span<const fault_text> all_fault_texts() noexcept;

}  // namespace posthorn::base
