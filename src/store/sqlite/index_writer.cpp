#include "store/sqlite/index_writer.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "store/sqlite/erasure_mark.hpp"
#include "store/sqlite/index_file.hpp"
#include "store/sqlite/sql_result.hpp"
#include "store/sqlite/targets.hpp"
#include "store/sqlite/transaction.hpp"

namespace posthorn::store::sqlite {

constexpr std::string_view reading_store = "reading events to index";
constexpr std::string_view writing = "writing the index";

index_writer::index_statements::index_statements(const connection& on)
    : find_type(on, "SELECT no FROM type WHERE integration=?1 AND name=?2"),
      insert_type(on, "INSERT INTO type(integration,name) VALUES(?1,?2)"),
      insert_segment(on, "INSERT OR IGNORE INTO segment(no,first_id) VALUES(?1,?2)"),
      events(on, "ev_type(type,id)", false),
      uids(on, "ev_uid(segment,uid_key,id)", true),
      deliveries(on, "dlv_endpoint(endpoint,dlv)", false),
      keys(on, "idem_key(segment,key,id)", true),
      set_meta(on, "UPDATE meta SET value=?2 WHERE key=?1") {}

index_writer::store_statements::store_statements(const connection& on)
    : events(on, "SELECT id,integration,type,uid,targets FROM event WHERE id>?1 ORDER BY id LIMIT ?2"),
      extras(on, "SELECT endpoint,dlv FROM extra_delivery WHERE dlv>?1 AND dlv<=?2"),
      keys(on, "SELECT key,id FROM idem WHERE id>?1 AND id<=?2") {}

base::result<std::unique_ptr<index_writer>> index_writer::open(std::string store_path, std::string index_path) {
  std::unique_ptr<index_writer> made(new index_writer);
  made->store_path_ = std::move(store_path);
  made->index_path_ = std::move(index_path);
  if (auto done = made->open_files(); !done) return std::unexpected(std::move(done.error()));
  return made;
}

base::result<void> index_writer::open_files() {
  if (!store_) {
    auto store = connection::open(store_path_, connection::mode::read_only);
    if (!store) return std::unexpected(std::move(store.error()));
    store_ = std::move(*store);
    from_store_ = std::make_unique<store_statements>(store_);
  }
  statement identity(store_, "SELECT value FROM meta WHERE key='store_id'");
  if (auto found = next_row(store_, identity, "reading the store's identity"); !found) {
    return std::unexpected(std::move(found.error()));
  }
  auto index = open_index(index_path_, identity.text(0));
  if (!index) return std::unexpected(std::move(index.error()));
  index_ = std::move(*index);
  to_index_ = std::make_unique<index_statements>(index_);
  types_.clear();
  statement state(index_,
                  "SELECT (SELECT value FROM meta WHERE key='position'),"
                  "(SELECT value FROM meta WHERE key='events')");
  auto found = next_row(index_, state, "reading the index's position");
  if (!found) return std::unexpected(std::move(found.error()));
  position_ = state.integer(0);
  events_ = state.integer(1);
  return {};
}

base::result<void> index_writer::rebuild() {
  to_index_.reset();
  index_ = {};
  remove_index(index_path_);
  return open_files();
}

base::result<index_writer::progress> index_writer::advance(std::size_t events_max) {
  auto read = read_batch(events_max);
  if (!read) return std::unexpected(std::move(read.error()));
  if (read->position == position_) return progress{};
  if (auto written = write_batch(*read); !written) return std::unexpected(std::move(written.error()));
  position_ = read->position;
  events_ += static_cast<std::int64_t>(read->events);
  return progress{read->events, read->more};
}

// One read transaction, so that events, replays and keys are of the same moment.
base::result<index_writer::batch> index_writer::read_batch(std::size_t events_max) {
  transaction scope(store_, "BEGIN");
  batch made;
  made.position = position_;
  if (auto done = read_events(made, events_max); !done) return std::unexpected(std::move(done.error()));
  const std::int64_t last = made.more ? made.position : std::numeric_limits<std::int64_t>::max();
  statement& extras = from_store_->extras.bind(1, position_).bind(2, last);
  statement& keys = from_store_->keys.bind(1, position_).bind(2, last);
  const reading extras_scope(extras), keys_scope(keys);
  while (true) {
    const auto more = next_row(store_, extras, reading_store);
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
    made.deliveries.emplace_back(extras.integer(0), extras.integer(1));
    made.position = std::max(made.position, extras.integer(1));
  }
  while (true) {
    const auto more = next_row(store_, keys, reading_store);
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
    made.keys.emplace_back(idempotency_key_prefix(keys.text(0)), keys.integer(1));
  }
  return made;
}

base::result<void> index_writer::read_events(batch& into, std::size_t events_max) {
  statement& events = from_store_->events.bind(1, position_).bind(2, static_cast<std::int64_t>(events_max));
  const reading scope(events);
  while (true) {
    const auto more = next_row(store_, events, reading_store);
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
    const model::event_id id = events.integer(0);
    const model::integration_no integration = events.integer(1);
    const auto type = type_number(integration, events.text(2));
    if (!type) return std::unexpected(type.error());
    into.types.emplace_back(*type, id);
    if (const std::string_view uid = events.text(3); !uid.empty() && !is_erased_uid(uid)) {
      into.uids.emplace_back(uid_key(integration, uid), id);
    }
    const std::string_view targets = events.text(4);
    if (targets.empty()) into.deliveries.emplace_back(no_endpoint, id);
    for (std::size_t k = 0; k < target_count(targets); ++k) {
      into.deliveries.emplace_back(target_at(targets, k), delivery_of(id, k));
    }
    if (into.events++ == 0) into.first = id;
    into.position = id + static_cast<std::int64_t>(target_count(targets));
  }
  into.more = into.events == events_max;
  return {};
}

base::result<std::int64_t> index_writer::type_number(model::integration_no integration, std::string_view type) {
  type_key_.assign(reinterpret_cast<const char*>(&integration), sizeof integration);
  type_key_ += type;
  if (const auto known = types_.find(type_key_); known != types_.end()) return known->second;
  statement& find = to_index_->find_type.bind(1, integration).bind_text(2, type);
  const reading scope(find);
  const auto found = next_row(index_, find, writing);
  if (!found) return std::unexpected(found.error());
  std::int64_t number = 0;
  if (*found) {
    number = find.integer(0);
  } else {
    to_index_->insert_type.bind(1, integration).bind_text(2, type);
    if (auto done = run(index_, to_index_->insert_type, writing); !done) return std::unexpected(done.error());
    number = sqlite3_last_insert_rowid(index_.handle());
  }
  if (types_.size() >= base::limits::index_types_in_memory_max) types_.clear();
  types_.emplace(type_key_, number);
  return number;
}

base::result<void> index_writer::write_batch(batch& from) {
  transaction scope(index_, "BEGIN IMMEDIATE");
  const std::int64_t segment = events_ / base::limits::index_segment_events;
  to_index_->insert_segment.bind(1, segment).bind(2, from.events > 0 ? from.first : from.position);
  if (auto done = run(index_, to_index_->insert_segment, writing); !done) return done;
  if (auto done = to_index_->events.insert(index_, from.types, segment); !done) return done;
  if (auto done = to_index_->uids.insert(index_, from.uids, segment); !done) return done;
  if (auto done = to_index_->deliveries.insert(index_, from.deliveries, segment); !done) return done;
  if (auto done = to_index_->keys.insert(index_, from.keys, segment); !done) return done;
  if (auto done = set_meta("position", from.position); !done) return done;
  if (auto done = set_meta("events", events_ + static_cast<std::int64_t>(from.events)); !done) return done;
  return scope.commit(writing);
}

base::result<void> index_writer::set_meta(std::string_view key, std::int64_t value) {
  to_index_->set_meta.bind_text(1, key).bind(2, value);
  return run(index_, to_index_->set_meta, writing);
}

std::uint64_t index_writer::count_behind(std::uint64_t most) {
  statement count(store_, "SELECT count(*) FROM (SELECT 1 FROM event WHERE id>?1 LIMIT ?2)");
  count.bind(1, position_).bind(2, static_cast<std::int64_t>(most));
  // Where it cannot be counted, there may be something to do.
  return count.step() == SQLITE_ROW ? static_cast<std::uint64_t>(count.integer(0)) : 1;
}

base::result<void> index_writer::forget(const std::vector<indexed_event>& events) {
  transaction scope(index_, "BEGIN IMMEDIATE");
  statement type(index_, "DELETE FROM ev_type WHERE type=?1 AND id=?2");
  statement uid(index_,
                "DELETE FROM ev_uid WHERE uid_key=?1 AND id=?2 AND segment="
                "(SELECT no FROM segment WHERE first_id<=?2 ORDER BY no DESC LIMIT 1)");
  statement delivery(index_, "DELETE FROM dlv_endpoint WHERE endpoint=?1 AND dlv=?2");
  for (const indexed_event& each : events) {
    if (auto done = run(index_, type.bind(1, each.type).bind(2, each.id), writing); !done) return done;
    if (!each.uid.empty()) {
      uid.bind(1, uid_key(each.integration, each.uid)).bind(2, each.id);
      if (auto done = run(index_, uid, writing); !done) return done;
    }
    if (auto done = run(index_, delivery.bind(1, no_endpoint).bind(2, each.id), writing); !done) return done;
    for (const auto& [endpoint, dlv] : each.deliveries) {
      if (auto done = run(index_, delivery.bind(1, endpoint).bind(2, dlv), writing); !done) return done;
    }
  }
  return scope.commit(writing);
}

base::result<void> index_writer::forget_uid(std::int64_t uid_key, model::event_id up_to) {
  statement remove(index_, "DELETE FROM ev_uid WHERE segment IN (SELECT no FROM segment) AND uid_key=?1 AND id<=?2");
  return run(index_, remove.bind(1, uid_key).bind(2, up_to), "removing a uid from the index");
}

base::result<void> index_writer::forget_old_keys() {
  statement oldest(store_, "SELECT min(id) FROM idem");
  if (auto found = next_row(store_, oldest, reading_store); !found) return std::unexpected(found.error());
  const std::int64_t first_kept = oldest.is_null(0) ? position_ : oldest.integer(0);
  // A segment's keys are all older than the next segment's first event.
  statement remove(index_,
                   "DELETE FROM idem_key WHERE segment<"
                   "(SELECT no FROM segment WHERE first_id<=?1 ORDER BY no DESC LIMIT 1)");
  remove.bind(1, first_kept);
  return run(index_, remove, "removing old keys from the index");
}

}  // namespace posthorn::store::sqlite
