// The events of an assessment as receivers get them (contract 2.2), as JSON text for the envelope:
//   details = {"application_started_at": S, …}   S: integer seconds since the epoch, rounded down
//   reasons = ["…", …]                           of application.incomplete and application.cancelled only
// application_started_at is when the person first opened the session, or its creation if that never happened;
// last_response_submitted_at is the consent's time where nothing else was ever given.
#pragma once

#include <string>
#include <string_view>

#include "model/score.hpp"
#include "model/session.hpp"

namespace posthorn::assessment {

struct journey_event {
  std::string type;
  std::string details;  // a JSON object
  std::string reasons;  // a JSON array; empty: none

  bool operator==(const journey_event&) const = default;
};

// Each is told from the session as it is after the transition that causes it.
[[nodiscard]] journey_event complete_event(const model::session& of);
[[nodiscard]] journey_event incomplete_event(const model::session& of);
[[nodiscard]] journey_event expired_event(const model::session& of);
[[nodiscard]] journey_event cancelled_event(const model::session& of);
// The kind of score must be that of the session's platform.
[[nodiscard]] journey_event score_event(const model::session& of, const model::session_score& score);

// The fraction done of what is required as a decimal in %.15g form: "0", "0.333333333333333", "1".
[[nodiscard]] std::string percentage_text(const model::progress& made);

// The body that ingest_service::draft takes: {"type":…,"uid":…,"details":…[,"reasons":…]}.
[[nodiscard]] std::string ingest_body(const journey_event& event, std::string_view uid);

}  // namespace posthorn::assessment
