// Sessions for the customer's own program: begun (contract 2.5), listed, read, and scored again.
#include <boost/json/array.hpp>

#include "api/assessment_json.hpp"
#include "api/assessment_urls.hpp"
#include "api/body_fields.hpp"
#include "api/handlers.hpp"
#include "api/paging.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"
#include "ingest/event_parser.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
namespace limits = base::limits;
using base::fault;

constexpr std::string_view tag = "ses";

struct token_request {
  std::string uid;
  std::string integration_id;
};

base::result<token_request> read_token_request(std::string_view text) {
  auto body = parse_object(text);
  if (!body) {
    // The contract's one status for any body that is not right.
    body.error().code = fault::invalid_field;
    return std::unexpected(std::move(body.error()));
  }
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({"uid", "integration_id"});
  fields.require("uid", "who is assessed");
  fields.require("integration_id", "for which deployment and environment");
  const auto uid = fields.text("uid", 1, limits::uid_chars_max);
  if (uid && !ingest::is_envelope_uid(*uid)) fields.refuse("uid", std::string(ingest::envelope_uid_rule));
  const auto integration = fields.text("integration_id", 1, limits::name_chars_max);
  if (errors.any()) return std::unexpected(errors.outcome().error());
  return token_request{*uid, *integration};
}

}  // namespace

handled create_session_token(call& from) {
  const auto wanted = read_token_request(from.request.body);
  if (!wanted) co_return std::unexpected(wanted.error());
  from.uid = wanted->uid;
  const auto of = from.reach(wanted->integration_id);
  if (!of) co_return std::unexpected(of.error());
  const auto work = [&] { return from.with.assessments.start((*of)->value.number, wanted->uid); };
  const auto session = co_await off_thread(from, work);
  if (!session) co_return std::unexpected(session.error());
  const std::string token = session_token(from.with, **of, session->value);
  co_return json_answer(200, json::object{{"access_token", token}, {"url", page_url(from.with) + "#" + token}});
}

handled list_sessions(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto want = page_of(from, tag);
  if (!want) co_return std::unexpected(want.error());
  store::session_filter filter{.integration = (*of)->value.number, .uid = from.query("uid"), .state = {}};
  if (const auto state = from.query("state")) {
    filter.state = model::session_state_from(*state);
    if (!filter.state) {
      co_return base::fail(fault::invalid_field,
                           "state must be created, consented, in_progress, complete, incomplete, cancelled, expired "
                           "or scored");
    }
  }
  const auto read = [&] { return from.with.assessments.store().list_sessions(filter, want->after, want->limit); };
  const auto page = co_await off_thread(from, read);
  if (!page) co_return std::unexpected(page.error());
  json::array data;
  for (const store::session_record& one : page->rows) data.push_back(to_json(one));
  co_return page_answer(std::move(data), tag, page->next_cursor);
}

handled get_session(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto id = from.id(base::session_prefix);
  if (!id) co_return std::unexpected(id.error());
  const auto read = [&] { return from.with.assessments.look((*of)->value.number, *id); };
  const auto found = co_await off_thread(from, read);
  if (!found) co_return std::unexpected(found.error());
  co_return json_answer(200, to_json(*found));
}

handled score_session(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto id = from.id(base::session_prefix);
  if (!id) co_return std::unexpected(id.error());
  const auto work = [&] { return from.with.assessments.score_again((*of)->value.number, *id); };
  const auto made = co_await off_thread(from, work);
  if (!made) co_return std::unexpected(made.error());
  co_return json_answer(202, to_json(made->record));
}

}  // namespace posthorn::api
