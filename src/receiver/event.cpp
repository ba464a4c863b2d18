#include "receiver/event.hpp"

#include <array>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "receiver/json_fields.hpp"

namespace posthorn::receiver {
namespace {

event_details read_complete(json_fields& details, json_fields&) {
  application_complete out;
  out.application_started_at = details.integer("application_started_at");
  out.application_completed_at = details.integer("application_completed_at");
  return out;
}

std::vector<std::string> read_reasons(json_fields& body) {
  return body.has("reasons") ? body.texts("reasons") : std::vector<std::string>();
}

event_details read_incomplete(json_fields& details, json_fields& body) {
  application_incomplete out;
  out.application_started_at = details.integer("application_started_at");
  out.last_response_submitted_at = details.integer("last_response_submitted_at");
  out.percentage_completed = details.text("percentage_completed");
  out.reasons = read_reasons(body);
  return out;
}

event_details read_expired(json_fields& details, json_fields&) {
  application_expired out;
  out.application_started_at = details.integer("application_started_at");
  out.application_expired_at = details.integer("application_expired_at");
  out.percentage_completed = details.text("percentage_completed");
  return out;
}

event_details read_cancelled(json_fields& details, json_fields& body) {
  application_cancelled out;
  out.application_started_at = details.integer("application_started_at");
  out.application_cancelled_at = details.integer("application_cancelled_at");
  out.reasons = read_reasons(body);
  return out;
}

event_details read_psychometric(json_fields& details, json_fields&) {
  psychometric_score_complete out;
  out.application_started_at = details.integer("application_started_at");
  out.application_completed_at = details.integer("application_completed_at");
  out.scored_at = details.integer("scored_at");
  out.platform = details.text("platform");
  json_fields calculated = details.object("calculated");
  out.score = calculated.integer("score");
  out.risk_band = calculated.text("risk_band");
  out.score_confidence = calculated.text("score_confidence");
  for (json_fields& one : calculated.objects("traits")) {
    out.traits.push_back({one.text("key"), one.integer("value"), one.text("risk_band")});
  }
  out.flags = details.any_texts("flags");
  return out;
}

template <class Score>
event_details read_device_score(json_fields& details, json_fields&) {
  Score out;
  out.application_started_at = details.integer("application_started_at");
  out.application_completed_at = details.integer("application_completed_at");
  out.scored_at = details.integer("scored_at");
  out.platform = details.text("platform");
  json_fields calculated = details.object("calculated");
  out.score = calculated.integer("score");
  out.risk_band = calculated.text("risk_band");
  out.permissions_granted = details.texts("permissions_granted");
  out.permissions_denied = details.texts("permissions_denied");
  return out;
}

struct envelope_type {
  std::string_view name;
  event_details (*read)(json_fields& details, json_fields& event_body);
};

constexpr std::array envelope_types{
    envelope_type{"application.complete", read_complete},
    envelope_type{"application.incomplete", read_incomplete},
    envelope_type{"application.expired", read_expired},
    envelope_type{"application.cancelled", read_cancelled},
    envelope_type{"psychometric_score.complete", read_psychometric},
    envelope_type{"android_score.complete", read_device_score<android_score_complete>},
    envelope_type{"ios_score.complete", read_device_score<ios_score_complete>},
};

const envelope_type* find_envelope_type(std::string_view name) {
  for (const envelope_type& type : envelope_types) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

template <class Certificate>
Certificate read_certificate(json_fields& document) {
  Certificate out;
  out.id = document.text("_id");
  out.user_id = document.text("_userId");
  out.owner_id = document.text("_ownerId");
  out.badge_id = document.text("_badgeId");
  out.creation_date = document.text("creationDate");
  if (document.has("expires")) out.expires = document.text("expires");
  out.disabled = document.truth("disabled");
  out.expiry_reminder_sent = document.truth("expiryReminderSent");
  out.lesson_active_ids = document.texts("_lessonActiveIds");
  json_fields rule = document.object("ruleData");
  out.rule_type = rule.text("type");
  out.rule_name = rule.text("name");
  out.rule_description = rule.text("description");
  if (rule.has("validityDurationDays")) out.rule_validity_duration_days = rule.integer("validityDurationDays");
  out.created_at = document.text("createdAt");
  out.updated_at = document.text("updatedAt");
  return out;
}

template <class Certificate>
event read_certificate_event(json_fields& document, std::string_view type) {
  event out;
  out.type = type;
  auto details = read_certificate<Certificate>(document);
  out.uid = details.user_id;
  out.details = std::move(details);
  return out;
}

event read_envelope(json_fields& envelope, std::string_view body) {
  event out;
  out.uid = envelope.text("uid");
  out.integration_id = envelope.text("integration_id");
  json_fields inner = envelope.object("event");
  out.type = inner.text("type");
  if (const envelope_type* type = find_envelope_type(out.type)) {
    json_fields details = inner.object("details");
    out.details = type->read(details, inner);
  } else {
    out.details = unknown_event{std::string(body)};
  }
  return out;
}

// A broken envelope must be told from a foreign document: the header says so, or the three members, or a known type.
bool is_envelope(const boost::json::value& root, std::string_view type_header) {
  if (find_envelope_type(type_header) != nullptr) return true;
  const auto* object = root.if_object();
  if (object == nullptr) return false;
  if (object->contains("uid") && object->contains("integration_id") && object->contains("event")) return true;
  const auto* inner = object->if_contains("event");
  const auto* inner_object = inner != nullptr ? inner->if_object() : nullptr;
  const auto* type = inner_object != nullptr ? inner_object->if_contains("type") : nullptr;
  return type != nullptr && type->is_string() && find_envelope_type(type->get_string()) != nullptr;
}

event read_event(const boost::json::value& root, std::string_view body, std::string_view type_header,
                 std::optional<base::error>& failure) {
  const bool completed = type_header == "certificate_completed";
  const bool expired = type_header == "certificate_expired";
  if (!completed && !expired && !is_envelope(root, type_header)) {
    return {std::string(type_header), "", "", unknown_event{std::string(body)}};
  }
  json_fields fields(root, "", failure);
  if (completed) return read_certificate_event<certificate_completed>(fields, type_header);
  if (expired) return read_certificate_event<certificate_expired>(fields, type_header);
  return read_envelope(fields, body);
}

}  // namespace

base::result<event> parse_event(std::string_view body, std::string_view type_header) {
  const auto root = base::parse_json(body);
  if (!root) return base::fail(base::fault::malformed_json, "the body is not JSON: " + root.error().detail);
  std::optional<base::error> failure;
  event out = read_event(*root, body, type_header, failure);
  if (failure) return std::unexpected(std::move(*failure));
  return out;
}

}  // namespace posthorn::receiver
