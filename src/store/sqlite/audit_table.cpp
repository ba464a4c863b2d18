#include "store/sqlite/audit_table.hpp"

#include <boost/json.hpp>
#include <limits>

#include "base/id.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "store/sqlite/endpoint_json.hpp"
#include "store/sqlite/sql_result.hpp"
#include "store/sqlite/stored_value.hpp"

namespace posthorn::store::sqlite {
namespace {

namespace json = boost::json;

constexpr std::int64_t day_ms = 24LL * 3600 * 1000;

json::object told(const model::endpoint& of) {
  json::object all = base::own_json(settings_json(of)).as_object();
  all["state"] = model::to_string(of.state);
  all["state_reason"] = of.state_reason;
  return all;
}

std::string id_of(const model::endpoint& of) { return base::format_id(base::endpoint_prefix, of.id); }

void bind_or_null(statement& to, int index, std::string_view text) {
  text.empty() ? to.bind_null(index) : to.bind_text(index, text);
}

actor_kind actor_from(const statement& row, int column) {
  using enum actor_kind;
  const std::string_view text = row.text(column);
  for (const actor_kind each : {admin, api_key, member, operations}) {
    if (to_string(each) == text) return each;
  }
  refuse_stored({"audit", row.integer(0)}, "actor", text);
}

}  // namespace

audited_change difference(const json::object& before, const json::object& after) {
  json::object was, is;
  for (const auto& [name, value] : after) {
    const auto* old = before.if_contains(name);
    if (old && *old == value) continue;
    if (old) was[name] = *old;
    is[name] = value;
  }
  for (const auto& [name, value] : before) {
    if (!after.contains(name)) was[name] = value;
  }
  return {{}, json::serialize(was), json::serialize(is)};
}

audited_change change_of(std::string object, const json::object& before, const json::object& after) {
  audited_change out = difference(before, after);
  out.object = std::move(object);
  if (before.empty()) out.before.clear();
  if (after.empty()) out.after.clear();
  return out;
}

audited_change made(const model::endpoint& of) { return {id_of(of), {}, json::serialize(told(of))}; }

audited_change changed(const model::endpoint& before, const model::endpoint& after) {
  json::object now = told(after);
  if (secrets_json(before) != secrets_json(after)) now["secrets_changed"] = true;
  audited_change out = difference(told(before), now);
  out.object = id_of(after);
  return out;
}

audited_change removed(const model::endpoint& of) { return {id_of(of), json::serialize(told(of)), {}}; }

audited_change started(const model::job& of) {
  json::object job{{"kind", model::to_string(of.kind)}, {"choice", model::to_string(of.filter.choice)}};
  if (of.filter.endpoint) job["endpoint_id"] = base::format_id(base::endpoint_prefix, *of.filter.endpoint);
  if (!of.filter.type.empty()) job["type"] = of.filter.type;
  return change_of(base::format_id(base::job_prefix, of.id), {}, job);
}

base::result<void> write_audit(connection& on, const audit_entry& entry, const audited_change& change,
                               base::epoch_ms wall) {
  statement insert(on,
                   "INSERT INTO audit(at,actor,actor_id,company,integration_id,action,object,before,after,remote,"
                   "request_id) VALUES(?1,?2,?3,coalesce(nullif(?11,0),(SELECT company FROM integration WHERE "
                   "integration_id=?4),0),?4,?5,?6,?7,?8,?9,?10)");
  insert.bind(1, wall).bind_text(2, to_string(entry.actor)).bind_text(3, entry.actor_id);
  insert.bind_text(4, entry.integration_id).bind_text(5, entry.action);
  insert.bind_text(6, change.object.empty() ? entry.object : change.object);
  bind_or_null(insert, 7, change.before.empty() ? entry.before : change.before);
  bind_or_null(insert, 8, change.after.empty() ? entry.after : change.after);
  insert.bind_text(9, entry.remote).bind_text(10, entry.request_id).bind(11, entry.company);
  return run(on, insert, "writing the log of changes");
}

base::result<bool> trim_audit(connection& on, base::epoch_ms wall) {
  // The newest row is never removed, so ids are not used twice.
  statement remove(on,
                   "DELETE FROM audit WHERE id<(SELECT max(id) FROM audit) AND id IN (SELECT id FROM "
                   "(SELECT id,at FROM audit ORDER BY id LIMIT ?1) WHERE at<?2 OR id<=(SELECT max(id) FROM audit)-?3)");
  remove.bind(1, static_cast<std::int64_t>(base::limits::retention_trim_rows));
  remove.bind(2, wall - base::limits::audit_days_max * day_ms);
  remove.bind(3, static_cast<std::int64_t>(base::limits::audit_rows_max));
  if (auto done = run(on, remove, "removing old entries of the log of changes"); !done) {
    return std::unexpected(std::move(done.error()));
  }
  return sqlite3_changes(on.handle()) == static_cast<int>(base::limits::retention_trim_rows);
}

base::result<page<audit_entry>> read_audit(connection& on, const log_subject& of, std::int64_t cursor,
                                           std::size_t rows) {
  const bool one_integration = !of.integration_id.empty();
  const std::string wanted = one_integration ? "AND integration_id=?2 " : of.company != 0 ? "AND company=?2 " : "";
  statement query(on,
                  "SELECT id,at,actor,actor_id,company,integration_id,action,object,before,after,remote,request_id "
                  "FROM audit WHERE id<?1 " +
                      wanted + "ORDER BY id DESC LIMIT ?3");
  query.bind(1, cursor > 0 ? cursor : std::numeric_limits<std::int64_t>::max());
  if (one_integration) {
    query.bind_text(2, of.integration_id);
  } else if (of.company != 0) {
    query.bind(2, of.company);
  }
  query.bind(3, static_cast<std::int64_t>(rows) + 1);
  page<audit_entry> found;
  const auto text = [&query](int column) { return std::string(query.text(column)); };
  while (true) {
    const auto more = next_row(on, query, "reading the log of changes");
    if (!more) return std::unexpected(more.error());
    if (!*more) return found;
    if (found.rows.size() == rows) {
      found.next_cursor = found.rows.back().id;
      return found;
    }
    found.rows.push_back({query.integer(0), query.integer(1), actor_from(query, 2), text(3), query.integer(4), text(5),
                          text(6), text(7), text(8), text(9), text(10), text(11)});
  }
}

}  // namespace posthorn::store::sqlite
