#include "store/sqlite/link_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/sqlite/stored_value.hpp"
#include "store/sqlite/text_list.hpp"

namespace posthorn::store::sqlite {
namespace {

std::int32_t small(const statement& from, int column) { return static_cast<std::int32_t>(from.integer(column)); }

}  // namespace

model::link read_link(const statement& from) {
  return {.id = from.integer(0),
          .integration = from.integer(1),
          .batch = from.integer(2),
          .uid = std::string(from.text(3)),
          .generation = small(from, 4),
          .created_at = from.integer(5),
          .expires_at = from.integer(6),
          .session = from.integer(7),
          .begins_after = from.integer(8)};
}

model::link_batch read_link_batch(const statement& from) {
  const std::string_view state = from.text(6);
  if (state != "made" && state != "making" && state != "orphaned") {
    refuse_stored({"link_batch", from.integer(0)}, "state", state);
  }
  return {.id = from.integer(0),
          .integration = from.integer(1),
          .name = std::string(from.text(2)),
          .count = small(from, 3),
          .made = small(from, 4),
          .created_at = from.integer(5)};
}

bool link_tables::row(statement& of) {
  const int code = of.step();
  if (code != SQLITE_ROW && code != SQLITE_DONE && failure_ == SQLITE_OK) failure_ = code;
  return code == SQLITE_ROW;
}

void link_tables::run(statement& what) {
  if (const int code = what.run(); code != SQLITE_OK && failure_ == SQLITE_OK) failure_ = code;
}

std::optional<model::link> link_tables::find(model::integration_no integration, model::link_id id) {
  statement query(on_, fmt::format("SELECT {} FROM link WHERE id=?2 AND integration=?1", link_columns));
  query.bind(1, integration).bind(2, id);
  return row(query) ? std::optional(read_link(query)) : std::nullopt;
}

void link_tables::put(model::link& one) {
  last_put_ = one;
  if (one.id != 0) {
    statement change(on_,
                     "UPDATE link SET generation=?2,created_at=?3,expires_at=?4,session=?5,begins_after=?6 WHERE "
                     "id=?1");
    change.bind(1, one.id).bind(2, one.generation).bind(3, one.created_at).bind(4, one.expires_at);
    change.bind(5, one.session).bind(6, one.begins_after);
    run(change);
    return;
  }
  one.id = group_.ids.take(1, group_.wall);
  if (!insert_) {
    insert_.emplace(on_,
                    "INSERT INTO link(id,integration,batch,uid,generation,created_at,expires_at,session,begins_after) "
                    "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)");
  }
  insert_->bind(1, one.id).bind(2, one.integration).bind(3, one.batch).bind_text(4, one.uid).bind(5, one.generation);
  insert_->bind(6, one.created_at).bind(7, one.expires_at).bind(8, one.session).bind(9, one.begins_after);
  run(*insert_);
}

std::size_t link_tables::unmade_batches(model::integration_no integration) {
  statement query(on_,
                  "SELECT count(*) FROM link_batch INDEXED BY link_batch_work WHERE state<>'made' AND state='making' "
                  "AND integration=?1");
  query.bind(1, integration);
  return row(query) ? static_cast<std::size_t>(query.integer(0)) : 0;
}

void link_tables::start(model::link_batch& batch, const std::vector<std::string>& uids) {
  batch.id = group_.ids.take(1, group_.wall);
  started_ = batch;
  statement insert(on_,
                   "INSERT INTO link_batch(id,integration,name,state,count,made,created_at,uids) "
                   "VALUES(?1,?2,?3,'making',?4,?5,?6,?7)");
  const std::string list = uids.empty() ? std::string() : list_text(uids);
  insert.bind(1, batch.id).bind(2, batch.integration).bind_text(3, batch.name).bind(4, batch.count);
  insert.bind(5, batch.made).bind(6, batch.created_at).bind_text(7, list);
  run(insert);
}

std::optional<unmade_links> link_tables::next_unmade(std::size_t limit) {
  statement query(on_, fmt::format("SELECT {},uids FROM link_batch INDEXED BY link_batch_work WHERE state<>'made' AND "
                                   "state='making' ORDER BY id LIMIT 1",
                                   link_batch_columns));
  if (!row(query)) return std::nullopt;
  unmade_links found{.batch = read_link_batch(query), .uids = {}};
  if (query.text(7).empty()) return found;
  std::vector<std::string> all = list_of(query.text(7), {"link_batch", found.batch.id}, "uids");
  const auto begin = all.begin() + std::min<std::ptrdiff_t>(found.batch.made, std::ssize(all));
  const auto end = begin + std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(limit), all.end() - begin);
  found.uids.assign(std::move_iterator(begin), std::move_iterator(end));
  return found;
}

void link_tables::keep(const model::link_batch& batch) {
  statement change(on_, batch.made < batch.count ? "UPDATE link_batch SET made=?2 WHERE id=?1"
                                                 : "UPDATE link_batch SET made=?2,state='made',uids='' WHERE id=?1");
  change.bind(1, batch.id).bind(2, batch.made);
  run(change);
}

std::size_t link_tables::erase_orphans(std::size_t limit) {
  statement query(on_,
                  "SELECT id FROM link_batch INDEXED BY link_batch_work WHERE state<>'made' AND state='orphaned' "
                  "ORDER BY id LIMIT 1");
  if (!row(query)) return 0;
  const std::int64_t batch = query.integer(0);
  query.reset();
  statement links(on_,
                  "DELETE FROM link WHERE id IN (SELECT id FROM link INDEXED BY link_of_batch WHERE batch=?1 "
                  "ORDER BY id LIMIT ?2)");
  links.bind(1, batch).bind(2, static_cast<std::int64_t>(limit));
  run(links);
  auto erased = static_cast<std::size_t>(sqlite3_changes(on_.handle()));
  if (erased < limit) {
    statement last(on_, "DELETE FROM link_batch WHERE id=?1");
    last.bind(1, batch);
    run(last);
    ++erased;
  }
  return erased;
}

}  // namespace posthorn::store::sqlite
