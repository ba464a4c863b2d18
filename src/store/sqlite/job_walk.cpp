#include "store/sqlite/job_walk.hpp"

#include <algorithm>
#include <limits>

#include "model/event_pattern.hpp"
#include "store/sqlite/targets.hpp"
#include "store/sqlite/time_search.hpp"

namespace posthorn::store::sqlite {
namespace {

using model::replay_choice;

bool by_event(replay_choice choice) { return choice != replay_choice::failed && choice != replay_choice::cancelled; }

bool is_late(const job_budget& budget) { return base::steady_us() >= budget.until_us; }

bool wants_event(const model::job& of, model::integration_no integration, base::epoch_ms accepted_at,
                 std::string_view type) {
  const model::replay_filter& filter = of.filter;
  return integration == of.integration && accepted_at >= filter.since &&
         (filter.until == 0 || accepted_at < filter.until) &&
         (filter.type.empty() || model::pattern_matches(filter.type, type));
}

// How a choice by what was not delivered stands in the store.
outcome_result ended_as(replay_choice choice) {
  return choice == replay_choice::failed ? outcome_result::failed : outcome_result::cancelled;
}

bool wants_result(replay_choice choice, outcome_result result) {
  switch (choice) {
    case replay_choice::failed:
    case replay_choice::cancelled: return result == ended_as(choice);
    case replay_choice::delivered: return result == outcome_result::delivered;
    default: return choice == replay_choice::finished;
  }
}

}  // namespace

job_walk::job_walk(connection& on)
    : ended_(on,
             "SELECT dlv,at FROM outcome INDEXED BY outcome_by_result "
             "WHERE endpoint=?1 AND result=?5 AND result<>0 AND dlv>?2 AND dlv<?3 ORDER BY dlv LIMIT ?4"),
      frozen_(on,
              "SELECT id,integration,type,accepted_at,uid_hash,targets FROM event WHERE id<?1 ORDER BY id DESC "
              "LIMIT 1"),
      extra_(on,
             "SELECT e.id,e.integration,e.type,e.accepted_at,e.uid_hash FROM extra_delivery x CROSS JOIN event e "
             "ON e.id=x.event WHERE x.dlv=?1"),
      events_(on,
              "SELECT id,integration,type,accepted_at,uid_hash,targets FROM event WHERE id>=?1 AND id<?2 ORDER BY id "
              "LIMIT ?3"),
      extras_(on, "SELECT endpoint,dlv FROM extra_delivery WHERE event=?1 AND dlv<?2 ORDER BY dlv"),
      result_(on, "SELECT result FROM outcome WHERE dlv=?1"),
      endpoints_(on,
                 "SELECT id FROM endpoint WHERE integration=?1 AND id>=?2 AND id<?3 AND deleted_at IS NULL ORDER BY id "
                 "LIMIT 1"),
      event_from_(on, event_from_sql) {}

bool job_walk::row(statement& what) {
  if (failure_ != SQLITE_OK) return false;
  const int code = what.step();
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) failure_ = code;
  return false;
}

job_batch job_walk::next(const model::job& of, job_position from, job_budget budget, const taker& takes) {
  return by_event(of.filter.choice) ? next_events(of, from, budget, takes) : next_ended(of, from, budget);
}

std::int64_t job_walk::event_since(base::epoch_ms at) {
  return first_event_since(event_from_, at, [this](statement& what) { return row(what); });
}

std::int64_t job_walk::floor_of(const model::job& of) { return of.filter.since > 0 ? event_since(of.filter.since) : 0; }

std::int64_t job_walk::end_of(const model::job& of) {
  return of.filter.until > 0 ? std::min(of.id, event_since(of.filter.until)) : of.id;
}

std::optional<model::endpoint_id> job_walk::endpoint_from(const model::job& of, model::endpoint_id least) {
  if (of.filter.endpoint) {
    if (*of.filter.endpoint < least) return std::nullopt;
    return of.filter.endpoint;
  }
  const reading scope(endpoints_.bind(1, of.integration).bind(2, least).bind(3, of.id));
  if (!row(endpoints_)) return std::nullopt;
  return endpoints_.integer(0);
}

std::optional<job_walk::event_head> job_walk::event_of(model::delivery_id delivery) {
  const auto read = [](const statement& from) {
    event_head made;
    made.of.event = from.integer(0);
    made.integration = from.integer(1);
    made.type = std::string(from.text(2));
    made.accepted_at = from.integer(3);
    made.of.uid_hash = static_cast<std::uint64_t>(from.integer(4));
    return made;
  };
  {
    const reading scope(frozen_.bind(1, delivery));
    if (row(frozen_) && delivery - frozen_.integer(0) <= static_cast<std::int64_t>(target_count(frozen_.text(5)))) {
      return read(frozen_);
    }
  }
  const reading scope(extra_.bind(1, delivery));
  if (!row(extra_)) return std::nullopt;
  return read(extra_);
}

job_batch job_walk::next_ended(const model::job& of, job_position from, job_budget budget) {
  job_batch made;
  made.after = from;
  // A delivery's id is above its event's, a replay's far above: ids bound the walk from below alone.
  const std::int64_t floor = floor_of(of);
  std::size_t rows = 0;
  bool late = false;
  while (!late && rows < budget.rows && made.finds.size() < budget.finds) {
    const auto endpoint = endpoint_from(of, made.after.first);
    if (!endpoint || failure_ != SQLITE_OK) {
      made.done = true;
      return made;
    }
    if (*endpoint != made.after.first) made.after = {*endpoint, 0};
    const std::size_t limit = budget.rows - rows;
    std::size_t seen = 0;
    const reading scope(ended_.bind(1, *endpoint).bind(2, std::max(made.after.second, floor)).bind(3, of.id));
    ended_.bind(4, static_cast<std::int64_t>(limit)).bind(5, static_cast<std::int64_t>(ended_as(of.filter.choice)));
    while (!late && made.finds.size() < budget.finds && row(ended_)) {
      ++seen;
      late = is_late(budget);
      made.after.second = ended_.integer(0);
      if (ended_.integer(1) < of.filter.ended_since) continue;
      const model::delivery_id delivery = ended_.integer(0);
      auto event = event_of(delivery);
      if (event && !wants_event(of, event->integration, event->accepted_at, event->type)) continue;
      delivery_owner owner = event ? event->of : delivery_owner{};
      owner.endpoint = *endpoint;
      made.finds.push_back({.delivery = delivery, .of = owner, .gone = !event, .after = made.after});
    }
    rows += seen;
    if (!late && seen < limit && made.finds.size() < budget.finds) made.after = {*endpoint + 1, 0};
  }
  return made;
}

job_batch job_walk::next_events(const model::job& of, job_position from, job_budget budget, const taker& takes) {
  job_batch made;
  made.after = {std::max(from.first, floor_of(of)), from.second};
  if (made.after.first != from.first) made.after.second = 0;
  const reading scope(events_.bind(1, made.after.first).bind(2, end_of(of)));
  events_.bind(3, static_cast<std::int64_t>(budget.rows));
  std::size_t seen = 0;
  bool late = false;
  while (!late && made.finds.size() < budget.finds && row(events_)) {
    ++seen;
    event_head event;
    event.of.event = events_.integer(0);
    const std::size_t looked_at = event.of.event == made.after.first ? static_cast<std::size_t>(made.after.second) : 0;
    made.after = {event.of.event + 1, 0};
    if (!wants_event(of, events_.integer(1), events_.integer(3), events_.text(2))) continue;
    event.type = std::string(events_.text(2));
    event.of.uid_hash = static_cast<std::uint64_t>(events_.integer(4));
    event.targets = std::string(events_.text(5));
    look_at(of, event, looked_at, made, takes);
    late = is_late(budget);
  }
  made.done = !late && seen < budget.rows && made.finds.size() < budget.finds;
  return made;
}

void job_walk::look_at(const model::job& of, const event_head& event, std::size_t from, job_batch& into,
                       const taker& takes) {
  const model::event_id id = event.of.event;
  std::vector<std::pair<model::endpoint_id, model::delivery_id>> list;
  list.reserve(target_count(event.targets));
  for (std::size_t k = 0; k < target_count(event.targets); ++k) {
    list.emplace_back(target_at(event.targets, k), delivery_of(id, k));
  }
  {
    // A job that makes deliveries looks at all that are there, so that two of them do not both make one.
    const bool all = model::makes_deliveries(of.filter.choice);
    const reading scope(extras_.bind(1, id).bind(2, all ? std::numeric_limits<std::int64_t>::max() : of.id));
    while (row(extras_)) list.emplace_back(extras_.integer(0), extras_.integer(1));
  }
  if (model::makes_deliveries(of.filter.choice)) {
    const auto to_endpoint = [&](const auto& each) { return each.first == *of.filter.endpoint; };
    const bool wanted =
        of.filter.choice == replay_choice::unrouted ? list.empty() : std::ranges::none_of(list, to_endpoint);
    if (!wanted || !takes(event.type, id)) return;
    into.finds.push_back({.delivery = 0, .of = event.of, .gone = false, .after = into.after});
    into.finds.back().of.endpoint = *of.filter.endpoint;
    return;
  }
  for (std::size_t k = from; k < list.size(); ++k) {
    const auto& [endpoint, delivery] = list[k];
    if (of.filter.endpoint && endpoint != *of.filter.endpoint) continue;
    const reading scope(result_.bind(1, delivery));
    if (!row(result_) || !wants_result(of.filter.choice, result_at(result_, 0, delivery))) continue;
    into.finds.push_back(
        {.delivery = delivery, .of = event.of, .gone = false, .after = {id, static_cast<std::int64_t>(k) + 1}});
    into.finds.back().of.endpoint = endpoint;
  }
}

}  // namespace posthorn::store::sqlite
