// A verified webhook as values (docs/contract.md sections 2.1, 2.2 and 4). Field names are those of the wire; times are
// seconds since the Unix epoch unless they are strings. Fields that are not named here are ignored: senders add new
// ones.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace posthorn::receiver {

struct application_complete {
  std::int64_t application_started_at = 0;
  std::int64_t application_completed_at = 0;
};

struct application_incomplete {
  std::int64_t application_started_at = 0;
  std::int64_t last_response_submitted_at = 0;
  std::string percentage_completed;  // a decimal fraction of one, e.g. "0.333333333333333"
  std::vector<std::string> reasons;  // empty if the sender gave none
};

struct application_expired {
  std::int64_t application_started_at = 0;
  std::int64_t application_expired_at = 0;
  std::string percentage_completed;
};

struct application_cancelled {
  std::int64_t application_started_at = 0;
  std::int64_t application_cancelled_at = 0;
  std::vector<std::string> reasons;
};

struct trait {
  std::string key;
  std::int64_t value = 0;
  std::string risk_band;
};

struct psychometric_score_complete {
  std::int64_t application_started_at = 0;
  std::int64_t application_completed_at = 0;
  std::int64_t scored_at = 0;
  std::string platform;
  std::int64_t score = 0;
  std::string risk_band;
  std::string score_confidence;
  std::vector<trait> traits;
  std::vector<std::string> flags;  // a flag that is not a string is kept as its JSON text
};

// android_score.complete and ios_score.complete have the same fields.
struct device_score_complete {
  std::int64_t application_started_at = 0;
  std::int64_t application_completed_at = 0;
  std::int64_t scored_at = 0;
  std::string platform;
  std::int64_t score = 0;
  std::string risk_band;
  std::vector<std::string> permissions_granted;
  std::vector<std::string> permissions_denied;
};
struct android_score_complete : device_score_complete {};
struct ios_score_complete : device_score_complete {};

// The document of certificate_completed and certificate_expired; its times are RFC 3339 text.
struct certificate {
  std::string id;        // _id
  std::string user_id;   // _userId
  std::string owner_id;  // _ownerId
  std::string badge_id;  // _badgeId
  std::string creation_date;
  std::optional<std::string> expires;  // nullopt: absent or null, never expires
  bool disabled = false;
  bool expiry_reminder_sent = false;
  std::vector<std::string> lesson_active_ids;
  std::string rule_type;  // ruleData.type, and so on
  std::string rule_name;
  std::string rule_description;
  std::optional<std::int64_t> rule_validity_duration_days;
  std::string created_at;
  std::string updated_at;
};
struct certificate_completed : certificate {};
struct certificate_expired : certificate {};

// A type that this version does not know. Record it and answer 200: refusing it makes the sender try again for days.
struct unknown_event {
  std::string json;  // the whole body, as it arrived
};

using event_details = std::variant<unknown_event, application_complete, application_incomplete, application_expired,
                                   application_cancelled, psychometric_score_complete, android_score_complete,
                                   ios_score_complete, certificate_completed, certificate_expired>;

struct event {
  std::string type;
  std::string uid;             // the envelope's uid; of a certificate its _userId; else empty
  std::string integration_id;  // the envelope's; else empty, the receiver knows whom it gave the URL to
  event_details details;
};

// `type_header` is webhook-event-type, empty if absent. An envelope names its type itself and the header is not
// signed, so there the body's type counts; the two certificate documents are told apart by the header alone.
// Anything else is an unknown_event. Fails with malformed_json, missing_field or invalid_field; the last two name the
// field by its JSON Pointer in error.fields. Thread-safe.
[[nodiscard]] base::result<event> parse_event(std::string_view body, std::string_view type_header);

}  // namespace posthorn::receiver
