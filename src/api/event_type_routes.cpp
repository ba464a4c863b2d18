// The event-type catalogue of a company (docs/event-types.md). What it says holds for all of the company's
// integrations, in both environments, so only its members and the machine admin write it; every key of
// the company reads it.
#include <fmt/format.h>

#include <boost/json/value.hpp>

#include "api/body_fields.hpp"
#include "api/company_scope.hpp"
#include "api/handlers.hpp"
#include "api/paging.hpp"
#include "api/text_forms.hpp"
#include "base/id.hpp"
#include "base/json_text.hpp"
#include "base/log.hpp"
#include "catalogue/builtin_types.hpp"
#include "ingest/event_parser.hpp"
#include "ingest/json_scanner.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
namespace limits = base::limits;
using base::fault;

constexpr std::string_view tag = "ety";

// Whose catalogue a call is about.
struct scope_of_call {
  model::company_id company = 0;
  store::shared_integration integration;  // null: the company as a whole
};

base::result<scope_of_call> scope_of(call& from) {
  const auto named = from.query("company_id");
  if (from.who.kind == account::caller_kind::integration || from.query("integration_id")) {
    const auto of = from.reach();
    if (!of) return std::unexpected(of.error());
    const model::company_id own = (*of)->value.company;
    if (named && *named != base::format_id(base::company_prefix, own)) {
      return base::fail(fault::forbidden, "the integration belongs to another company than the one named");
    }
    return scope_of_call{own, *of};
  }
  const auto company = company_of(from);
  if (!company) return std::unexpected(company.error());
  return scope_of_call{*company, nullptr};
}

void append_json(std::string& out, std::string_view name, std::string_view value) {
  out.append(",\"").append(name).append("\":").append(value.empty() ? "null" : value);
}

void append_time(std::string& out, std::string_view name, base::epoch_ms at) {
  append_json(out, name, at == 0 ? "" : '"' + base::to_rfc3339(at) + '"');
}

// By hand, because schema and example are shown as they were written.
std::string to_json(const model::event_type& type, const scope_of_call& of) {
  std::string out = "{\"name\":";
  base::append_json_string(out, type.name);
  out += ",\"description\":";
  base::append_json_string(out, type.description);
  append_json(out, "built_in", type.company == 0 ? "true" : "false");
  const bool validated = !type.schema.empty() && of.integration && of.integration->value.validate_events;
  append_json(out, "validated", !of.integration ? "" : validated ? "true" : "false");
  append_json(out, "schema", type.schema);
  append_json(out, "example", type.example);
  append_time(out, "created_at", type.created_at);
  append_time(out, "changed_at", type.changed_at);
  return out + '}';
}

net::response answer_of(int status, const model::event_type& type, const scope_of_call& of) {
  return {.status = status, .content_type = "application/json", .body = to_json(type, of)};
}

std::vector<const model::event_type*> all_types(const store::directory& now, model::company_id company) {
  std::vector<const model::event_type*> all;
  for (const catalogue::builtin_type& each : catalogue::builtin_types()) all.push_back(&each.value);
  const auto own = now.event_types.find(company);
  if (own == now.event_types.end()) return all;
  for (const auto& [name, type] : *own->second) all.push_back(type.get());
  return all;
}

// The member's own text, without white space outside strings; "" where it is absent or null.
std::string text_of_member(std::string_view body, std::string_view wanted) {
  ingest::json_scanner scanner(body, limits::json_depth_max);
  std::string_view name;
  ingest::json_slice value;
  std::string out;
  if (!scanner.begin_object()) return out;
  while (scanner.next_member(name, value)) {
    if (name != wanted) continue;
    out.clear();
    if (value.text != "null") ingest::append_compact(out, value);
  }
  return out;
}

void take_errors(body_errors& to, const base::error& from, const std::string& prefix) {
  for (const base::field_error& each : from.fields) to.add(from.code, prefix + each.pointer, each.detail);
}

void check_schema_and_example(body_fields& fields, const model::event_type& wanted) {
  for (const auto& [name, text, bytes_max] : {std::tuple{"schema", &wanted.schema, limits::schema_bytes_max},
                                              std::tuple{"example", &wanted.example, limits::example_bytes_max}}) {
    if (text->size() > bytes_max) {
      fields.refuse(name, fmt::format("is {} bytes as compact JSON; the limit is {}", text->size(), bytes_max));
    }
  }
  const json::value* given = fields.find("schema");
  if (given == nullptr || given->is_null()) return;
  const auto schema = catalogue::json_schema::compile(*given);
  if (!schema) return take_errors(fields.errors(), schema.error(), "/schema");
  const json::value* example = fields.find("example");
  if (example == nullptr || example->is_null()) return;
  const auto held = schema->check(*example);
  if (!held) take_errors(fields.errors(), held.error(), "/example");
}

base::result<model::event_type> wanted_type(const call& from) {
  const auto body = parse_object(from.request.body);
  if (!body) return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({"description", "schema", "example"});
  model::event_type wanted;
  wanted.name = from.values.text[0];
  wanted.description = fields.text("description", 0, limits::description_chars_max).value_or("");
  wanted.schema = text_of_member(from.request.body, "schema");
  wanted.example = text_of_member(from.request.body, "example");
  check_schema_and_example(fields, wanted);
  if (errors.any()) return std::unexpected(errors.outcome().error());
  return wanted;
}

base::result<void> check_name(std::string_view name) {
  if (!ingest::is_event_type(name)) {
    return base::fail(fault::invalid_field,
                      "the event type in the address must be 1 to 128 characters of A-Z, a-z, 0-9, '.', '_' and '-'");
  }
  if (catalogue::find_builtin(name) == nullptr) return {};
  return base::fail(fault::conflict,
                    "this event type is built in, and can be neither changed nor deleted: choose another name, or "
                    "switch validate_events off where its schema is in the way");
}

base::result<void> check_deletable(std::string_view name) {
  if (!ingest::is_event_type(name)) return base::fail(fault::not_found, "there is no such event type");
  return check_name(name);
}

}  // namespace

handled list_event_types(call& from) {
  const auto want = page_of(from, tag);
  if (!want) co_return std::unexpected(want.error());
  const store::shared_directory now = from.with.directory.current();
  const auto of = scope_of(from);
  if (!of) co_return std::unexpected(of.error());
  std::vector<const model::event_type*> all = all_types(*now, of->company);
  std::erase_if(all, [&](const auto* each) { return want->after != 0 && each->id >= want->after; });
  std::ranges::sort(all, std::greater{}, &model::event_type::id);
  const bool more = all.size() > want->limit;
  if (more) all.resize(want->limit);
  net::response given{.status = 200, .content_type = "application/json", .body = "{\"data\":["};
  for (const model::event_type* each : all) {
    if (each != all.front()) given.body += ',';
    given.body += to_json(*each, *of);
  }
  given.body +=
      "],\"next_cursor\":" + (more ? '"' + cursor_text(tag, all.back()->id) + '"' : std::string("null")) + '}';
  co_return given;
}

handled get_event_type(call& from) {
  const store::shared_directory now = from.with.directory.current();
  const auto of = scope_of(from);
  if (!of) co_return std::unexpected(of.error());
  const std::string name(from.values.text[0]);
  if (const catalogue::builtin_type* builtin = catalogue::find_builtin(name)) {
    co_return answer_of(200, builtin->value, *of);
  }
  const store::shared_event_type own = store::find_event_type(now->event_types, of->company, name);
  if (own) co_return answer_of(200, *own, *of);
  co_return base::fail(fault::not_found,
                       "the catalogue has no event type of this name; events of it are accepted all the same");
}

handled put_event_type(call& from) {
  if (auto good = check_name(from.values.text[0]); !good) co_return std::unexpected(std::move(good.error()));
  auto wanted = wanted_type(from);
  if (!wanted) co_return std::unexpected(std::move(wanted.error()));
  const auto of = scope_of(from);
  if (!of) co_return std::unexpected(of.error());
  wanted->company = of->company;
  if (from.audit) from.audit->entry.company = of->company;
  const auto work = [&] { return from.with.config.put_event_type(*std::move(wanted)); };
  const auto made = co_await off_thread(from, work);
  if (!made) co_return std::unexpected(made.error());
  base::log_info("event_type_put", {{"event_type", made->name}, {"version", made->version}});
  co_return answer_of(made->version == 1 ? 201 : 200, *made, *of);
}

handled delete_event_type(call& from) {
  const auto of = scope_of(from);
  if (!of) co_return std::unexpected(of.error());
  const std::string name(from.values.text[0]);
  if (auto good = check_deletable(name); !good) co_return std::unexpected(std::move(good.error()));
  if (from.audit) from.audit->entry.company = of->company;
  const auto work = [&] { return from.with.config.delete_event_type(of->company, name); };
  auto gone = co_await off_thread(from, work);
  if (!gone) co_return std::unexpected(std::move(gone.error()));
  base::log_info("event_type_deleted", {{"event_type", name}});
  co_return net::response{.status = 204};
}

}  // namespace posthorn::api
