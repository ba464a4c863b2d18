// A person's way through their own session, called by the hosted page and by apps with the session's token.
#include <boost/json/value_from.hpp>

#include "api/assessment_json.hpp"
#include "api/body_fields.hpp"
#include "api/handlers.hpp"
#include "api/paging.hpp"
#include "base/id.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
using assessment::journey_outcome;
using base::fault;
using store::shared_integration;

// The integration of the token, if it is still there.
base::result<shared_integration> integration_of(call& from) {
  const assessment::session_claims& said = from.person.claims;
  from.integration_id = said.integration_id;
  from.uid = said.uid;
  const store::shared_directory now = from.with.directory.current();
  const auto number = now->by_integration_id.find(said.integration_id);
  if (number == now->by_integration_id.end()) {
    return base::fail(fault::invalid_token, "the integration of this session's token is gone");
  }
  return now->integrations.at(number->second);
}

// A token names a session that its integration has; otherwise the session was erased, or the token is not for here.
base::error refusal_of(base::error why) {
  if (why.code != fault::not_found) return why;
  return base::fail(fault::invalid_token, "the session of this token is gone").error();
}

answer refused(call& from, const store::integration_entry& in, const model::session& of, assessment::refusal why) {
  if (why != assessment::refusal::not_consented) from.problem_members = ending_members(in, of);
  return std::unexpected(assessment::error_of(why, of.state));
}

json::object shown(const call& from, const store::integration_entry& in, const model::session& of) {
  return journey_json(in, of, from.with.clock.engine());
}

// Takes a step and answers with the journey. `act` gets the service, the integration's number and the session's id;
// `add` may add to the answer.
template <class Act, class Add>
handled step(call& from, Act act, Add add) {
  const auto in = integration_of(from);
  if (!in) co_return std::unexpected(in.error());
  const auto work = [&] { return act(from.with.assessments, (*in)->value.number, from.person.claims.session); };
  const auto outcome = co_await off_thread(from, work);
  if (!outcome) co_return std::unexpected(refusal_of(outcome.error()));
  const model::session& now = outcome->record.value;
  if (outcome->refused) co_return refused(from, **in, now, *outcome->refused);
  if (from.person.time_over) co_return refused(from, **in, now, assessment::refusal::time_over);
  json::object whole = shown(from, **in, now);
  add(whole, *outcome);
  co_return json_answer(200, whole);
}

template <class Act>
handled step(call& from, Act act) {
  return step(from, std::move(act), [](json::object&, const journey_outcome&) {});
}

// The one member that the body must have, true or false.
base::result<bool> read_flag(std::string_view text, std::string_view name, std::string_view why) {
  const auto body = parse_object(text);
  if (!body) return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({name});
  fields.require(name, why);
  const json::value* given = fields.find(name);
  if (given != nullptr && !given->is_bool()) fields.refuse(name, "must be true or false");
  if (errors.any()) return std::unexpected(errors.outcome().error());
  return given != nullptr && given->as_bool();
}

}  // namespace

handled get_journey(call& from) {
  const auto in = integration_of(from);
  if (!in) co_return std::unexpected(in.error());
  const auto read = [&] { return from.with.assessments.look((*in)->value.number, from.person.claims.session); };
  const auto record = co_await off_thread(from, read);
  if (!record) co_return std::unexpected(refusal_of(record.error()));
  if (from.person.time_over) co_return refused(from, **in, record->value, assessment::refusal::time_over);
  json::object whole = shown(from, **in, record->value);
  add_content(whole, *record, from.with.assessments.documents());
  co_return json_answer(200, whole);
}

handled open_journey(call& from) {
  return step(from, [](auto& with, model::integration_no in, model::session_id id) { return with.open(in, id); });
}

handled answer_policy(call& from) {
  const auto accepted = read_flag(from.request.body, "accepted", "whether the privacy policy is");
  if (!accepted) co_return std::unexpected(accepted.error());
  const auto act = [&](auto& with, model::integration_no in, model::session_id id) {
    return with.consent(in, id, *accepted);
  };
  co_return co_await step(from, act);
}

handled give_answers(call& from) {
  return step(from, [&from](auto& with, model::integration_no in, model::session_id id) {
    return with.answer(in, id, from.request.body);
  });
}

handled give_device_data(call& from) {
  return step(from, [&from](auto& with, model::integration_no in, model::session_id id) {
    return with.give_device_data(in, id, from.request.body);
  });
}

handled submit_journey(call& from) {
  const auto anyway = read_flag(from.request.body, "anyway", "whether to end although something is missing");
  if (!anyway) co_return std::unexpected(anyway.error());
  const auto act = [&](auto& with, model::integration_no in, model::session_id id) {
    return with.submit(in, id, *anyway);
  };
  const auto add = [](json::object& whole, const journey_outcome& outcome) {
    whole["missing"] = json::value_from(outcome.missing);
  };
  co_return co_await step(from, act, add);
}

handled exit_journey(call& from) {
  return step(from, [](auto& with, model::integration_no in, model::session_id id) { return with.exit(in, id); });
}

}  // namespace posthorn::api
