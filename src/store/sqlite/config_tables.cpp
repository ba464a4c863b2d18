#include "store/sqlite/config_tables.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/random.hpp"
#include "store/sqlite/assessment_json.hpp"
#include "store/sqlite/config_rows.hpp"
#include "store/sqlite/sql_result.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr std::size_t key_text_chars = 32;  // after the prefix: 190 bits

}  // namespace

base::result<bool> config_tables::exists(std::string_view sql, std::int64_t id, std::string_view text) {
  statement query(on_, sql);
  query.bind(1, id).bind_text(2, text);
  return next_row(on_, query, "reading the configuration");
}

base::result<model::company> config_tables::create_company(std::string name) {
  const auto taken = exists("SELECT 1 FROM company WHERE id<>?1 AND name=?2", 0, name);
  if (!taken) return std::unexpected(taken.error());
  if (*taken) return base::fail(base::fault::conflict, "there is a company of this name already");
  const model::company made{next_id_(), std::move(name), now_};
  statement insert(on_, "INSERT INTO company(id,name,created_at) VALUES(?1,?2,?3)");
  insert.bind(1, made.id).bind_text(2, made.name).bind(3, made.created_at);
  return run_for(made, on_, insert, "creating a company");
}

base::result<void> config_tables::set_admin_token_digest(std::string_view digest) {
  statement set(on_,
                "INSERT INTO meta(key,value) VALUES('admin_token_digest',?1) "
                "ON CONFLICT(key) DO UPDATE SET value=excluded.value");
  set.bind_blob(1, digest);
  return run(on_, set, "setting the admin token");
}

base::result<made_deployment> config_tables::create_deployment(model::company_id company, std::string name,
                                                               model::preset preset) {
  const auto known = exists("SELECT 1 FROM company WHERE id=?1 AND ?2<>''", company, name);
  if (!known) return std::unexpected(known.error());
  if (!*known) return base::fail(base::fault::not_found, "there is no such company");
  const auto taken =
      exists("SELECT 1 FROM deployment WHERE company=?1 AND name=?2 AND deleted_at IS NULL", company, name);
  if (!taken) return std::unexpected(taken.error());
  if (*taken) return base::fail(base::fault::conflict, "the company has a deployment of this name already");

  made_deployment made;
  made.value = {next_id_(), company, std::move(name), preset, now_};
  statement insert(on_, "INSERT INTO deployment(id,company,name,preset,created_at) VALUES(?1,?2,?3,?4,?5)");
  insert.bind(1, made.value.id).bind(2, company).bind_text(3, made.value.name);
  insert.bind_text(4, model::to_string(preset)).bind(5, now_);
  if (auto done = run(on_, insert, "creating a deployment"); !done) return std::unexpected(done.error());
  auto test = create_integration(made.value, model::environment::test);
  if (!test) return std::unexpected(test.error());
  auto production = create_integration(made.value, model::environment::production);
  if (!production) return std::unexpected(production.error());
  made.test = std::move(*test);
  made.production = std::move(*production);
  return made;
}

base::result<made_integration> config_tables::create_integration(const model::deployment& of, model::environment env) {
  made_integration made;
  made.value.deployment = of.id;
  made.value.company = of.company;
  made.value.env = env;
  made.value.integration_id = base::random_integration_id();
  statement insert(on_,
                   "INSERT INTO integration(deployment,company,environment,integration_id,retention_days) "
                   "VALUES(?1,?2,?3,?4,?5)");
  insert.bind(1, of.id).bind(2, of.company).bind_text(3, model::to_string(env));
  insert.bind_text(4, made.value.integration_id).bind(5, made.value.retention_days);
  if (auto done = run(on_, insert, "creating an integration"); !done) return std::unexpected(done.error());
  // Rows are never deleted, so that the greatest number + 1, which SQLite takes, is never one that was used before.
  made.value.number = sqlite3_last_insert_rowid(on_.handle());
  auto key = create_signing_key(made.value.number, env);
  if (!key) return std::unexpected(key.error());
  made.key = std::move(*key);
  return made;
}

base::result<model::api_key> config_tables::create_signing_key(model::integration_no integration,
                                                               model::environment env) {
  model::api_key made;
  made.id = next_id_();
  made.integration = integration;
  made.text = std::string(model::key_prefix(env)) + base::random_text(key_text_chars);
  made.created_at = now_;
  const std::string sealed = secrets_.seal(made.text, api_key_place(made.id));
  statement insert(on_,
                   "INSERT INTO api_key(id,integration,state,sealed,created_at,expires_at) "
                   "VALUES(?1,?2,'signing',?3,?4,0)");
  insert.bind(1, made.id).bind(2, integration).bind_blob(3, sealed).bind(4, now_);
  return run_for(made, on_, insert, "creating an API key");
}

base::result<model::deployment> config_tables::find_deployment(model::deployment_id id) {
  statement query(on_, fmt::format("SELECT {} FROM deployment WHERE id=?1 AND deleted_at IS NULL", deployment_columns));
  query.bind(1, id);
  const auto found = next_row(on_, query, "reading a deployment");
  if (!found) return std::unexpected(found.error());
  if (!*found) return base::fail(base::fault::not_found, "there is no such deployment");
  return read_deployment(query);
}

base::result<model::integration> config_tables::find_integration(model::integration_no number) {
  statement query(on_, fmt::format("SELECT {} FROM integration WHERE number=?1 AND EXISTS(SELECT 1 FROM deployment "
                                   "WHERE id=integration.deployment AND deleted_at IS NULL)",
                                   integration_columns));
  query.bind(1, number);
  const auto found = next_row(on_, query, "reading an integration");
  if (!found) return std::unexpected(found.error());
  if (!*found) return base::fail(base::fault::not_found, "there is no such integration");
  return read_integration(query);
}

base::result<model::deployment> config_tables::rename_deployment(model::deployment_id id, std::string name) {
  auto found = find_deployment(id);
  if (!found || found->name == name) return found;
  const auto taken =
      exists("SELECT 1 FROM deployment WHERE company=?1 AND name=?2 AND deleted_at IS NULL", found->company, name);
  if (!taken) return std::unexpected(taken.error());
  if (*taken) return base::fail(base::fault::conflict, "the company has a deployment of this name already");
  found->name = std::move(name);
  statement update(on_, "UPDATE deployment SET name=?2 WHERE id=?1");
  update.bind(1, id).bind_text(2, found->name);
  return run_for(*found, on_, update, "renaming a deployment");
}

base::result<void> config_tables::delete_deployment(model::deployment_id id) {
  if (auto found = find_deployment(id); !found) return std::unexpected(found.error());
  statement endpoints(on_,
                      "SELECT 1 FROM endpoint WHERE deleted_at IS NULL AND integration IN "
                      "(SELECT number FROM integration WHERE deployment=?1) LIMIT 1");
  endpoints.bind(1, id);
  const auto in_use = next_row(on_, endpoints, "reading a deployment's endpoints");
  if (!in_use) return std::unexpected(in_use.error());
  if (*in_use) {
    return base::fail(base::fault::not_acceptable_now, "the deployment has endpoints: delete them first");
  }
  statement keys(on_, "DELETE FROM api_key WHERE integration IN (SELECT number FROM integration WHERE deployment=?1)");
  keys.bind(1, id);
  if (auto done = run(on_, keys, "erasing a deployment's keys"); !done) return done;
  statement links(on_,
                  "UPDATE link_batch SET state='orphaned',uids='' WHERE integration IN "
                  "(SELECT number FROM integration WHERE deployment=?1)");
  links.bind(1, id);
  if (auto done = run(on_, links, "orphaning a deployment's links"); !done) return done;
  statement bury(on_, "UPDATE deployment SET deleted_at=?2 WHERE id=?1");
  bury.bind(1, id).bind(2, now_);
  return run(on_, bury, "deleting a deployment");
}

base::result<model::integration> config_tables::update_integration(model::integration_no integration,
                                                                   const config_store::integration_change& change) {
  auto found = find_integration(integration);
  if (!found) return found;
  model::integration wanted = *found;
  if (auto edited = change(wanted); !edited) return std::unexpected(std::move(edited.error()));
  if (wanted.retention_days < 1 || wanted.retention_days > base::limits::retention_days_max) {
    return base::fail_at(base::fault::invalid_field, "/retention_days",
                         fmt::format("must be 1 to {}", base::limits::retention_days_max));
  }
  found->retention_days = wanted.retention_days;
  found->validate_events = wanted.validate_events;
  found->assessment = std::move(wanted.assessment);
  const std::string assessment = settings_json(found->assessment);
  statement update(on_, "UPDATE integration SET retention_days=?2,validate_events=?3,assessment=?4 WHERE number=?1");
  update.bind(1, integration)
      .bind(2, found->retention_days)
      .bind(3, found->validate_events ? 1 : 0)
      .bind_text(4, assessment);
  return run_for(*found, on_, update, "changing an integration");
}

base::result<model::api_key> config_tables::rotate_key(model::integration_no integration, int overlap_s) {
  const auto found = find_integration(integration);
  if (!found) return std::unexpected(found.error());
  statement end_old(on_, overlap_s > 0 ? "DELETE FROM api_key WHERE integration=?1 AND state='retiring'"
                                       : "DELETE FROM api_key WHERE integration=?1");
  end_old.bind(1, integration);
  if (auto done = run(on_, end_old, "ending an API key"); !done) return std::unexpected(done.error());
  statement retire(on_, "UPDATE api_key SET state='retiring',expires_at=?2 WHERE integration=?1");
  retire.bind(1, integration).bind(2, now_ + std::int64_t{overlap_s} * 1000);
  if (auto done = run(on_, retire, "retiring an API key"); !done) return std::unexpected(done.error());
  return create_signing_key(integration, found->env);
}

}  // namespace posthorn::store::sqlite
