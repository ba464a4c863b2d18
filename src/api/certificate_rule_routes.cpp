// Certificate rules: badges with a validity and the lessons that earn them (contract section 4).
#include "api/certificate_json.hpp"
#include "api/handlers.hpp"
#include "api/paging.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;

}  // namespace

handled list_certificate_rules(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto read = [&] { return from.with.certificates.store().list_rules((*of)->value.number); };
  const auto rules = co_await off_thread(from, read);
  if (!rules) co_return std::unexpected(rules.error());
  json::array data;
  for (const model::certificate_rule& rule : *rules) data.push_back(to_json(rule));
  co_return json_answer(200, json::object{{"data", std::move(data)}, {"next_cursor", nullptr}});
}

handled create_certificate_rule(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto body = parse_object(from.request.body);
  if (!body) co_return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  const certificate::rule_settings settings = read_rule_settings(fields);
  fields.require("name", "what the certificate is called");
  fields.require("owner_id", "who awards it");
  fields.require("lessons", "what earns it");
  if (errors.any()) co_return std::unexpected(errors.outcome().error());
  const auto work = [&] { return from.with.certificates.create_rule((*of)->value.number, settings); };
  const auto made = co_await off_thread(from, work);
  if (!made) co_return std::unexpected(made.error());
  co_return json_answer(201, to_json(*made));
}

handled change_certificate_rule(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto body = parse_object(from.request.body);
  if (!body) co_return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  const certificate::rule_settings settings = read_rule_settings(fields);
  if (errors.any()) co_return std::unexpected(errors.outcome().error());
  const auto work = [&] {
    return from.with.certificates.change_rule((*of)->value.number, from.values.text[0], settings);
  };
  const auto changed = co_await off_thread(from, work);
  if (!changed) co_return std::unexpected(changed.error());
  co_return json_answer(200, to_json(*changed));
}

handled delete_certificate_rule(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto work = [&] { return from.with.certificates.delete_rule((*of)->value.number, from.values.text[0]); };
  auto gone = co_await off_thread(from, work);
  if (!gone) co_return std::unexpected(std::move(gone.error()));
  co_return net::response{.status = 204};
}

}  // namespace posthorn::api
