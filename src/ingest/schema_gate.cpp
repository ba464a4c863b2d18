#include "ingest/schema_gate.hpp"

#include <mutex>
#include <string_view>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "catalogue/builtin_types.hpp"

namespace posthorn::ingest {
namespace {

namespace json = boost::json;
using base::fault;

// Where the caller wrote what stands at `pointer` of what would be delivered.
std::string in_request(bool enveloped, const std::string& pointer) {
  if (!enveloped) return "/payload" + pointer;
  constexpr std::string_view inner = "/event";
  return pointer.starts_with("/event/") ? pointer.substr(inner.size()) : pointer;
}

base::error told(base::error broken, bool enveloped, const std::string& type) {
  for (base::field_error& field : broken.fields) field.pointer = in_request(enveloped, field.pointer);
  const base::field_error& first = broken.fields.front();
  broken.detail = first.pointer + ": " + first.detail + ", says the schema of " + type;
  return broken;
}

}  // namespace

// Compiled before the first event has to wait for it.
schema_gate::schema_gate() { static_cast<void>(catalogue::builtin_types()); }

base::result<void> schema_gate::check(const store::integration_entry& to, const std::string& type, bool enveloped,
                                      parsed_payload& payload) const {
  if (!to.value.validate_events) return {};
  const catalogue::json_schema* schema = nullptr;
  shared_schema own;
  if (const catalogue::builtin_type* builtin = catalogue::find_builtin(type)) {
    schema = &builtin->schema;
  } else if (to.event_types) {
    const auto found = to.event_types->find(type);
    if (found != to.event_types->end() && !found->second->schema.empty()) own = schema_of(*found->second);
    schema = own.get();
  }
  if (schema == nullptr) return {};
  const json::value* value = payload.value();
  if (value == nullptr) {
    return base::fail_at(fault::invalid_field, enveloped ? "/details" : "/payload",
                         "cannot be held against the schema of " + type + ": " + payload.failure());
  }
  auto held = schema->check(*value);
  if (held) return {};
  return std::unexpected(told(std::move(held.error()), enveloped, type));
}

schema_gate::shared_schema schema_gate::schema_of(const model::event_type& type) const {
  {
    const std::shared_lock reading(guard_);
    const auto found = schemas_.find(type.id);
    if (found != schemas_.end() && found->second.version == type.version) return found->second.schema;
  }
  const auto read = base::parse_own_json(type.schema);
  shared_schema schema;
  if (auto checked = read ? catalogue::json_schema::compile(*read) : std::unexpected(read.error())) {
    schema = std::make_shared<const catalogue::json_schema>(*std::move(checked));
  } else {
    base::log_warn("schema_unreadable", {{"event_type", type.name}});
  }
  const std::unique_lock writing(guard_);
  if (schemas_.size() >= base::limits::schemas_compiled_max) schemas_.clear();
  schemas_[type.id] = {type.version, schema};
  return schema;
}

}  // namespace posthorn::ingest
