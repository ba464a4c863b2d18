#include "api/certificate_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>

#include "api/csv.hpp"
#include "api/text_forms.hpp"
#include "base/limits.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
namespace limits = base::limits;

json::array list(const std::vector<std::string>& of) { return json::array(of.begin(), of.end()); }

std::string time_or_empty(base::epoch_ms at) { return at == 0 ? std::string() : base::to_rfc3339(at); }

}  // namespace

json::object to_json(const model::certificate_rule& rule) {
  return {{"id", rule.id},
          {"name", rule.name},
          {"description", rule.description},
          {"owner_id", rule.owner},
          {"validity_days", rule.validity_days},
          {"lessons", list(rule.lessons)},
          {"created_at", base::to_rfc3339(rule.created_at)},
          {"updated_at", base::to_rfc3339(rule.updated_at)}};
}

json::object to_json(const model::certificate& one) {
  return {{"id", one.id},
          {"user_id", one.user},
          {"owner_id", one.owner},
          {"rule_id", one.rule},
          {"name", one.name},
          {"description", one.description},
          {"validity_days", one.validity_days},
          {"lessons", list(one.lessons)},
          {"state", model::to_string(one.state)},
          {"awarded_at", base::to_rfc3339(one.awarded_at)},
          {"certified_at", base::to_rfc3339(one.certified_at)},
          {"expires_at", time_or_null(one.expires_at)},
          {"updated_at", base::to_rfc3339(one.updated_at)},
          {"revision", one.revision}};
}

std::string to_csv(std::span<const model::certificate> rows) {
  std::string out = "id,user_id,rule_id,name,owner_id,state,awarded_at,certified_at,expires_at,updated_at\r\n";
  for (const model::certificate& one : rows) {
    for (const std::string& cell :
         {one.id, one.user, one.rule, one.name, one.owner, std::string(model::to_string(one.state)),
          time_or_empty(one.awarded_at), time_or_empty(one.certified_at), time_or_empty(one.expires_at),
          time_or_empty(one.updated_at)}) {
      add_cell(out, cell);
    }
    out += "\r\n";
  }
  return out;
}

std::optional<std::string> object_id(body_fields& fields, std::string_view name) {
  auto text = fields.text(name, 1, limits::name_chars_max);
  if (!text) return std::nullopt;
  if (model::is_object_id(*text)) return text;
  fields.refuse(name, "must be 24 lowercase hex characters");
  return std::nullopt;
}

std::optional<std::vector<std::string>> object_ids(body_fields& fields, std::string_view name, std::size_t max) {
  const json::value* given = fields.find(name);
  if (given == nullptr) return std::nullopt;
  const json::array* list = given->if_array();
  if (list == nullptr || list->empty() || list->size() > max) {
    fields.refuse(name, fmt::format("must be an array of 1 to {} ids", max));
    return std::nullopt;
  }
  std::vector<std::string> ids;
  for (const json::value& each : *list) {
    const json::string* text = each.if_string();
    if (text == nullptr || !model::is_object_id(*text)) {
      fields.refuse_item(name, ids.size(), "must be 24 lowercase hex characters");
      return std::nullopt;
    }
    ids.emplace_back(*text);
  }
  std::vector<std::string> sorted = ids;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end()) {
    fields.refuse(name, "has an id twice");
    return std::nullopt;
  }
  return ids;
}

certificate::rule_settings read_rule_settings(body_fields& fields) {
  fields.only({"name", "description", "owner_id", "validity_days", "lessons"});
  certificate::rule_settings read;
  read.name = fields.text("name", 1, limits::name_chars_max);
  read.description = fields.text("description", 0, limits::description_chars_max);
  read.owner = object_id(fields, "owner_id");
  if (const auto days = fields.integer("validity_days", 0, limits::validity_days_max)) {
    read.validity_days = static_cast<std::int32_t>(*days);
  }
  read.lessons = object_ids(fields, "lessons", limits::lessons_per_rule_max);
  return read;
}

}  // namespace posthorn::api
