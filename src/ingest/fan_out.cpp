#include "ingest/fan_out.hpp"

#include <boost/json/parser.hpp>
#include <mutex>

#include "base/id.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "policy/subscription.hpp"

namespace posthorn::ingest {
namespace {

namespace json = boost::json;
namespace limits = base::limits;

std::optional<json::value> parsed(std::string_view payload) {
  json::parse_options options;
  options.max_depth = limits::json_depth_max + 2;  // the envelope stands around what the producer nested
  json::parser parser({}, options);
  json::error_code failed;
  parser.write(payload, failed);
  if (failed) return std::nullopt;
  return parser.release();
}

}  // namespace

std::vector<model::endpoint_id> fan_out::targets(const store::integration_entry& of, model::endpoint_kind kind,
                                                 std::string_view type, std::string_view payload) const {
  std::vector<model::endpoint_id> found;
  bool looked = false;
  std::optional<json::value> value;
  for (const store::shared_endpoint& endpoint : of.endpoints) {
    if (endpoint->kind != kind || !policy::matches(endpoint->event_types, type)) continue;
    if (!endpoint->filter.empty()) {
      if (!looked) value = parsed(payload);
      looked = true;
      const shared_filter filter = value ? filter_of(*endpoint) : nullptr;
      if (filter && !filter->passes(*value)) continue;
    }
    found.push_back(endpoint->id);
  }
  return found;
}

bool fan_out::takes(const model::endpoint& endpoint, std::string_view type, std::string_view payload) const {
  if (!policy::matches(endpoint.event_types, type)) return false;
  if (endpoint.filter.empty()) return true;
  const auto value = parsed(payload);
  const shared_filter filter = value ? filter_of(endpoint) : nullptr;
  return !filter || filter->passes(*value);
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
