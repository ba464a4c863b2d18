#include "ingest/fan_out.hpp"

#include <mutex>

#include "base/id.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "policy/subscription.hpp"

namespace posthorn::ingest {

namespace limits = base::limits;

std::vector<model::endpoint_id> fan_out::targets(const store::integration_entry& of, model::endpoint_kind kind,
                                                 std::string_view type, parsed_payload& payload) const {
  std::vector<model::endpoint_id> found;
  for (const store::shared_endpoint& endpoint : of.endpoints) {
    if (endpoint->kind == kind && takes(*endpoint, type, payload)) found.push_back(endpoint->id);
  }
  return found;
}

bool fan_out::takes(const model::endpoint& endpoint, std::string_view type, parsed_payload& payload) const {
  if (!policy::matches(endpoint.event_types, type)) return false;
  if (endpoint.filter.empty()) return true;
  const boost::json::value* value = payload.value();
  const shared_filter filter = value != nullptr ? filter_of(endpoint) : nullptr;
  return !filter || filter->passes(*value);
}

bool fan_out::takes(const model::endpoint& endpoint, std::string_view type, std::string_view payload) const {
  parsed_payload looked_into(payload);
  return takes(endpoint, type, looked_into);
}

fan_out::shared_filter fan_out::filter_of(const model::endpoint& endpoint) const {
  {
    const std::shared_lock reading(guard_);
    const auto found = filters_.find(endpoint.id);
    if (found != filters_.end() && found->second.config_version == endpoint.config_version) return found->second.filter;
  }
  shared_filter made;
  if (auto filter = policy::payload_filter::parse(endpoint.filter)) {
    made = std::make_shared<const policy::payload_filter>(*std::move(filter));
  } else {
    base::log_warn("filter_unreadable", {{"endpoint_id", base::format_id(base::endpoint_prefix, endpoint.id)},
                                         {"detail", filter.error().detail}});
  }
  const std::unique_lock writing(guard_);
  if (filters_.size() >= limits::filters_compiled_max) filters_.clear();
  filters_[endpoint.id] = {endpoint.config_version, made};
  return made;
}

}  // namespace posthorn::ingest
