#include "assessment/event_details.hpp"

#include <fmt/format.h>

#include <cassert>
#include <span>

#include "base/json_text.hpp"

namespace posthorn::assessment {
namespace {

using model::session;

std::int64_t seconds(base::epoch_ms at) { return at / 1000; }

std::int64_t started_at(const session& of) { return seconds(of.opened_at != 0 ? of.opened_at : of.created_at); }

std::string string_list(std::span<const std::string> texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ',';
    base::append_json_string(out, text);
  }
  out += ']';
  return out;
}

std::string scored_head(const session& of) {
  return fmt::format(R"({{"application_started_at":{},"application_completed_at":{},"scored_at":{},"platform":"{}")",
                     started_at(of), seconds(of.ended_at), seconds(of.scored_at), model::to_string(of.platform));
}

journey_event event_of(const session& of, const model::psychometric_score& score) {
  assert(of.platform == model::platform::web);
  std::string traits;
  for (const model::trait_score& trait : score.traits) {
    if (!traits.empty()) traits += ',';
    traits += R"({"key":)";
    base::append_json_string(traits, trait.key);
    traits += fmt::format(R"(,"value":{},"risk_band":"{}"}})", trait.value, model::to_string(trait.band));
  }
  return {"psychometric_score.complete",
          fmt::format(R"({},"calculated":{{"score":{},"risk_band":"{}","score_confidence":"{}","traits":[{}]}},)"
                      R"("flags":{}}})",
                      scored_head(of), score.score, model::to_string(score.band), model::to_string(score.confidence),
                      traits, string_list(score.flags)),
          ""};
}

journey_event event_of(const session& of, const model::device_score& score) {
  assert(of.platform != model::platform::web);
  return {of.platform == model::platform::android ? "android_score.complete" : "ios_score.complete",
          fmt::format(R"({},"calculated":{{"score":{},"risk_band":"{}"}},"permissions_granted":{},)"
                      R"("permissions_denied":{}}})",
                      scored_head(of), score.score, model::to_string(score.band),
                      string_list(score.permissions_granted), string_list(score.permissions_denied)),
          ""};
}

}  // namespace

journey_event complete_event(const session& of) {
  return {"application.complete",
          fmt::format(R"({{"application_started_at":{},"application_completed_at":{}}})", started_at(of),
                      seconds(of.ended_at)),
          ""};
}

journey_event incomplete_event(const session& of) {
  return {"application.incomplete",
          fmt::format(R"({{"application_started_at":{},"last_response_submitted_at":{},"percentage_completed":"{}"}})",
                      started_at(of), seconds(of.last_response_at != 0 ? of.last_response_at : of.consented_at),
                      percentage_text(of.made)),
          string_list(of.end_reasons)};
}

journey_event expired_event(const session& of) {
  return {"application.expired",
          fmt::format(R"({{"application_started_at":{},"application_expired_at":{},"percentage_completed":"{}"}})",
                      started_at(of), seconds(of.ended_at), percentage_text(of.made)),
          ""};
}

journey_event cancelled_event(const session& of) {
  return {"application.cancelled",
          fmt::format(R"({{"application_started_at":{},"application_cancelled_at":{}}})", started_at(of),
                      seconds(of.ended_at)),
          string_list(of.end_reasons)};
}

journey_event score_event(const session& of, const model::session_score& score) {
  return std::visit([&](const auto& kind) { return event_of(of, kind); }, score);
}

std::string percentage_text(const model::progress& made) {
  if (made.required == 0) return "0";
  return fmt::format("{:.15g}", static_cast<double>(made.done) / made.required);
}

std::string ingest_body(const journey_event& event, std::string_view uid) {
  std::string body = R"({"type":)";
  base::append_json_string(body, event.type);
  body += R"(,"uid":)";
  base::append_json_string(body, uid);
  body += R"(,"details":)";
  body += event.details;
  if (!event.reasons.empty()) {
    body += R"(,"reasons":)";
    body += event.reasons;
  }
  body += '}';
  return body;
}

}  // namespace posthorn::assessment
