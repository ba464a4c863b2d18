// Holds events against the schema of their type (docs/event-types.md), where it has one and the integration asks for
// it.
#pragma once

#include <cstdint>
#include <memory>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "base/result.hpp"
#include "catalogue/json_schema.hpp"
#include "ingest/parsed_payload.hpp"
#include "model/event_type.hpp"
#include "store/directory.hpp"

namespace posthorn::ingest {

// Thread-safe. An event of a type without a schema costs two look-ups of its name.
class schema_gate {
 public:
  schema_gate();

  // `payload` is what would be delivered; `enveloped`: it was built from details. 422 with every rule broken, by its
  // pointer into the request: what stands at /event/details of the envelope is /details there.
  [[nodiscard]] base::result<void> check(const store::integration_entry& to, const std::string& type, bool enveloped,
                                         parsed_payload& payload) const;

 private:
  using shared_schema = std::shared_ptr<const catalogue::json_schema>;
  struct compiled {
    std::int32_t version = 0;
    shared_schema schema;  // null: unreadable, so it lets everything pass
  };

  [[nodiscard]] shared_schema schema_of(const model::event_type& type) const;

  mutable std::shared_mutex guard_;
  mutable std::unordered_map<std::int64_t, compiled> schemas_;  // guarded; by the type's id
};

}  // namespace posthorn::ingest
