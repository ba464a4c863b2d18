#include "store/sqlite/retention.hpp"

#include "store/sqlite/audit_table.hpp"
#include "store/sqlite/event_deliveries.hpp"
#include "store/sqlite/sql_result.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr std::string_view purging = "removing old events";
constexpr std::string_view looking = "looking for old events";
constexpr std::int64_t day_ms = 24LL * 3600 * 1000;

// Deletes what belongs to events, row by row.
class remover {
 public:
  explicit remover(connection& on)
      : on_(on),
        attempts_(on, "DELETE FROM attempt WHERE dlv=?1"),
        outcome_(on, "DELETE FROM outcome WHERE dlv=?1"),
        extras_(on, "DELETE FROM extra_delivery WHERE event=?1"),
        size_(on, "SELECT length(payload) FROM event WHERE id=?1"),
        event_(on, "DELETE FROM event WHERE id=?1") {}

  // Payload bytes removed so far.
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

  base::result<void> remove(const event_deliveries& of) {
    for (const auto& [endpoint, dlv] : of.list) {
      for (statement* each : {&attempts_, &outcome_}) {
        if (auto done = run(on_, each->bind(1, dlv), purging); !done) return done;
      }
    }
    {
      const reading scope(size_.bind(1, of.event));
      const auto found = next_row(on_, size_, purging);
      if (!found) return std::unexpected(found.error());
      bytes_ += static_cast<std::uint64_t>(size_.integer(0));
    }
    for (statement* each : {&extras_, &event_}) {
      if (auto done = run(on_, each->bind(1, of.event), purging); !done) return done;
    }
    return {};
  }

 private:
  connection& on_;
  statement attempts_, outcome_, extras_, size_, event_;
  std::uint64_t bytes_ = 0;
};

// True if rows may be left.
base::result<bool> trim(connection& on, base::epoch_ms wall) {
  constexpr auto rows = static_cast<std::int64_t>(base::limits::retention_trim_rows);
  statement keys(on,
                 "DELETE FROM idem WHERE id IN (SELECT id FROM (SELECT id,at FROM idem ORDER BY id LIMIT ?1) "
                 "WHERE at<?2)");
  keys.bind(1, rows).bind(2, wall - base::limits::idempotency_window_ms);
  if (auto done = run(on, keys, "removing old keys"); !done) return std::unexpected(std::move(done.error()));
  const bool keys_left = sqlite3_changes(on.handle()) == rows;
  statement ticks(on,
                  "DELETE FROM tick WHERE minute IN (SELECT minute FROM (SELECT minute,first_id FROM tick "
                  "ORDER BY minute LIMIT ?1) WHERE first_id<(SELECT min(id) FROM event))");
  ticks.bind(1, rows);
  if (auto done = run(on, ticks, "removing old ticks"); !done) return std::unexpected(std::move(done.error()));
  const bool ticks_left = sqlite3_changes(on.handle()) == rows;
  const auto changes_left = trim_audit(on, wall);
  if (!changes_left) return changes_left;
  return keys_left || ticks_left || *changes_left;
}

}  // namespace

base::result<purge_result> purge(connection& on, const std::vector<model::event_id>& events, base::epoch_ms wall) {
  purge_result made;
  delivery_lister lister(on);
  remover removing(on);
  for (const model::event_id event : events) {
    if (removing.bytes() >= base::limits::erasure_step_bytes) break;
    ++made.looked_at;
    const auto found = lister.find(event);
    if (!found) return std::unexpected(found.error());
    if (!*found) continue;
    const auto finished = lister.finished(**found);
    if (!finished) return std::unexpected(finished.error());
    if (!*finished) continue;
    if (auto done = removing.remove(**found); !done) return std::unexpected(done.error());
    made.purged.push_back(event);
  }
  const auto left = trim(on, wall);
  if (!left) return std::unexpected(left.error());
  made.more_to_trim = *left;
  return made;
}

base::result<retention_pass> retention_pass::begin(index_writer& over, base::epoch_ms wall) {
  retention_pass made(over);
  statement integrations(over.store(),
                         "SELECT number,retention_days,(SELECT first_id FROM tick WHERE minute>?1/60000-"
                         "retention_days*1440 ORDER BY minute LIMIT 1) FROM integration ORDER BY number");
  statement types(over.index(), "SELECT no FROM type WHERE integration=?1 ORDER BY no");
  integrations.bind(1, wall);
  while (true) {
    const auto more = next_row(over.store(), integrations, looking);
    if (!more) return std::unexpected(more.error());
    if (!*more) return made;
    type_walk walk;
    walk.accepted_before = wall - integrations.integer(1) * day_ms;
    walk.id_before = integrations.is_null(2) ? over.position() + 1 : integrations.integer(2);
    types.bind(1, integrations.integer(0));
    while (true) {
      const auto another = next_row(over.index(), types, looking);
      if (!another) return std::unexpected(another.error());
      if (!*another) break;
      walk.type = types.integer(0);
      made.types_.push_back(walk);
    }
  }
}

base::result<retention_pass::chunk> retention_pass::next() {
  constexpr auto looked_at_max = static_cast<std::int64_t>(base::limits::retention_chunk_events);
  chunk made;
  if (done()) return made;
  type_walk& walk = types_[at_];
  statement ids(over_->index(), "SELECT id FROM ev_type WHERE type=?1 AND id>?2 AND id<?3 ORDER BY id LIMIT ?4");
  ids.bind(1, walk.type).bind(2, walk.last_seen).bind(3, walk.id_before).bind(4, looked_at_max);
  delivery_lister lister(over_->store());
  for (std::int64_t looked_at = 0;; ++looked_at) {
    const auto more = next_row(over_->index(), ids, looking);
    if (!more) return std::unexpected(more.error());
    if (!*more) {
      if (looked_at < looked_at_max) ++at_;
      return made;
    }
    indexed_event each;
    each.id = walk.last_seen = ids.integer(0);
    each.type = walk.type;
    auto found = lister.find(each.id);
    if (!found) return std::unexpected(found.error());
    if (!*found) {
      made.dangling.push_back(std::move(each));
      continue;
    }
    if ((*found)->accepted_at >= walk.accepted_before) continue;
    const auto finished = lister.finished(**found);
    if (!finished) return std::unexpected(finished.error());
    if (!*finished) continue;
    each.integration = (*found)->integration;
    each.uid = std::move((*found)->uid);
    each.deliveries = std::move((*found)->list);
    made.expired.push_back(std::move(each));
  }
}

}  // namespace posthorn::store::sqlite
