// config_store on the writer: each call is a unit of work in its next transaction.
#pragma once

#include "store/config_store.hpp"
#include "store/secret_box.hpp"
#include "store/sqlite/writer.hpp"

namespace posthorn::store::sqlite {

class config_gateway final : public config_store {
 public:
  config_gateway(writer& to, const secret_box& secrets) : writer_(to), secrets_(secrets) {}

  base::result<model::company> create_company(std::string name) override;
  base::result<void> set_admin_token_digest(std::string digest) override;
  base::result<made_deployment> create_deployment(model::company_id company, std::string name,
                                                  model::preset preset) override;
  base::result<model::deployment> rename_deployment(model::deployment_id id, std::string name) override;
  base::result<void> delete_deployment(model::deployment_id id) override;
  base::result<model::integration> update_integration(model::integration_no integration,
                                                      const integration_change& change) override;
  base::result<model::event_type> put_event_type(model::event_type wanted) override;
  base::result<void> delete_event_type(model::company_id company, std::string name) override;
  base::result<model::api_key> rotate_key(model::integration_no integration, int overlap_s) override;
  base::result<model::endpoint> create_endpoint(model::endpoint wanted) override;
  base::result<model::endpoint> update_endpoint(model::endpoint_id id, endpoint_change change) override;
  base::result<model::endpoint> set_endpoint_state(model::endpoint_id id, model::endpoint_state state,
                                                   std::string reason) override;
  base::result<void> delete_endpoint(model::endpoint_id id) override;
  base::result<void> retry_delivery(model::delivery_id id) override;
  base::result<void> cancel_delivery(model::delivery_id id) override;

 private:
  writer& writer_;
  const secret_box& secrets_;
};

}  // namespace posthorn::store::sqlite
