#include "store/sqlite/certificate_gateway.hpp"

#include <fmt/format.h>

#include <limits>

#include "store/sqlite/certificate_tables.hpp"

namespace posthorn::store::sqlite {
namespace {

bool matches(const certificate_filter& filter, const model::certificate& one) {
  if (filter.rule && one.rule != *filter.rule) return false;
  if (filter.state && one.state != *filter.state) return false;
  if (one.awarded_at < filter.since || (filter.until > 0 && one.awarded_at >= filter.until)) return false;
  return filter.expires_before == 0 || (one.expires_at > 0 && one.expires_at < filter.expires_before);
}

int list(connection& on, const certificate_filter& filter, std::int64_t cursor, std::size_t limit,
         page<model::certificate>& made) {
  const char* from = filter.user
                         ? "certificate INDEXED BY certificate_of_user WHERE integration=?1 AND number<?2 AND user=?3"
                         : "certificate INDEXED BY certificate_in_order WHERE integration=?1 AND number<?2";
  statement query(on, fmt::format("SELECT {} FROM {} ORDER BY number DESC", certificate_columns, from));
  query.bind(1, filter.integration).bind(2, cursor > 0 ? cursor : std::numeric_limits<std::int64_t>::max());
  if (filter.user) query.bind_text(3, *filter.user);
  return fill_page(query, limit, made, [&](const statement& at, page<model::certificate>& to) {
    model::certificate one = read_certificate(at);
    to.next_cursor = one.number;
    if (matches(filter, one)) to.rows.push_back(std::move(one));
  });
}

}  // namespace

base::result<void> certificate_gateway::change_certificates(const decision& decide) {
  const bool telling = acting::current() != nullptr;
  return writer_.run([&](unit_context& context) -> base::result<void> {
    certificate_tables tables(context.on, telling);
    auto decided = decide(tables);
    if (tables.failure() != SQLITE_OK) return context.on.failed("changing certificates", tables.failure());
    if (!decided) return decided;
    context.change = tables.change();
    context.make_events_last(std::move(tables.emitted()));
    return {};
  });
}

base::result<page<model::certificate>> certificate_gateway::list_certificates(const certificate_filter& filter,
                                                                              std::int64_t cursor, std::size_t limit) {
  page<model::certificate> made;
  auto read =
      read_rows(reads_, "reading certificates", [&](connection& on) { return list(on, filter, cursor, limit, made); });
  if (!read) return std::unexpected(std::move(read.error()));
  return made;
}

base::result<model::certificate> certificate_gateway::find_certificate(model::integration_no integration,
                                                                       std::string_view id) {
  std::optional<model::certificate> found;
  auto read = read_rows(reads_, "reading certificates", [&](connection& on) {
    certificate_tables tables(on);
    found = tables.find(integration, id);
    return tables.failure() == SQLITE_OK ? SQLITE_DONE : tables.failure();
  });
  if (!read) return std::unexpected(std::move(read.error()));
  if (!found) return base::fail(base::fault::not_found, "there is no such certificate");
  return *std::move(found);
}

base::result<std::vector<model::certificate_rule>> certificate_gateway::list_rules(model::integration_no integration) {
  std::vector<model::certificate_rule> rules;
  auto read = read_rows(reads_, "reading certificates", [&](connection& on) {
    rules.clear();
    statement query(on,
                    fmt::format("SELECT {} FROM certificate_rule WHERE integration=?1 ORDER BY id DESC", rule_columns));
    query.bind(1, integration);
    int code = SQLITE_ROW;
    while ((code = query.step()) == SQLITE_ROW) rules.push_back(read_rule(query));
    return code;
  });
  if (!read) return std::unexpected(std::move(read.error()));
  return rules;
}

base::result<base::epoch_ms> certificate_gateway::next_certificate_end() {
  base::epoch_ms next = 0;
  auto read = read_rows(reads_, "reading certificates", [&](connection& on) {
    statement query(on,
                    "SELECT min(expires_at) FROM certificate INDEXED BY certificate_end WHERE state='valid' AND "
                    "expires_at>0");
    const int code = query.step();
    if (code == SQLITE_ROW) next = query.integer(0);
    return code;
  });
  if (!read) return std::unexpected(std::move(read.error()));
  return next;
}

}  // namespace posthorn::store::sqlite
