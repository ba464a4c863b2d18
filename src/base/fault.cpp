#include "base/fault.hpp"

#include <array>
#include <cstddef>

namespace posthorn::base {
namespace {

constexpr std::array texts{
    fault_text{fault::malformed_json, "malformed-json", 400, "The body is not valid JSON."},
    fault_text{fault::invalid_field, "invalid-field", 422, "A field has a value that its rule does not allow."},
    fault_text{fault::missing_field, "missing-field", 422, "A required field is missing."},
    fault_text{fault::unknown_field, "unknown-field", 422, "A field is not known here."},
    fault_text{fault::malformed_request, "malformed-request", 400, "The HTTP request is malformed."},
    fault_text{fault::malformed_cursor, "malformed-cursor", 400, "The cursor is not one that this list gave out."},
    fault_text{fault::unauthenticated, "unauthenticated", 401, "Credentials are missing or wrong."},
    fault_text{fault::invalid_token, "invalid-token", 401, "The token is missing or not one of ours."},
    fault_text{fault::forbidden, "forbidden", 403, "These credentials do not reach that resource."},
    fault_text{fault::viewer, "viewer", 403, "A viewer changes nothing."},
    fault_text{fault::cross_site, "cross-site", 403, "The call does not come from this server's console."},
    fault_text{fault::not_found, "not-found", 404, "There is nothing at this address."},
    fault_text{fault::method_not_allowed, "method-not-allowed", 405, "This address does not take that method."},
    fault_text{fault::not_acceptable_now, "not-acceptable-now", 409, "The resource's state does not allow this now."},
    fault_text{fault::not_consented, "not-consented", 409, "The privacy policy has not been accepted."},
    fault_text{fault::time_over, "time-over", 410, "The session's time limit has passed."},
    fault_text{fault::session_ended, "session-ended", 410, "The session has ended."},
    fault_text{fault::link_expired, "link-expired", 410, "The link was not opened within its time limit."},
    fault_text{fault::link_replaced, "link-replaced", 410, "The link was replaced by a newer one."},
    fault_text{fault::erased, "erased", 410, "The person whose data this was has been erased."},
    fault_text{fault::link_over, "link-over", 410, "The link has been used, is over, or was replaced."},
    fault_text{fault::conflict, "conflict", 409, "The change collides with an existing resource."},
    fault_text{fault::idempotency_mismatch, "idempotency-mismatch", 409,
               "This Idempotency-Key was used with another body."},
    fault_text{fault::payload_too_large, "payload-too-large", 413, "The body is larger than the limit."},
    fault_text{fault::uri_too_long, "uri-too-long", 414, "The request target is longer than the limit."},
    fault_text{fault::headers_too_large, "headers-too-large", 431, "The request's headers are larger than the limit."},
    fault_text{fault::unsupported_media_type, "unsupported-media-type", 415,
               "The body's Content-Type is not one that this address takes."},
    fault_text{fault::expectation_failed, "expectation-failed", 417, "The Expect header asks for something unknown."},
    fault_text{fault::request_timeout, "request-timeout", 408, "The request did not arrive in time."},
    fault_text{fault::length_required, "length-required", 411, "The request needs a Content-Length or chunked body."},
    fault_text{fault::too_many_requests, "too-many-requests", 429, "Too many requests from this caller."},
    fault_text{fault::queue_full, "queue-full", 503, "The server has as much unfinished work as it may hold."},
    fault_text{fault::store_unavailable, "store-unavailable", 503, "The store cannot make anything durable now."},
    fault_text{fault::disk_full, "disk-full", 503, "The store's disk has no room for new events."},
    fault_text{fault::shutting_down, "shutting-down", 503, "The server is stopping."},
    fault_text{fault::not_implemented, "not-implemented", 501, "The transfer coding or method is not implemented."},
    fault_text{fault::version_not_supported, "version-not-supported", 505, "The HTTP version is not 1.0 or 1.1."},
    fault_text{fault::store_corrupt, "store-corrupt", 0, "The store's file is damaged."},
    fault_text{fault::store_newer, "store-newer", 0, "The store was written by a newer Posthorn."},
    fault_text{fault::store_locked, "store-locked", 0, "Another process uses this data directory."},
    fault_text{fault::wrong_master_key, "wrong-master-key", 0, "The master key does not open this store."},
    fault_text{fault::invalid_configuration, "invalid-configuration", 0, "The configuration is not usable."},
    fault_text{fault::io_error, "io-error", 500, "An operation of the operating system failed."},
    fault_text{fault::internal, "internal", 500, "Posthorn met a state that should not exist."},
};

constexpr bool in_enum_order() {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (static_cast<std::size_t>(texts[i].code) != i) return false;
  }
  return texts.size() == static_cast<std::size_t>(fault::internal) + 1;
}
static_assert(in_enum_order(), "texts must list every fault once, in the order of the enum");

}  // namespace

const fault_text& text_of(fault code) noexcept { return texts[static_cast<std::size_t>(code)]; }

std::span<const fault_text> all_fault_texts() noexcept { return texts; }

}  // namespace posthorn::base
