// Certificates: awarded by hand or by lessons, renewed, revoked, listed (contract section 4).
#include "api/certificate_json.hpp"
#include "api/handlers.hpp"
#include "api/paging.hpp"
#include "base/limits.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
namespace limits = base::limits;
using base::fault;

constexpr std::string_view tag = "crt";

base::result<store::certificate_filter> filter_of(const call& from, model::integration_no integration) {
  store::certificate_filter filter;
  filter.integration = integration;
  filter.user = from.query("user_id");
  filter.rule = from.query("rule_id");
  if (const auto state = from.query("state")) {
    filter.state = model::certificate_state_from(*state);
    if (!filter.state) return base::fail(fault::invalid_field, "state must be valid, expired or revoked");
  }
  for (const auto& [name, bound] :
       {std::pair{"since", &filter.since}, {"until", &filter.until}, {"expires_before", &filter.expires_before}}) {
    const auto at = time_parameter(from, name);
    if (!at) return std::unexpected(at.error());
    *bound = *at;
  }
  return filter;
}

net::response csv_answer(const store::page<model::certificate>& page) {
  net::response answer{.content_type = "text/csv; charset=utf-8; header=present", .body = to_csv(page.rows)};
  answer.headers.emplace_back("Content-Disposition", "attachment; filename=\"certificates.csv\"");
  if (page.next_cursor != 0) answer.headers.emplace_back("Next-Cursor", cursor_text(tag, page.next_cursor));
  return answer;
}

using act_on = base::result<model::certificate> (certificate::certificate_service::*)(model::integration_no,
                                                                                      std::string_view);

handled act(call& from, act_on what) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto work = [&] { return (from.with.certificates.*what)((*of)->value.number, from.values.text[0]); };
  const auto done = co_await off_thread(from, work);
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer(200, to_json(*done));
}

}  // namespace

handled list_certificates(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto want = listing_of(from, tag);
  if (!want) co_return std::unexpected(want.error());
  const auto filter = filter_of(from, (*of)->value.number);
  if (!filter) co_return std::unexpected(filter.error());
  const auto read = [&] {
    return from.with.certificates.store().list_certificates(*filter, want->page.after, want->page.limit);
  };
  const auto page = co_await off_thread(from, read);
  if (!page) co_return std::unexpected(page.error());
  if (want->csv) co_return csv_answer(*page);
  json::array data;
  for (const model::certificate& one : page->rows) data.push_back(to_json(one));
  co_return page_answer(std::move(data), tag, page->next_cursor);
}

handled get_certificate(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto read = [&] {
    return from.with.certificates.store().find_certificate((*of)->value.number, from.values.text[0]);
  };
  const auto found = co_await off_thread(from, read);
  if (!found) co_return std::unexpected(found.error());
  co_return json_answer(200, to_json(*found));
}

handled award_certificates(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto body = parse_object(from.request.body);
  if (!body) co_return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({"rule_id", "user_ids", "owner_id"});
  fields.require("rule_id", "which certificate is awarded");
  fields.require("user_ids", "who gets it");
  const auto rule = object_id(fields, "rule_id");
  const auto owner = object_id(fields, "owner_id");
  const auto users = object_ids(fields, "user_ids", limits::users_per_award_max);
  if (errors.any()) co_return std::unexpected(errors.outcome().error());
  const auto work = [&] {
    return from.with.certificates.award((*of)->value.number, *rule, owner.value_or(""), *users);
  };
  const auto awarded = co_await off_thread(from, work);
  if (!awarded) co_return std::unexpected(awarded.error());
  json::array data;
  for (const certificate::award_outcome& each : *awarded) {
    data.push_back({{"awarded", each.awarded}, {"certificate", to_json(each.value)}});
  }
  co_return json_answer(201, json::object{{"data", std::move(data)}});
}

handled complete_lesson(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto body = parse_object(from.request.body);
  if (!body) co_return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({"user_id", "lesson_id"});
  fields.require("user_id", "who has completed it");
  fields.require("lesson_id", "what was completed");
  const auto user = object_id(fields, "user_id");
  const auto lesson = object_id(fields, "lesson_id");
  if (errors.any()) co_return std::unexpected(errors.outcome().error());
  from.uid = *user;
  const auto work = [&] { return from.with.certificates.complete_lesson((*of)->value.number, *user, *lesson); };
  const auto awarded = co_await off_thread(from, work);
  if (!awarded) co_return std::unexpected(awarded.error());
  json::array data;
  for (const model::certificate& one : *awarded) data.push_back(to_json(one));
  co_return json_answer(200, json::object{{"certificates", std::move(data)}});
}

handled renew_certificate(call& from) { return act(from, &certificate::certificate_service::renew); }
handled revoke_certificate(call& from) { return act(from, &certificate::certificate_service::revoke); }

}  // namespace posthorn::api
