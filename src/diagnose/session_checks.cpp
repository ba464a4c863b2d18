// "Sessions not being created", and the person's way through the assessment.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/id.hpp"
#include "diagnose/checklist.hpp"

namespace posthorn::diagnose {
namespace {

using model::session_state;

constexpr std::string_view session_route = "/v1/sessions-management/tokens";
constexpr std::size_t evidence_max = 5;

std::string describe(const store::request_log_entry& refused) {
  return fmt::format("{} {} answered {}: {}", base::to_rfc3339(refused.at), refused.route, refused.status,
                     refused.detail);
}

std::string describe(const store::session_record& one) {
  std::string text =
      fmt::format("{} {} of {}, made {}", base::format_id(base::session_prefix, one.value.id),
                  model::to_string(one.value.state), one.value.uid, base::to_rfc3339(one.value.created_at));
  for (const std::string& reason : one.value.end_reasons) text += "; " + reason;
  return text;
}

std::string fix_of(int status) {
  switch (status) {
    case 401: return "Send the API key in the header api-key; it begins with ph_test_ or ph_prod_.";
    case 403:
      return "Use the API key of this integration: those of Test and Production, and of other deployments, are not "
             "interchangeable.";
    case 422:
      return "Send {\"uid\",\"integration_id\"}: a uid is 5 to 60 letters, digits and hyphens, and is used once for an "
             "assessment.";
    case 429: return "Too many wrong calls came from this address: wait for as long as Retry-After says.";
    default: return "The answer's detail says what was wrong.";
  }
}

check creation(const facts& known) {
  check made{component::session_creation, "Calls for sessions are accepted"};
  const base::epoch_ms last_made = known.sessions.empty() ? 0 : known.sessions.front().value.created_at;
  for (const store::request_log_entry& each : known.refusals) {
    if (each.route != session_route || each.at < last_made) continue;
    if (made.evidence.empty()) made.fix = fix_of(each.status);
    if (made.evidence.size() < evidence_max) made.evidence.push_back(describe(each));
  }
  if (!made.evidence.empty()) {
    made.found = finding::fail;
  } else if (!known.sessions.empty()) {
    made.found = finding::pass;
    made.evidence.push_back("the last: " + describe(known.sessions.front()));
  } else {
    made.evidence.emplace_back("no such call has come in, neither good nor bad");
    made.fix = "Call POST /v1/sessions-management/tokens with {\"uid\",\"integration_id\"}.";
  }
  return made;
}

check environment_of_uid(const facts& known) {
  check made{component::session_creation, "The uid is known in this environment"};
  if (!known.sessions.empty() || !known.events.empty()) {
    made.found = finding::pass;
  } else if (known.lives_in_sibling) {
    made.found = finding::fail;
    made.evidence.push_back(fmt::format("its session is in {}, not in {}", model::to_string(known.sibling->value.env),
                                        model::to_string(known.of->value.env)));
    made.fix = "Look at the other environment, or send with the key and integration_id of this one.";
  } else {
    made.evidence.emplace_back("there is neither a session nor an event of it");
    made.fix = "Check the uid for a typing error: upper and lower case differ.";
  }
  return made;
}

check journey(const facts& known) {
  const store::session_record& last = known.sessions.front();
  check made{component::assessment_delivery, "The person has finished the assessment", finding::fail, {describe(last)}};
  switch (last.value.state) {
    case session_state::complete:
    case session_state::scored: made.found = finding::pass; break;
    case session_state::created:
      made.found = finding::unknown;
      made.fix = last.value.opened_at > 0
                     ? "The person has opened it and not yet answered the privacy policy."
                     : "It was never opened: make sure that the person has got the URL unchanged; the same call gives "
                       "it again.";
      break;
    case session_state::consented:
    case session_state::in_progress:
      made.found = finding::unknown;
      made.fix = fmt::format("It is under way, and ends by itself at {}.", base::to_rfc3339(last.value.expires_at));
      break;
    case session_state::incomplete:
      made.fix = "Required parts were missing or permissions denied at the end: use a new uid for another try.";
      break;
    case session_state::cancelled: made.fix = "The person left or refused: use a new uid for another try."; break;
    case session_state::expired:
      made.fix = last.value.opened_at > 0 ? "The time was not enough: raise time_limit_s, and use a new uid."
                                          : "It was never opened in its time: check how the URL is handed out.";
      break;
  }
  return made;
}

check recent_journeys(const facts& known) {
  check made{component::assessment_delivery, "People finish what they begin"};
  std::size_t ended = 0;
  std::size_t finished = 0;
  std::size_t unopened = 0;
  for (const store::session_record& each : known.sessions) {
    const session_state state = each.value.state;
    if (model::is_live(state)) continue;
    ++ended;
    if (state == session_state::complete || state == session_state::scored) ++finished;
    if (state == session_state::expired && each.value.opened_at == 0) ++unopened;
  }
  if (ended == 0) {
    made.evidence.emplace_back("no session has ended yet");
    return made;
  }
  made.evidence.push_back(
      fmt::format("of the last {} that ended, {} were finished and {} never opened", ended, finished, unopened));
  made.found = finished > 0 ? finding::pass : finding::fail;
  if (made.found == finding::fail) made.fix = "Open one session by hand and go through it to the end.";
  return made;
}

}  // namespace

void check_session_creation(const facts& known, std::vector<check>& list) {
  list.push_back(creation(known));
  if (!known.uid.empty()) list.push_back(environment_of_uid(known));
}

void check_assessment_delivery(const facts& known, std::vector<check>& list) {
  if (known.sessions.empty()) return;
  list.push_back(known.uid.empty() ? recent_journeys(known) : journey(known));
}

}  // namespace posthorn::diagnose
