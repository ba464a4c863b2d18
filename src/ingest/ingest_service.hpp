// From validated bodies to durable events: freezes the fan-out, and hands drafts to the store. Every producer of events
// goes through here, the HTTP API and the server's own products alike.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "ingest/event_parser.hpp"
#include "ingest/fan_out.hpp"
#include "ingest/schema_gate.hpp"
#include "store/directory.hpp"
#include "store/event_intake.hpp"

namespace posthorn::ingest {

// A batch's lines in order: each is a draft to be accepted or the reason why it is not.
using batch_lines = std::vector<base::result<store::event_draft>>;

// Thread-safe; `intake` outlives it.
class ingest_service {
 public:
  ingest_service(store::event_intake& intake, std::size_t payload_bytes_max) noexcept
      : intake_(intake), payload_bytes_max_(payload_bytes_max) {}

  // One body. `idempotency_key` "" is none; invalid_field if it breaks is_idempotency_key, else as parse_event and
  // schema_gate::check.
  // The targets are those of `to` that an ordinary event of this type and payload has now.
  [[nodiscard]] base::result<store::event_draft> draft(const store::integration_entry& to, std::string_view json,
                                                       std::string_view idempotency_key) const;

  // NDJSON (application/x-ndjson): a body a line, ended by LF or CRLF; the last line's end may be missing. Fails as a
  // whole only for no lines, or more than limits::batch_lines_max (payload_too_large). `idempotency_key` covers the
  // lines that have no key of their own, each by its place.
  [[nodiscard]] base::result<batch_lines> draft_batch(const store::integration_entry& to, std::string_view ndjson,
                                                      std::string_view idempotency_key) const;

  // As store::event_intake::accept.
  void accept(std::vector<store::event_draft> drafts, store::accept_done done) {
    intake_.accept(std::move(drafts), std::move(done));
  }

  // As fan_out::targets: for events that are drafted elsewhere, or sent again later.
  [[nodiscard]] std::vector<model::endpoint_id> targets(const store::integration_entry& of, model::endpoint_kind kind,
                                                        std::string_view type, std::string_view payload) const {
    parsed_payload looked_into(payload);
    return fan_out_.targets(of, kind, type, looked_into);
  }

  [[nodiscard]] std::size_t payload_bytes_max() const noexcept { return payload_bytes_max_; }

  // An event made by the server's own products: `event.payload` is what is delivered.
  [[nodiscard]] store::event_draft address(const store::integration_entry& to, parsed_event&& event) const;

 private:
  [[nodiscard]] store::event_draft address(const store::integration_entry& to, parsed_event&& event,
                                           parsed_payload& payload) const;
  // 422 where the event breaks its type's schema.
  [[nodiscard]] base::result<store::event_draft> checked(const store::integration_entry& to,
                                                         parsed_event&& event) const;

  store::event_intake& intake_;
  const std::size_t payload_bytes_max_;
  const fan_out fan_out_;
  const schema_gate schemas_;
};

}  // namespace posthorn::ingest
