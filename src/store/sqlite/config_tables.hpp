// Companies, deployments, integrations and API keys as rows. The semantics are config_store's (store/config_store.hpp).
// Writer thread, inside a transaction, one object a change: on an error the caller rolls back.
#pragma once

#include <functional>
#include <string>

#include "store/config_store.hpp"
#include "store/secret_box.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

using id_source_call = std::function<base::id_value()>;

class config_tables {
 public:
  // `now` is wall time. All references must outlive the object.
  config_tables(connection& on, const secret_box& secrets, id_source_call next_id, base::epoch_ms now)
      : on_(on), secrets_(secrets), next_id_(std::move(next_id)), now_(now) {}

  base::result<model::company> create_company(std::string name);
  base::result<void> set_admin_token_digest(std::string_view digest);

  base::result<made_deployment> create_deployment(model::company_id company, std::string name, model::preset preset);
  base::result<model::deployment> find_deployment(model::deployment_id id);
  base::result<model::integration> find_integration(model::integration_no number);
  base::result<model::deployment> rename_deployment(model::deployment_id id, std::string name);
  // A tombstone, with its keys erased and its links left to be erased: its integrations' rows go on saying how long
  // their events are kept.
  base::result<void> delete_deployment(model::deployment_id id);
  base::result<model::integration> update_integration(model::integration_no integration,
                                                      const config_store::integration_change& change);
  base::result<model::api_key> rotate_key(model::integration_no integration, int overlap_s);

 private:
  base::result<made_integration> create_integration(const model::deployment& of, model::environment env);
  base::result<model::api_key> create_signing_key(model::integration_no integration, model::environment env);
  base::result<bool> exists(std::string_view sql, std::int64_t id, std::string_view text);

  connection& on_;
  const secret_box& secrets_;
  id_source_call next_id_;
  base::epoch_ms now_;
};

}  // namespace posthorn::store::sqlite
