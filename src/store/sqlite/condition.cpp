#include "store/sqlite/condition.hpp"

#include "model/operational_event.hpp"
#include "store/sqlite/news.hpp"

namespace posthorn::store::sqlite {
namespace {

using model::endpoint_state;
using model::health_change;

constexpr base::epoch_ms failing_stored_after_ms = 60'000;

void change_state(commit_group& group, model::endpoint_id endpoint, lane_state& lane, endpoint_state to,
                  std::string_view reason, base::epoch_ms probe_at) {
  ++lane.state_version;
  lane.active = to == endpoint_state::active;
  lane.degraded = to == endpoint_state::degraded;
  lane.probe_at = probe_at;
  lane.probes_failed = 0;
  lane.failing_is_stored = true;
  if (lane.active) lane.begin_release(group.now);
  store_release(group, endpoint, lane);
  group.sql.set_endpoint_state(endpoint, {model::to_string(to), reason, lane.failing_since, probe_at});
  group.configuration_changed = true;
  if (lane.operational) return;
  const std::string_view type = to == endpoint_state::active     ? model::news::endpoint_recovered
                                : to == endpoint_state::degraded ? model::news::endpoint_degraded
                                                                 : model::news::endpoint_disabled;
  announce_state(group, lane.integration, type, endpoint, to, reason, lane.failing_since, probe_at);
}

void note_result(commit_group& group, const attempt_report& report, lane_state& lane) {
  if (report.decided != verdict::delivered) {
    if (lane.failing_since != 0) return;
    lane.failing_since = group.now;
    lane.failing_is_stored = false;
  } else if (lane.failing_since != 0) {
    lane.failing_since = 0;
    if (lane.failing_is_stored) group.sql.set_failing_since(report.endpoint, 0);
  }
}

void conclude(commit_group& group, const attempt_report& report, lane_state& lane, bool probe) {
  const health_conclusion& health = report.health;
  if (health.state_version != lane.state_version) return;
  switch (health.change) {
    case health_change::none: return;
    case health_change::open:
      if (!lane.active) return;
      return change_state(group, report.endpoint, lane, endpoint_state::degraded, health.reason, health.probe_at);
    case health_change::stay_open:
      if (!lane.degraded || !probe) return;
      lane.probe_at = health.probe_at;
      return group.sql.plan_probe(report.endpoint, lane.probe_at, ++lane.probes_failed);
    case health_change::close:
      if (!lane.degraded || !probe) return;
      return change_state(group, report.endpoint, lane, endpoint_state::active, {}, 0);
    case health_change::disable:
      // A success since the offer would have ended the failing, or begun it anew.
      if ((!lane.active && !lane.degraded) || lane.failing_since != health.failing_since) return;
      return change_state(group, report.endpoint, lane, endpoint_state::disabled, health.reason, 0);
  }
}

}  // namespace

void apply_to_endpoint(commit_group& group, const attempt_report& report) {
  lane_state* lane = group.known.lane(report.endpoint);
  if (!lane || lane->deleted) return;
  const bool probe = lane->probe == report.delivery;
  if (probe) lane->probe = 0;
  if (report.decided != verdict::given_back) {
    ++lane->attempts_made;
    // Of the state as it is now: a person's word in between is not undone.
    const bool current = report.health.state_version == lane->state_version;
    note_result(group, report, *lane);
    conclude(group, report, *lane, probe);
    if (!report.disable_reason.empty() && current && (lane->active || lane->degraded)) {
      change_state(group, report.endpoint, *lane, endpoint_state::disabled, report.disable_reason, 0);
    }
  }
  if (report.lane_rests_until > lane->not_before) {
    lane->not_before = report.lane_rests_until;
    group.sql.rest_lane(report.endpoint, report.lane_rests_until);
  }
  // What was held back by the probe may be the next one.
  if (probe) group.soonest_due = std::min(group.soonest_due, lane->sendable_from(lane->next_due));
}

void store_release(commit_group& group, model::endpoint_id endpoint, lane_state& lane) {
  if (lane.release_stored == lane.release_since) return;
  group.sql.set_release_since(endpoint, lane.release_since);
  lane.release_stored = lane.release_since;
}

void store_failing_since(commit_group& group, model::endpoint_id endpoint, lane_state& lane) {
  if (lane.failing_since == 0 || lane.failing_is_stored || group.now - lane.failing_since < failing_stored_after_ms) {
    return;
  }
  group.sql.set_failing_since(endpoint, lane.failing_since);
  lane.failing_is_stored = true;
}

}  // namespace posthorn::store::sqlite
