// "No results received via webhook", and "webhook delivery failures".
#include <fmt/format.h>

#include <algorithm>

#include "base/id.hpp"
#include "diagnose/checklist.hpp"
#include "policy/attempt_advice.hpp"

namespace posthorn::diagnose {
namespace {

using model::delivery_state;
using model::endpoint_kind;
using model::endpoint_state;

constexpr std::size_t evidence_max = 5;

std::string name_of(const model::endpoint& of) { return base::format_id(base::endpoint_prefix, of.id) + " " + of.url; }

check has_endpoint(const facts& known) {
  check made{component::webhook_receipt, "A webhook endpoint is set", finding::pass};
  for (const store::shared_endpoint& each : known.of->endpoints) {
    if (each->kind == endpoint_kind::events) made.evidence.push_back(name_of(*each));
  }
  if (!made.evidence.empty()) return made;
  made.found = finding::fail;
  made.evidence.emplace_back("the integration has none in this environment");
  made.fix = "Make one with the URL of the receiver; what is set in the other environment does not count here.";
  made.mend = remedy{"Make an endpoint", "POST", "/v1/endpoints"};
  return made;
}

check is_reachable(const model::endpoint& of) {
  check made{component::webhook_receipt, "The endpoint is called over HTTPS", finding::pass, {name_of(of)}};
  if (of.url.starts_with("https://")) return made;
  made.found = finding::fail;
  made.fix = "Set a URL that begins with https://: plain HTTP is for development alone.";
  return made;
}

check is_active(const facts& known, const model::endpoint& of) {
  check made{component::webhook_receipt, "The endpoint takes deliveries", finding::pass, {name_of(of)}};
  const std::string id = base::format_id(base::endpoint_prefix, of.id);
  const auto waiting = known.backlog->find(of.id);
  const std::uint64_t parked = waiting == known.backlog->end() ? 0 : waiting->second.deliveries;
  if (of.state == endpoint_state::active) return made;
  made.found = finding::fail;
  made.evidence.push_back(fmt::format("it is {}: {}; {} deliveries are parked", model::to_string(of.state),
                                      of.state_reason.empty() ? "no reason was given" : of.state_reason, parked));
  made.fix = of.state == endpoint_state::degraded
                 ? "It failed too often and is probed by itself: mend the receiver, or enable it to try at once."
                 : "Enable it: what is parked is then delivered.";
  made.mend = remedy{"Enable the endpoint", "POST", "/v1/endpoints/" + id + "/enable"};
  return made;
}

// The newest attempt that failed, of the deliveries that are not through.
struct trouble {
  std::size_t failed = 0;
  std::size_t waiting = 0;
  const store::delivery_view* newest = nullptr;
};

trouble find_trouble(const facts& known) {
  trouble met;
  for (const store::event_view& event : known.events) {
    for (const store::delivery_view& each : event.deliveries) {
      if (each.state == delivery_state::delivered || each.state == delivery_state::cancelled) continue;
      ++(each.state == delivery_state::failed ? met.failed : met.waiting);
      if (met.newest == nullptr && each.attempts > 0) met.newest = &each;
    }
  }
  return met;
}

void add_last_attempt(check& to, const store::delivery_view& of) {
  if (of.attempt_list.empty()) return;
  const model::attempt& last = of.attempt_list.back();
  to.evidence.push_back(fmt::format(
      "{} attempt {} at {}: {}", base::format_id(base::delivery_prefix, of.id), last.number, base::to_rfc3339(last.at),
      last.error != model::error_class::none ? fmt::format("{}: {}", model::to_string(last.error), last.error_detail)
                                             : fmt::format("status {}", last.status)));
  policy::attempt_advice advice = policy::advise(last);
  to.evidence.push_back(std::move(advice.what));
  to.fix = std::move(advice.fix);
}

check is_delivered(const facts& known) {
  check made{component::webhook_receipt, "Events are delivered"};
  if (known.events.empty()) {
    made.evidence.emplace_back("there is no event yet");
    made.fix = "Send a test webhook: it shows what the receiver answers.";
    made.mend = remedy{"Send a test webhook", "POST", "/v1/webhooks-management/test"};
    return made;
  }
  const trouble met = find_trouble(known);
  if (met.failed + met.waiting == 0) {
    made.found = finding::pass;
    made.evidence.push_back(fmt::format("all deliveries of the last {} events are through", known.events.size()));
    return made;
  }
  made.evidence.push_back(fmt::format("{} deliveries failed, {} wait", met.failed, met.waiting));
  if (met.newest == nullptr) {
    made.fix = "Nothing was tried yet; the endpoint's state says what they wait for.";
    return made;
  }
  made.found = finding::fail;
  add_last_attempt(made, *met.newest);
  if (met.newest->state == delivery_state::failed) {
    made.mend = remedy{"Send it again", "POST",
                       "/v1/deliveries/" + base::format_id(base::delivery_prefix, met.newest->id) + "/retry"};
  }
  return made;
}

check is_routed(const facts& known) {
  check made{component::webhook_receipt, "Every event has an endpoint that takes it", finding::pass};
  for (const store::event_view& event : known.events) {
    if (event.state != model::event_state::unrouted || made.evidence.size() == evidence_max) continue;
    if (made.evidence.empty()) {
      made.mend = remedy{"Send it to the endpoints of now", "POST",
                         "/v1/events/" + base::format_id(base::event_prefix, event.id) + "/replay"};
    }
    made.evidence.push_back(fmt::format("{} {} of {} went nowhere", base::format_id(base::event_prefix, event.id),
                                        event.type, base::to_rfc3339(event.accepted_at)));
  }
  if (made.evidence.empty()) return made;
  made.found = finding::fail;
  made.fix = "Add the type to an endpoint's event_types, or mend its filter, and replay the event.";
  return made;
}

}  // namespace

void check_webhook_receipt(const facts& known, std::vector<check>& list) {
  list.push_back(has_endpoint(known));
  for (const store::shared_endpoint& each : known.of->endpoints) {
    if (each->kind != endpoint_kind::events) continue;
    list.push_back(is_reachable(*each));
    list.push_back(is_active(known, *each));
  }
  list.push_back(is_delivered(known));
  if (!known.events.empty()) list.push_back(is_routed(known));
}

}  // namespace posthorn::diagnose
