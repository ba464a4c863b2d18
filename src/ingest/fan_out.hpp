// Which endpoints of an integration an event goes to: of its kind, subscribed to its type, and with a payload filter
// that it passes.
#pragma once

#include <memory>
#include <shared_mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ingest/parsed_payload.hpp"
#include "model/endpoint.hpp"
#include "policy/payload_filter.hpp"
#include "store/directory.hpp"

namespace posthorn::ingest {

// Thread-safe. Endpoints without a filter cost neither a lock nor a look at the payload.
class fan_out {
 public:
  // In the order of `of.endpoints`, whatever their state. `payload` is what is delivered, in the envelope form the
  // whole envelope; it is parsed at most once, and only for a filter. A payload that Boost.JSON cannot hold (a lone
  // surrogate, an exponent beyond its range) passes every filter: one event too many is better than one lost.
  [[nodiscard]] std::vector<model::endpoint_id> targets(const store::integration_entry& of, model::endpoint_kind kind,
                                                        std::string_view type, parsed_payload& payload) const;

  // One of them, of whatever kind. `payload` is looked at only where the endpoint has a filter.
  [[nodiscard]] bool takes(const model::endpoint& endpoint, std::string_view type, std::string_view payload) const;

 private:
  using shared_filter = std::shared_ptr<const policy::payload_filter>;
  struct compiled {
    std::int32_t config_version = 0;
    shared_filter filter;  // null: unreadable, so it passes everything
  };

  [[nodiscard]] bool takes(const model::endpoint& endpoint, std::string_view type, parsed_payload& payload) const;
  [[nodiscard]] shared_filter filter_of(const model::endpoint& endpoint) const;

  mutable std::shared_mutex guard_;
  mutable std::unordered_map<model::endpoint_id, compiled> filters_;  // guarded
};

}  // namespace posthorn::ingest
