// Changes to the configuration. Every call waits for its commit: call from a thread that may block, never from an
// io_context or the writer. After a call returns, directory_source::current() shows the change.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "model/endpoint.hpp"
#include "model/event_type.hpp"
#include "model/tenancy.hpp"

namespace posthorn::store {

struct made_integration {
  model::integration value;
  model::api_key key;
};
struct made_deployment {
  model::deployment value;
  made_integration test;
  made_integration production;
};

class config_store {
 public:
  virtual ~config_store() = default;

  virtual base::result<model::company> create_company(std::string name) = 0;
  // Sets the digest of the machine admin's token (SHA-256, raw bytes).
  virtual base::result<void> set_admin_token_digest(std::string digest) = 0;

  // Makes the deployment with its two integrations and an API key each. conflict: the company has one of that name.
  virtual base::result<made_deployment> create_deployment(model::company_id company, std::string name,
                                                          model::preset preset) = 0;
  virtual base::result<model::deployment> rename_deployment(model::deployment_id id, std::string name) = 0;
  // Refused with not_acceptable_now while it has endpoints. Its events stay until their retention ends.
  virtual base::result<void> delete_deployment(model::deployment_id id) = 0;
  // Lets `change` edit retention_days, validate_events and the assessment's settings of a copy, and writes those;
  // otherwise as update_endpoint. invalid_field: the retention is not 1 to limits::retention_days_max.
  using integration_change = std::function<base::result<void>(model::integration&)>;
  virtual base::result<model::integration> update_integration(model::integration_no integration,
                                                              const integration_change& change) = 0;

  // Makes the company's event type of that name, or replaces it whole; id, version and the times are assigned.
  // conflict: the company has limits::event_types_per_company_max others. not_found: no such company. That names and
  // schemas keep their rules is the caller's business.
  virtual base::result<model::event_type> put_event_type(model::event_type wanted) = 0;
  virtual base::result<void> delete_event_type(model::company_id company, std::string name) = 0;

  // A new signing key. overlap_s > 0: the one before retires after that time and X-Signature stays on it until then;
  // 0: it stops at once. An older retiring key ends now.
  virtual base::result<model::api_key> rotate_key(model::integration_no integration, int overlap_s) = 0;

  // Takes everything but id, created_at, config_version, which are assigned. conflict: limits reached.
  virtual base::result<model::endpoint> create_endpoint(model::endpoint wanted) = 0;
  // Reads, lets `change` edit a copy, writes, raises config_version; atomic against other changes.
  // An error from `change` is returned and nothing is written. `change` runs on the writer thread: no blocking.
  using endpoint_change = std::function<base::result<void>(model::endpoint&)>;
  virtual base::result<model::endpoint> update_endpoint(model::endpoint_id id, endpoint_change change) = 0;
  // active: what was parked goes on by itself. paused, disabled: deliveries park.
  virtual base::result<model::endpoint> set_endpoint_state(model::endpoint_id id, model::endpoint_state state,
                                                           std::string reason) = 0;
  // A tombstone: secrets erased, what is pending cancelled in steps.
  virtual base::result<void> delete_endpoint(model::endpoint_id id) = 0;

  // Due now if pending, a new generation if failed or cancelled. not_acceptable_now: delivered, or its endpoint is
  // gone.
  virtual base::result<void> retry_delivery(model::delivery_id id) = 0;
  // pending → cancelled. In flight: a delivered result still wins. not_acceptable_now: already finished.
  virtual base::result<void> cancel_delivery(model::delivery_id id) = 0;
};

}  // namespace posthorn::store
