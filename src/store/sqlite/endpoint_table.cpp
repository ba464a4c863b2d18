#include "store/sqlite/endpoint_table.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "store/sqlite/config_rows.hpp"
#include "store/sqlite/endpoint_json.hpp"
#include "store/sqlite/sql_result.hpp"

namespace posthorn::store::sqlite {

base::result<model::endpoint> endpoint_table::find(model::endpoint_id id) {
  statement query(on_, fmt::format("SELECT {} FROM endpoint WHERE id=?1 AND deleted_at IS NULL", endpoint_columns));
  query.bind(1, id);
  const auto found = next_row(on_, query, "reading an endpoint");
  if (!found) return std::unexpected(found.error());
  if (!*found) return base::fail(base::fault::not_found, "there is no such endpoint");
  return read_endpoint_row(query, secrets_);
}

base::result<void> endpoint_table::check_room(model::integration_no integration) {
  statement query(on_,
                  "SELECT (SELECT count(*) FROM endpoint WHERE integration=?1 AND deleted_at IS NULL) "
                  "FROM integration JOIN deployment ON deployment.id=integration.deployment "
                  "WHERE integration.number=?1 AND deployment.deleted_at IS NULL");
  query.bind(1, integration);
  const auto found = next_row(on_, query, "counting endpoints");
  if (!found) return std::unexpected(found.error());
  if (!*found) return base::fail(base::fault::not_found, "there is no such integration");
  if (query.integer(0) >= static_cast<std::int64_t>(base::limits::endpoints_per_integration_max)) {
    return base::fail(base::fault::conflict, fmt::format("an integration has at most {} endpoints",
                                                         base::limits::endpoints_per_integration_max));
  }
  return {};
}

base::result<model::endpoint> endpoint_table::create(model::endpoint_id id, model::endpoint wanted) {
  if (auto room = check_room(wanted.integration); !room) return std::unexpected(room.error());
  wanted.id = id;
  wanted.created_at = now_;
  wanted.config_version = 1;
  wanted.condition = {};
  const std::string settings = settings_json(wanted);
  const std::string sealed = secrets_.seal(secrets_json(wanted), endpoint_place(id));
  statement insert(
      on_, fmt::format("INSERT INTO endpoint({}) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,0,0,0,0)", endpoint_columns));
  insert.bind(1, id).bind(2, wanted.integration).bind_text(3, settings).bind_blob(4, sealed);
  insert.bind(5, wanted.config_version).bind_text(6, model::to_string(wanted.state));
  insert.bind_text(7, wanted.state_reason).bind(8, wanted.not_before).bind(9, wanted.created_at);
  return run_for(wanted, on_, insert, "creating an endpoint");
}

base::result<model::endpoint> endpoint_table::update(model::endpoint_id id,
                                                     const config_store::endpoint_change& change) {
  const auto before = find(id);
  if (!before) return before;
  model::endpoint after = *before;
  if (auto changed = change(after); !changed) return std::unexpected(changed.error());
  after.id = before->id;
  after.integration = before->integration;
  after.created_at = before->created_at;
  after.config_version = before->config_version + 1;
  const std::string settings = settings_json(after);
  const std::string sealed = secrets_.seal(secrets_json(after), endpoint_place(id));
  statement write(on_,
                  "UPDATE endpoint SET settings=?2,sealed=?3,config_version=?4,state=?5,state_reason=?6,"
                  "not_before=?7 WHERE id=?1");
  write.bind(1, id).bind_text(2, settings).bind_blob(3, sealed).bind(4, after.config_version);
  write.bind_text(5, model::to_string(after.state)).bind_text(6, after.state_reason).bind(7, after.not_before);
  return run_for(after, on_, write, "changing an endpoint");
}

base::result<model::endpoint> endpoint_table::set_state(model::endpoint_id id, model::endpoint_state state,
                                                        std::string reason) {
  auto found = find(id);
  if (!found) return found;
  found->state = state;
  found->state_reason = std::move(reason);
  // A person's word ends whatever the breaker had counted.
  found->condition = {.state_version = found->condition.state_version + 1};
  statement write(on_,
                  "UPDATE endpoint SET state=?2,state_reason=?3,state_version=state_version+1,failing_since=0,"
                  "probe_at=0,probes_failed=0 WHERE id=?1");
  write.bind(1, id).bind_text(2, model::to_string(state)).bind_text(3, found->state_reason);
  return run_for(*found, on_, write, "setting an endpoint's state");
}

base::result<void> endpoint_table::bury(model::endpoint_id id) {
  if (auto found = find(id); !found) return std::unexpected(found.error());
  statement write(on_, "UPDATE endpoint SET deleted_at=?2,sealed=x'' WHERE id=?1");
  write.bind(1, id).bind(2, now_);
  return run(on_, write, "deleting an endpoint");
}

}  // namespace posthorn::store::sqlite
