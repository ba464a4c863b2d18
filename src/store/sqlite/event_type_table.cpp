#include "store/sqlite/event_type_table.hpp"

#include <fmt/format.h>

#include <unordered_map>

#include "base/limits.hpp"
#include "store/sqlite/sql_result.hpp"

namespace posthorn::store::sqlite {

namespace {

constexpr const char* columns = "id,company,name,version,created_at,changed_at,description,schema,example";

model::event_type read_event_type(statement& from) {
  return {.id = from.integer(0),
          .company = from.integer(1),
          .name = std::string(from.text(2)),
          .description = std::string(from.text(6)),
          .schema = std::string(from.text(7)),
          .example = std::string(from.text(8)),
          .version = static_cast<std::int32_t>(from.integer(3)),
          .created_at = from.integer(4),
          .changed_at = from.integer(5)};
}

}  // namespace

base::result<model::event_type> event_type_table::find(model::company_id company, std::string_view name) {
  statement query(on_, fmt::format("SELECT {} FROM event_type WHERE company=?1 AND name=?2", columns));
  query.bind(1, company).bind_text(2, name);
  const auto found = next_row(on_, query, "reading an event type");
  if (!found) return std::unexpected(found.error());
  if (!*found) return base::fail(base::fault::not_found, "the company has no event type of this name");
  return read_event_type(query);
}

base::result<void> event_type_table::check_room(model::company_id company) {
  statement query(on_, "SELECT (SELECT count(*) FROM event_type WHERE company=?1) FROM company WHERE id=?1");
  query.bind(1, company);
  const auto found = next_row(on_, query, "counting event types");
  if (!found) return std::unexpected(found.error());
  if (!*found) return base::fail(base::fault::not_found, "there is no such company");
  if (query.integer(0) < static_cast<std::int64_t>(base::limits::event_types_per_company_max)) return {};
  return base::fail(base::fault::conflict, fmt::format("a company has at most {} event types of its own: delete some",
                                                       base::limits::event_types_per_company_max));
}

base::result<model::event_type> event_type_table::put(std::int64_t id, model::event_type wanted) {
  const auto known = find(wanted.company, wanted.name);
  if (!known && known.error().code != base::fault::not_found) return std::unexpected(known.error());
  wanted.id = known ? known->id : id;
  wanted.version = known ? known->version + 1 : 1;
  wanted.created_at = known ? known->created_at : now_;
  wanted.changed_at = now_;
  if (!known) {
    if (auto room = check_room(wanted.company); !room) return std::unexpected(room.error());
  }
  statement write(on_,
                  fmt::format("INSERT OR REPLACE INTO event_type({}) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)", columns));
  write.bind(1, wanted.id).bind(2, wanted.company).bind_text(3, wanted.name).bind(4, wanted.version);
  write.bind(5, wanted.created_at).bind(6, wanted.changed_at).bind_text(7, wanted.description);
  write.bind_text(8, wanted.schema).bind_text(9, wanted.example);
  return run_for(wanted, on_, write, "writing an event type");
}

base::result<void> event_type_table::erase(model::company_id company, std::string_view name) {
  if (const auto known = find(company, name); !known) return std::unexpected(known.error());
  statement gone(on_, "DELETE FROM event_type WHERE company=?1 AND name=?2");
  gone.bind(1, company).bind_text(2, name);
  return run(on_, gone, "deleting an event type");
}

base::result<event_type_catalogues> load_event_types(connection& on, const event_type_catalogues* before) {
  std::unordered_map<model::company_id, event_type_catalogue> made;
  statement query(on, fmt::format("SELECT {} FROM event_type", columns));
  while (true) {
    const auto more = next_row(on, query, "loading the event types");
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
    const model::company_id company = query.integer(1);
    const std::string name(query.text(2));
    shared_event_type type = before == nullptr ? nullptr : find_event_type(*before, company, name);
    if (!type || type->id != query.integer(0) || type->version != query.integer(3)) {
      type = std::make_shared<const model::event_type>(read_event_type(query));
    }
    made[company][name] = std::move(type);
  }
  event_type_catalogues shared;
  for (auto& [company, types] : made) shared[company] = std::make_shared<const event_type_catalogue>(std::move(types));
  return shared;
}

}  // namespace posthorn::store::sqlite
