// Deployments: a product or use case of a company, with its two environments.
#include "account/access.hpp"
#include "api/body_fields.hpp"
#include "api/company_scope.hpp"
#include "api/handlers.hpp"
#include "api/paging.hpp"
#include "api/text_forms.hpp"
#include "base/id.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
namespace limits = base::limits;
using base::fault;

constexpr std::string_view tag = "dpl";

json::object to_json(const model::deployment& deployment) {
  return {{"id", base::format_id(base::deployment_prefix, deployment.id)},
          {"company_id", base::format_id(base::company_prefix, deployment.company)},
          {"name", deployment.name},
          {"preset", model::to_string(deployment.default_preset)},
          {"created_at", base::to_rfc3339(deployment.created_at)}};
}

json::object with_environments(const model::deployment& deployment, const store::directory& now) {
  json::object environments;
  for (const auto& [number, entry] : now.integrations) {
    if (entry->value.deployment != deployment.id) continue;
    environments[model::to_string(entry->value.env)] = {{"integration_id", entry->value.integration_id}};
  }
  json::object out = to_json(deployment);
  out["environments"] = std::move(environments);
  return out;
}

// Keys in full: the only other place is the admin's reveal.
json::object with_keys(const store::made_deployment& made) {
  json::object environments;
  for (const store::made_integration* one : {&made.test, &made.production}) {
    environments[model::to_string(one->value.env)] = {{"integration_id", one->value.integration_id},
                                                      {"api_key", one->key.text}};
  }
  json::object out = to_json(made.value);
  out["environments"] = std::move(environments);
  return out;
}

base::result<model::deployment> find(call& from, const store::directory& now) {
  const auto id = from.id(base::deployment_prefix);
  if (!id) return std::unexpected(id.error());
  const auto found = now.deployments.find(*id);
  if (found == now.deployments.end() || !account::may_see(from.who, found->second.company)) {
    return base::fail(fault::not_found, "there is no such deployment");
  }
  if (from.audit) from.audit->entry.company = found->second.company;
  return found->second;
}

// The company named, or the only one there is, or the member's own.
std::optional<model::company_id> company_in(body_fields& fields, const call& from, const store::directory& now) {
  if (!fields.has("company_id")) {
    if (from.who.kind == account::caller_kind::member) return from.who.member.company;
    if (now.companies.size() == 1) return now.companies.begin()->first;
    fields.require("company_id", "there are several companies");
    return std::nullopt;
  }
  const auto text = fields.text("company_id", 1, limits::name_chars_max);
  if (!text) return std::nullopt;
  if (const auto id = company_named(from, *text)) return *id;
  fields.refuse("company_id", "there is no such company");
  return std::nullopt;
}

}  // namespace

handled list_deployments(call& from) {
  const auto want = page_of(from, tag);
  if (!want) co_return std::unexpected(want.error());
  std::optional<model::company_id> company;
  if (const auto text = from.query("company_id")) {
    const auto named = company_named(from, *text);
    if (!named) co_return std::unexpected(named.error());
    company = *named;
  }
  const auto is_listed = [&](const model::deployment& one) {
    return (!company || one.company == *company) && account::may_see(from.who, one.company);
  };
  const store::shared_directory now = from.with.directory.current();
  std::vector<model::deployment> all;
  for (const auto& [id, deployment] : now->deployments) {
    if (is_listed(deployment)) all.push_back(deployment);
  }
  const auto id_of = [](const model::deployment& deployment) { return deployment.id; };
  const auto shown = [&now](const model::deployment& deployment) { return with_environments(deployment, *now); };
  co_return page_in_memory(std::move(all), *want, tag, id_of, shown);
}

handled create_deployment(call& from) {
  const auto body = parse_object(from.request.body);
  if (!body) co_return std::unexpected(body.error());
  const store::shared_directory now = from.with.directory.current();
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({"name", "preset", "company_id"});
  fields.require("name", "what the deployment is called");
  const auto name = fields.text("name", 1, limits::name_chars_max);
  const auto preset = fields.choice("preset", model::preset_from, "\"assessment\", \"learning\" or \"standard\"");
  const auto company = company_in(fields, from, *now);
  if (errors.any()) co_return std::unexpected(errors.outcome().error());
  if (from.audit) from.audit->entry.company = *company;
  const auto work = [&] {
    return from.with.config.create_deployment(*company, *name, preset.value_or(model::preset::assessment));
  };
  const auto made = co_await off_thread(from, work);
  if (!made) co_return std::unexpected(made.error());
  co_return json_answer(201, with_keys(*made));
}

handled get_deployment(call& from) {
  const store::shared_directory now = from.with.directory.current();
  const auto found = find(from, *now);
  if (!found) co_return std::unexpected(found.error());
  co_return json_answer(200, with_environments(*found, *now));
}

handled change_deployment(call& from) {
  const auto found = find(from, *from.with.directory.current());
  if (!found) co_return std::unexpected(found.error());
  const auto body = parse_object(from.request.body);
  if (!body) co_return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({"name"});
  fields.require("name", "it is what can be changed");
  const auto name = fields.text("name", 1, limits::name_chars_max);
  if (errors.any()) co_return std::unexpected(errors.outcome().error());
  const auto work = [&] { return from.with.config.rename_deployment(found->id, *name); };
  const auto renamed = co_await off_thread(from, work);
  if (!renamed) co_return std::unexpected(renamed.error());
  co_return json_answer(200, with_environments(*renamed, *from.with.directory.current()));
}

handled delete_deployment(call& from) {
  const auto found = find(from, *from.with.directory.current());
  if (!found) co_return std::unexpected(found.error());
  const auto work = [&] { return from.with.config.delete_deployment(found->id); };
  auto gone = co_await off_thread(from, work);
  if (!gone) co_return std::unexpected(std::move(gone.error()));
  co_return net::response{.status = 204};
}

}  // namespace posthorn::api
