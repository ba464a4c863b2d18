// The configuration as the running program reads it: an immutable snapshot, replaced whole by every change.
// Secrets in it are plain text: it lives in memory only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/endpoint.hpp"
#include "model/event_type.hpp"
#include "model/tenancy.hpp"

namespace posthorn::store {

using shared_endpoint = std::shared_ptr<const model::endpoint>;

// What a company has described itself, by name; the built-in types are not in it.
using shared_event_type = std::shared_ptr<const model::event_type>;
using event_type_catalogue = std::unordered_map<std::string, shared_event_type>;
using event_type_catalogues = std::unordered_map<model::company_id, std::shared_ptr<const event_type_catalogue>>;

// Null where there is none of that name.
[[nodiscard]] inline shared_event_type find_event_type(const event_type_catalogues& in, model::company_id company,
                                                       const std::string& name) {
  const auto types = in.find(company);
  if (types == in.end()) return nullptr;
  const auto found = types->second->find(name);
  return found == types->second->end() ? nullptr : found->second;
}

struct integration_entry {
  model::integration value;
  std::vector<model::api_key> keys;                         // the signing key first; at most one retiring key after it
  std::vector<shared_endpoint> endpoints;                   // by id, deleted ones absent
  std::shared_ptr<const event_type_catalogue> event_types;  // its company's; null: none

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
  event_type_catalogues event_types;
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
