#include "store/sqlite/control.hpp"

#include <algorithm>

#include "store/sqlite/condition.hpp"
#include "store/sqlite/erasure_mark.hpp"
#include "store/sqlite/placement.hpp"
#include "store/sqlite/sql_result.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr std::size_t step_rows_max = 500;

constexpr std::string_view reading_result = "reading a delivery's result";

std::unexpected<base::error> no_delivery() { return base::fail(base::fault::not_found, "there is no such delivery"); }

void adopt_condition(lane_state& lane, const model::endpoint_condition& from) {
  lane.state_version = from.state_version;
  lane.failing_since = from.failing_since;
  lane.failing_is_stored = true;
  lane.probe_at = from.probe_at;
  lane.probes_failed = from.probes_failed;
}

void open_news_desks(ledger& known, const directory& now_current) {
  known.news_desks().clear();
  for (const auto& [number, integration] : now_current.integrations) {
    for (const shared_endpoint& endpoint : integration->endpoints) {
      if (endpoint->kind != model::endpoint_kind::operational) continue;
      news_desk& desk = known.news_desks()[number];
      desk.integration_id = integration->value.integration_id;
      desk.endpoints.push_back(endpoint);
    }
  }
}

}  // namespace

void cancel_row(commit_group& group, lane_state* lane, const pending_row& row) {
  group.sql.delete_pending(row.endpoint, row.seq);
  group.sql.insert_outcome({.delivery = row.delivery,
                            .endpoint = row.endpoint,
                            .at = group.wall,
                            .result = outcome_result::cancelled,
                            .attempts = row.attempts,
                            .generation = row.generation});
  if (lane) drop_row(group, *lane, row.hold != chain_hold::none);
}

control::control(connection& on)
    : on_(on),
      resend_(on),
      deliveries_(on),
      result_(on, "SELECT result FROM outcome WHERE dlv=?1"),
      uid_hash_(on, "SELECT uid_hash FROM event WHERE id=?1") {}

base::result<void> control::retry(commit_group& group, model::delivery_id id) {
  {
    const reading scope(result_.bind(1, id));
    const auto ended = next_row(on_, result_, reading_result);
    if (!ended) return std::unexpected(ended.error());
    if (*ended && result_at(result_, 0, id) == outcome_result::delivered) {
      return base::fail(base::fault::not_acceptable_now,
                        "this delivery has arrived: POST /v1/deliveries/{id}/replay sends it again");
    }
  }
  return send_again(group, id);
}

base::result<void> control::replay(commit_group& group, model::delivery_id id) { return send_again(group, id); }

base::result<void> control::send_again(commit_group& group, model::delivery_id id) {
  const auto owner = resend_.owner_of(group, id);
  if (!owner) return no_delivery();
  if (is_erased_hash(owner->uid_hash)) return erased_event();
  const auto done = resend_.again(group, id, *owner);
  if (!done) return no_delivery();
  if (*done == replay_result::waiting) {
    return base::fail(base::fault::not_acceptable_now,
                      "this delivery waits for an earlier one of its uid: retry or cancel that one");
  }
  if (*done == replay_result::endpoint_gone) {
    return base::fail(base::fault::not_acceptable_now, "this delivery's endpoint was deleted");
  }
  return {};
}

base::result<std::vector<replayed_delivery>> control::replay_event(commit_group& group, model::event_id id,
                                                                   const std::vector<model::endpoint_id>& to) {
  const auto known = deliveries_.find(id);
  if (!known) return std::unexpected(known.error());
  const reading scope(uid_hash_.bind(1, id));
  const auto found = next_row(on_, uid_hash_, "reading an event");
  if (!found) return std::unexpected(found.error());
  if (!*known || !*found) return base::fail(base::fault::not_found, "there is no such event any more");
  const auto uid_hash = static_cast<std::uint64_t>(uid_hash_.integer(0));
  if (is_erased_hash(uid_hash)) return erased_event();
  std::vector<replayed_delivery> made;
  for (const model::endpoint_id endpoint : to) {
    const delivery_owner owner{.event = id, .endpoint = endpoint, .uid_hash = uid_hash};
    const auto own =
        std::ranges::find((*known)->list, endpoint, &std::pair<model::endpoint_id, model::delivery_id>::first);
    if (own == (*known)->list.end()) {
      const auto added = resend_.add(group, owner);
      made.push_back({added.value_or(0), endpoint, added ? replay_result::created : replay_result::endpoint_gone});
    } else if (const auto done = resend_.again(group, own->second, owner)) {
      made.push_back({own->second, endpoint, *done});
    }
  }
  return made;
}

base::result<void> control::cancel(commit_group& group, model::delivery_id id) {
  if (direct_delivery* direct = group.known.direct(id)) {
    if (direct->body) {
      cancel_waiting(group, *direct);
      return {};
    }
    // What is told beyond a crash needs a row.
    spill(group, *direct);
  }
  // In a lane it may be on the wire: the report decides, and a delivered result wins.
  if (laned_row* laned = group.known.laned(id)) {
    group.memory_changed = true;
    laned->cancel = true;
    group.sql.insert_cancel_wish(id);
    return {};
  }
  const auto row = group.sql.find_pending(id);
  if (!row) {
    const reading scope(result_.bind(1, id));
    const auto ended = next_row(on_, result_, reading_result);
    if (!ended) return std::unexpected(ended.error());
    if (!*ended) return no_delivery();
    return base::fail(base::fault::not_acceptable_now, "this delivery has ended already");
  }
  cancel_row(group, group.known.lane(row->endpoint), *row);
  if (row->hold == chain_hold::head) release_next(group, row->endpoint, row->lane_key);
  return {};
}

void control::adopt(commit_group& group, const directory& now_current) {
  for (const auto& [id, endpoint] : now_current.endpoints) {
    const bool known = group.known.lane(id) != nullptr;
    lane_state& lane = group.known.add_lane(id);
    const bool active = endpoint->state == model::endpoint_state::active;
    if (!known) lane.not_before = endpoint->not_before;
    if (!known || lane.state_version != endpoint->condition.state_version) adopt_condition(lane, endpoint->condition);
    if (active && !lane.active) {
      lane.begin_release(group.now);
      store_release(group, id, lane);
    }
    lane.integration = endpoint->integration;
    lane.active = active;
    lane.degraded = endpoint->state == model::endpoint_state::degraded;
    lane.operational = endpoint->kind == model::endpoint_kind::operational;
    if (known && lane.degraded && lane.config_version != endpoint->config_version) {
      // Whoever has changed the settings may have mended them: try at once.
      lane.probe_at = group.now;
      group.sql.plan_probe(id, lane.probe_at, lane.probes_failed);
    }
    lane.config_version = endpoint->config_version;
    lane.ordered = endpoint->order == model::order_rule::per_uid;
    lane.order_wait_s = endpoint->order_wait_max_s;
    lane.first_delay_s = endpoint->retry.schedule_s.empty() ? 0 : endpoint->retry.schedule_s.front();
  }
  for (auto& [id, lane] : group.known.lanes()) lane.deleted = !now_current.endpoints.contains(id);
  open_news_desks(group.known, now_current);
}

bool control::step(commit_group& group) {
  bool more = false;
  for (auto& [endpoint, lane] : group.known.lanes()) {
    std::vector<pending_row> found;
    const auto keep = [&](const pending_row& row) {
      if (!group.known.laned(row.delivery)) found.push_back(row);
    };
    if (lane.deleted && lane.pending_rows > lane.rows_in_lane) {
      group.sql.each_pending(endpoint, step_rows_max, keep);
      for (const pending_row& row : found) cancel_row(group, &lane, row);
      more = more || !found.empty();
    } else if (!lane.ordered && (lane.chained_rows > 0 || !lane.direct_chains.empty())) {
      std::vector<std::uint64_t> chains;
      chains.reserve(lane.direct_chains.size());
      for (const auto& [lane_key, chain] : lane.direct_chains) chains.push_back(lane_key);
      for (const std::uint64_t lane_key : chains) spill_waiting(group, endpoint, lane_key, false);
      group.sql.each_chained(endpoint, step_rows_max, [&](const pending_row& row) { found.push_back(row); });
      for (const pending_row& row : found) {
        group.sql.make_due(endpoint, row.seq, row.due.value_or(group.now), chain_hold::none);
        due_at(group, lane, group.now);
      }
      if (found.empty()) lane.chained_rows = 0;
      more = more || !found.empty();
    }
  }
  // Lanes are walked often: those that owe nothing to nobody go.
  std::erase_if(group.known.lanes(), [](const auto& each) {
    const lane_state& lane = each.second;
    return lane.deleted && lane.pending_rows == 0 && lane.rows_in_lane == 0 && lane.open_directs == 0 && !lane.traffic;
  });
  return more;
}

}  // namespace posthorn::store::sqlite
