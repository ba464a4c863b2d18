// The configuration as the running program reads it: an immutable snapshot, replaced whole by every change.
// Secrets in it are plain text: it lives in memory only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/endpoint.hpp"
#include "model/tenancy.hpp"

namespace posthorn::store {

using shared_endpoint = std::shared_ptr<const model::endpoint>;

struct integration_entry {
  model::integration value;
  std::vector<model::api_key> keys;        // the signing key first; at most one retiring key after it
  std::vector<shared_endpoint> endpoints;  // by id, deleted ones absent

  // The key that X-Signature uses: the retiring one until its overlap has ended, then the signing one (contract 2.3).
  [[nodiscard]] const model::api_key& x_signature_key(base::epoch_ms now_wall) const {
    return keys.size() > 1 && keys[1].expires_at > now_wall ? keys[1] : keys[0];
  }
};
using shared_integration = std::shared_ptr<const integration_entry>;

struct directory {
  std::uint64_t version = 0;  // grows with every change
  std::unordered_map<model::company_id, model::company> companies;
  std::unordered_map<model::deployment_id, model::deployment> deployments;
  std::unordered_map<model::integration_no, shared_integration> integrations;
  std::unordered_map<std::string, model::integration_no> by_integration_id;  // the 20 digits
  std::unordered_map<std::string, model::integration_no> by_key_digest;      // SHA-256 of the API key's text, raw bytes
  std::unordered_map<model::endpoint_id, shared_endpoint> endpoints;
  std::string admin_token_digest;  // SHA-256, raw bytes; empty before the first start has set it
};
using shared_directory = std::shared_ptr<const directory>;

class directory_source {
 public:
  virtual ~directory_source() = default;
  // Thread: any. Never null.
  [[nodiscard]] virtual shared_directory current() const = 0;
  // Thread: any. The version of current(), without taking a reference; for cheap "has it changed?" checks.
  [[nodiscard]] virtual std::uint64_t version() const noexcept = 0;
};

}  // namespace posthorn::store
