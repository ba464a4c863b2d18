#include "store/sqlite/link_gateway.hpp"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <limits>

#include "base/id.hpp"
#include "store/sqlite/link_tables.hpp"
#include "store/sqlite/session_tables.hpp"
#include "store/sqlite/stored_value.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr std::string_view doing = "reading links";
constexpr std::string_view session_columns_shown = "session.state,session.expires_at";
constexpr std::string_view with_session = "LEFT JOIN session ON session.id=link.session";

audited_change told(const link_tables& of) {
  if (const auto& batch = of.started()) {
    return change_of(base::format_id(base::link_batch_prefix, batch->id), {},
                     {{"name", batch->name}, {"count", batch->count}});
  }
  const auto& link = of.last_put();
  if (!link) return {};
  return change_of(base::format_id(base::link_prefix, link->id), {},
                   {{"uid", link->uid}, {"generation", link->generation}});
}

link_view read_view_of(const statement& at) {
  link_view one{.value = read_link(at), .state = {}};
  if (!at.is_null(9)) {
    one.state = stored_name(model::session_state_from(at.text(9)), {"session", one.value.session}, "state", at.text(9));
  }
  one.session_ends_at = at.integer(10);
  return one;
}

}  // namespace

base::result<void> link_gateway::change_links(const decision& decide) {
  return writer_.run([&](unit_context& context) -> base::result<void> {
    session_tables sessions(context.on, context.group);
    link_tables links(context.on, context.group);
    auto decided = decide(sessions, links);
    for (const int code : {sessions.failure(), links.failure()}) {
      if (code != SQLITE_OK) return context.on.failed("changing links", code);
    }
    if (!decided) return decided;
    context.change = told(links);
    context.make_events_last(std::move(sessions.emitted()));
    return {};
  });
}

base::result<page<model::link_batch>> link_gateway::list_link_batches(model::integration_no integration,
                                                                      model::link_batch_id cursor, std::size_t limit) {
  page<model::link_batch> made;
  auto read = read_rows(reads_, doing, [&](connection& on) {
    statement query(on, fmt::format("SELECT {} FROM link_batch INDEXED BY link_batch_in_order WHERE integration=?1 AND "
                                    "id<?2 ORDER BY id DESC",
                                    link_batch_columns));
    query.bind(1, integration).bind(2, cursor > 0 ? cursor : std::numeric_limits<std::int64_t>::max());
    return fill_page(query, limit, made, [](const statement& at, page<model::link_batch>& to) {
      to.rows.push_back(read_link_batch(at));
      to.next_cursor = to.rows.back().id;
    });
  });
  if (!read) return std::unexpected(std::move(read.error()));
  return made;
}

base::result<model::link_batch> link_gateway::find_link_batch(model::integration_no integration,
                                                              model::link_batch_id id) {
  std::optional<model::link_batch> found;
  auto read = read_rows(reads_, doing, [&](connection& on) {
    statement query(on, fmt::format("SELECT {} FROM link_batch WHERE id=?2 AND integration=?1", link_batch_columns));
    query.bind(1, integration).bind(2, id);
    const int code = query.step();
    found = code == SQLITE_ROW ? std::optional(read_link_batch(query)) : std::nullopt;
    return code;
  });
  if (!read) return std::unexpected(std::move(read.error()));
  if (!found) return base::fail(base::fault::not_found, "there is no such batch of links");
  return *std::move(found);
}

base::result<page<link_view>> link_gateway::list_links(model::integration_no integration, model::link_batch_id batch,
                                                       model::link_id cursor, std::size_t limit) {
  page<link_view> made;
  auto read = read_rows(reads_, doing, [&](connection& on) {
    statement query(on, fmt::format("SELECT {},{} FROM link INDEXED BY link_of_batch {} WHERE "
                                    "link.integration=?1 AND batch=?2 AND link.id>?3 ORDER BY link.id",
                                    link_columns, session_columns_shown, with_session));
    query.bind(1, integration).bind(2, batch).bind(3, cursor);
    return fill_page(query, limit, made, [](const statement& at, page<link_view>& to) {
      to.rows.push_back(read_view_of(at));
      to.next_cursor = to.rows.back().value.id;
    });
  });
  if (!read) return std::unexpected(std::move(read.error()));
  return made;
}

base::result<link_view> link_gateway::find_link(model::integration_no integration, model::link_id id) {
  std::optional<link_view> found;
  auto read = read_rows(reads_, doing, [&](connection& on) {
    statement query(on, fmt::format("SELECT {},{} FROM link {} WHERE link.id=?2 AND link.integration=?1", link_columns,
                                    session_columns_shown, with_session));
    query.bind(1, integration).bind(2, id);
    const int code = query.step();
    found = code == SQLITE_ROW ? std::optional(read_view_of(query)) : std::nullopt;
    return code;
  });
  if (!read) return std::unexpected(std::move(read.error()));
  if (!found) return base::fail(base::fault::not_found, "there is no such link");
  return *std::move(found);
}

base::result<bool> link_gateway::has_link_work() {
  bool found = false;
  auto read = read_rows(reads_, doing, [&](connection& on) {
    statement query(on,
                    "SELECT 1 FROM link_batch INDEXED BY link_batch_work WHERE state<>'made' AND "
                    "state IN ('making','orphaned') LIMIT 1");
    const int code = query.step();
    found = code == SQLITE_ROW;
    return code;
  });
  if (!read) return std::unexpected(std::move(read.error()));
  return found;
}

}  // namespace posthorn::store::sqlite
