// "Scores missing or not appearing".
#include <fmt/format.h>

#include <algorithm>

#include "base/id.hpp"
#include "diagnose/checklist.hpp"
#include "model/event_pattern.hpp"

namespace posthorn::diagnose {
namespace {

using model::session_state;

std::string_view score_type(model::platform on) {
  switch (on) {
    case model::platform::android: return "android_score.complete";
    case model::platform::ios: return "ios_score.complete";
    case model::platform::web: break;
  }
  return "psychometric_score.complete";
}

check is_scored(const store::session_record& last) {
  check made{component::scoring, "The score is there"};
  const std::string id = base::format_id(base::session_prefix, last.value.id);
  if (last.value.state == session_state::scored) {
    made.found = finding::pass;
    made.evidence.push_back(fmt::format("{} was scored at {}", id, base::to_rfc3339(last.value.scored_at)));
  } else if (last.value.state == session_state::complete) {
    const store::external_scoring& how = last.scoring;
    made.found = how.tries > 0 ? finding::fail : finding::unknown;
    made.evidence.push_back(fmt::format("the external scorer was asked in vain {} times", how.tries));
    if (!how.last_error.empty()) made.evidence.push_back(how.last_error);
    made.fix = how.due_at > 0 ? "Mend the scorer; it is asked again by itself, or at once by this button."
                              : "Mend the scorer, and have it asked again.";
    made.mend = remedy{"Ask the scorer again", "POST", "/v1/sessions/" + id + "/score"};
  } else {
    made.evidence.push_back(
        fmt::format("a session that is {} has no score: only a complete one is scored", to_string(last.value.state)));
  }
  return made;
}

check is_subscribed(const facts& known, std::string_view type) {
  check made{component::scoring, "An endpoint takes the score's event type", finding::pass};
  for (const store::shared_endpoint& each : known.of->endpoints) {
    if (each->kind != model::endpoint_kind::events) continue;
    const bool takes = std::ranges::any_of(
        each->event_types, [&](const std::string& pattern) { return model::pattern_matches(pattern, type); });
    if (takes)
      made.evidence.push_back(base::format_id(base::endpoint_prefix, each->id) + " takes " + std::string(type));
  }
  if (!made.evidence.empty()) return made;
  made.found = finding::fail;
  made.evidence.push_back("no endpoint takes " + std::string(type));
  made.fix = "Add it to the event_types of the endpoint that is to get scores.";
  return made;
}

}  // namespace

void check_scoring(const facts& known, std::vector<check>& list) {
  if (!known.uid.empty() && !known.sessions.empty()) list.push_back(is_scored(known.sessions.front()));
  if (!known.sessions.empty()) list.push_back(is_subscribed(known, score_type(known.sessions.front().value.platform)));
}

}  // namespace posthorn::diagnose
