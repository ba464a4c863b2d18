// "Results visible in Test but not Production": nothing that is set in one environment shows in the other.
#include <fmt/format.h>

#include <algorithm>

#include "diagnose/checklist.hpp"

namespace posthorn::diagnose {
namespace {

bool has_endpoint(const store::integration_entry& of) {
  return std::ranges::any_of(
      of.endpoints, [](const store::shared_endpoint& each) { return each->kind == model::endpoint_kind::events; });
}

check is_alike(const facts& known) {
  check made{component::display, "What the other environment has is set here, too", finding::pass};
  const store::integration_entry& here = *known.of;
  const store::integration_entry& there = *known.sibling;
  const std::string other(model::to_string(there.value.env));
  const auto lacks = [&](bool has_here, bool has_there, std::string_view what) {
    if (has_there && !has_here) made.evidence.push_back(fmt::format("{} is set in {} alone", what, other));
  };
  const model::assessment_settings& own = here.value.assessment;
  const model::assessment_settings& others = there.value.assessment;
  lacks(has_endpoint(here), has_endpoint(there), "a webhook endpoint");
  lacks(!own.redirects.complete.empty(), !others.redirects.complete.empty(), "the redirect after completion");
  lacks(!own.redirects.incomplete.empty(), !others.redirects.incomplete.empty(), "the redirect of incomplete ones");
  lacks(!own.redirects.cancelled.empty(), !others.redirects.cancelled.empty(), "the redirect after cancellation");
  lacks(!own.redirects.expired.empty(), !others.redirects.expired.empty(), "the redirect after expiry");
  lacks(!own.privacy_policy_url.empty(), !others.privacy_policy_url.empty(), "the privacy policy");
  lacks(own.scorer.has_value(), others.scorer.has_value(), "the external scorer");
  if (made.evidence.empty()) return made;
  made.found = finding::fail;
  made.fix = "Set it here as well: the environments share no settings.";
  return made;
}

check is_searchable(const facts& known) {
  check made{component::display, "The search knows the newest events", finding::pass};
  if (known.index_lag_events == 0) return made;
  made.found = finding::unknown;
  made.evidence.push_back(fmt::format("it is {} events behind", known.index_lag_events));
  made.fix = "It catches up by itself; deliveries do not wait for it.";
  return made;
}

}  // namespace

void check_display(const facts& known, std::vector<check>& list) {
  if (known.sibling) list.push_back(is_alike(known));
  list.push_back(is_searchable(known));
}

}  // namespace posthorn::diagnose
