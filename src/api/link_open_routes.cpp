// A person opens a link: its token is good for the token of its one session.
#include <boost/json/serialize.hpp>

#include "api/assessment_json.hpp"
#include "api/assessment_urls.hpp"
#include "api/body_fields.hpp"
#include "api/handlers.hpp"
#include "api/paging.hpp"
#include "base/limits.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
using assessment::link_claims;
using base::fault;

base::result<std::string> read_token(std::string_view text) {
  const auto body = parse_object(text);
  if (!body) return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({"token"});
  fields.require("token", "what stands behind the # of the link");
  const auto token = fields.text("token", 1, base::limits::token_bytes_max);
  if (errors.any()) return std::unexpected(errors.outcome().error());
  return *token;
}

// What the token says, be its own time over or not: the store knows what became of the link. Wrong ones count as
// failed authentications.
base::result<link_claims> check_token(const call& from, std::string_view token) {
  auto claims = from.with.tokens.check_link(token, from.with.clock.engine());
  if (claims) return *std::move(claims);
  if (claims.error().expired) return *std::move(claims.error().expired);
  const std::int64_t wait_ms = from.with.failures.note(from.request.remote);
  if (wait_ms == 0) {
    return base::fail(fault::invalid_token,
                      "the link's token is not one of ours: " + std::string(to_string(claims.error().why)));
  }
  return base::fail_later(fault::too_many_requests,
                          "too many wrong links from this address: come back after Retry-After",
                          static_cast<int>((wait_ms + 999) / 1000));
}

base::error refusal_of(base::error why) {
  if (why.code != fault::not_found) return why;
  return base::fail(fault::invalid_token, "the link of this token is gone").error();
}

answer dead(call& from, const store::integration_entry& in, assessment::link_refusal why) {
  const bool expired = why == assessment::link_refusal::expired;
  from.problem_members = R"(,"outcome":)" + std::string(expired ? R"("expired")" : "null") +
                         R"(,"redirect_url":null,"branding":)" + json::serialize(branding_json(in.value.assessment));
  if (expired) return base::fail(fault::link_expired, "nobody has opened this link in time: ask for a new one");
  return base::fail(fault::link_replaced, "this link was replaced: open the newer one that you were sent");
}

}  // namespace

handled open_link(call& from) {
  const auto token = read_token(from.request.body);
  if (!token) co_return std::unexpected(token.error());
  const auto claims = check_token(from, *token);
  if (!claims) co_return std::unexpected(claims.error());
  from.integration_id = claims->integration_id;
  const store::shared_directory now_current = from.with.directory.current();
  const auto number = now_current->by_integration_id.find(claims->integration_id);
  if (number == now_current->by_integration_id.end()) {
    co_return base::fail(fault::invalid_token, "the integration of this link is gone");
  }
  const store::shared_integration in = now_current->integrations.at(number->second);
  const auto work = [&] { return from.with.links.open(in->value.number, claims->link, claims->generation); };
  const auto opened = co_await off_thread(from, work);
  if (!opened) co_return std::unexpected(refusal_of(opened.error()));
  from.uid = opened->value.uid;
  if (opened->refused) co_return dead(from, *in, *opened->refused);
  const model::session& session = opened->session->value;
  if (!model::is_live(session.state)) {
    from.problem_members = ending_members(*in, session);
    const bool late = session.state == model::session_state::expired;
    co_return std::unexpected(
        assessment::error_of(late ? assessment::refusal::time_over : assessment::refusal::ended, session.state));
  }
  json::object whole = journey_json(*in, session, from.with.clock.engine());
  whole["access_token"] = session_token(from.with, *in, session);
  co_return json_answer(200, whole);
}

}  // namespace posthorn::api
