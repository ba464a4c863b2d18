#include "api/api_handler.hpp"

#include <fmt/format.h>

#include "account/access.hpp"
#include "api/console_call.hpp"
#include "api/query_string.hpp"
#include "base/boundary.hpp"
#include "base/digest.hpp"
#include "base/id.hpp"
#include "base/json_text.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "ingest/json_scanner.hpp"
#include "net/problem.hpp"

namespace posthorn::api {
namespace {

using base::fault;
namespace limits = base::limits;

constexpr std::string_view standing_fields = "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n";
constexpr std::string_view standing_fields_by_https =
    "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nStrict-Transport-Security: max-age=31536000\r\n";
constexpr std::string_view hsts_value = "max-age=31536000";

std::string plain_error(const base::error& why) {
  std::string body = R"({"detail":)";
  base::append_json_string(body, why.detail);
  return body + "}";
}

// As against what a caller may meet.
bool is_our_fault(fault code) noexcept { return code == fault::internal || code == fault::store_corrupt; }

base::error what_callers_see(const base::error& why) {
  return is_our_fault(why.code) ? base::error{fault::internal, {}, {}, {}} : why;
}

std::string_view media_types_of(body_kind kind) {
  switch (kind) {
    case body_kind::none:
    case body_kind::json: break;
    case body_kind::ndjson: return "application/x-ndjson";
    case body_kind::json_or_csv: return "application/json or text/csv";
  }
  return "application/json";
}

// A text member of the refused body, so that the log can say whom a call was about; "" where there is none.
std::string member_of(std::string_view body, std::string_view wanted) {
  if (!ingest::is_utf8(body)) return {};
  ingest::json_scanner scanner(body, limits::json_depth_max);
  std::string_view name;
  ingest::json_slice value;
  if (!scanner.begin_object()) return {};
  while (scanner.next_member(name, value)) {
    if (name == wanted && value.kind == ingest::json_kind::string) {
      return std::string(value.inner().substr(0, limits::uid_chars_max));
    }
  }
  return {};
}

std::unexpected<base::error> nobody_at(scope reach) {
  switch (reach) {
    case scope::admin:
      return base::fail(fault::unauthenticated, "send the machine admin's token as Authorization: Bearer TOKEN");
    case scope::company:
      return base::fail(fault::unauthenticated,
                        "log in at the console, or send the machine admin's token as Authorization: Bearer TOKEN");
    case scope::member: return base::fail(fault::unauthenticated, "log in first: POST /v1/auth/login");
    default: break;
  }
  return base::fail(fault::unauthenticated, "send the API key in the header api-key, or as Authorization: Bearer KEY");
}

base::result<void> check_reach(scope reach, account::caller_kind who) {
  using account::caller_kind;
  if (reach == scope::admin && who != caller_kind::admin) {
    return base::fail(fault::forbidden, "only the machine admin may do this");
  }
  if (reach == scope::company && who == caller_kind::integration) {
    return base::fail(fault::forbidden, "only a member of the company, or the machine admin, may do this");
  }
  if (reach == scope::member && who != caller_kind::member) {
    return base::fail(fault::forbidden, "this is about the person who calls: log in at the console");
  }
  return {};
}

}  // namespace

api_handler::api_handler(services& with, boost::asio::io_context& io, door which)
    : with_(with),
      door_(which),
      mail_(io),
      authenticator_(with.directory, with.clock),
      meter_(with.meters.new_meter()),
      next_request_id_(base::random_id()) {}

base::result<route_match> api_handler::find(const net::request& of, std::string& allow) const {
  route_match match = match_route(routes(), of.method, of.path);
  allow = std::move(match.allow);
  if (match.found != nullptr) {
    const scope reach = match.found->reach;
    if (reach == scope::health || (reach == scope::ops) == (door_ == door::operators)) return match;
    if (reach == scope::ops) {
      return base::fail(fault::not_found, "metrics are on the operator's listener: see --ops-listen");
    }
    return base::fail(fault::not_found, "this listener serves health and metrics only");
  }
  if (!allow.empty()) return base::fail(fault::method_not_allowed, "this address takes " + allow);
  return base::fail(fault::not_found, "no such address; GET /openapi.json describes all of them");
}

std::size_t api_handler::body_bytes_max(const route& to) const noexcept {
  if (to.body == body_kind::none) return limits::refused_body_bytes_max;
  if (to.body_bytes_max != 0) return to.body_bytes_max;
  return with_.ingest.payload_bytes_max() + limits::event_frame_bytes_max;
}

// The rules are failure_guard's.
base::result<account::caller> api_handler::authenticate(const net::request& of) {
  const account::credentials given{.api_key = of.fields.value_or_empty("api-key"),
                                   .authorization = of.fields.value_or_empty("Authorization")};
  if (given.api_key.empty() && given.authorization.empty()) return by_cookie(of);
  auto who = authenticator_.identify(given);
  if (who) return who;
  // While the address waits, the admin's token takes the way of a wrong one: counts, answers and times tell nothing.
  const bool waits = with_.failures.wait_ms(of.remote) > 0;
  if (!waits && authenticator_.is_admin(given)) return account::caller{.kind = account::caller_kind::admin};
  const std::int64_t wait_ms = with_.failures.note(of.remote);
  if (wait_ms == 0) return who;
  return base::fail_later(fault::too_many_requests,
                          "too many calls with wrong credentials from this address: come back after Retry-After",
                          static_cast<int>((wait_ms + 999) / 1000));
}

// A cookie's value cannot be guessed, and a browser goes on sending one that is over: no failure to count.
base::result<account::caller> api_handler::by_cookie(const net::request& of) const {
  const std::string_view token = session_cookie_of(of, with_.public_url);
  if (token.empty()) return account::caller{};
  auto member = with_.sessions.find(base::sha256(token), with_.clock.engine());
  if (!member) return base::fail(fault::unauthenticated, "your session is over: log in again");
  return account::caller{.kind = account::caller_kind::member, .member = *std::move(member)};
}

base::result<api_handler::admitted> api_handler::admit(const route& to, const net::request& of) {
  if (to.body != body_kind::none && !takes_content_type(to.body, of.fields.value_or_empty("Content-Type"))) {
    return base::fail(fault::unsupported_media_type, "send the body as " + std::string(media_types_of(to.body)));
  }
  if (to.query != any_query) {
    if (auto good = check_query(of.query, to.query); !good) return std::unexpected(std::move(good.error()));
  }
  if (to.reach == scope::open || to.reach == scope::health || to.reach == scope::ops) return admitted{};
  if (to.reach == scope::journey) {
    auto person = read_session_token(of);
    if (!person) return std::unexpected(std::move(person.error()));
    return admitted{.who = {}, .person = *std::move(person)};
  }
  auto who = identify(to, of);
  if (!who) return std::unexpected(std::move(who.error()));
  return admitted{.who = *std::move(who), .person = {}};
}

base::result<journey_caller> api_handler::read_session_token(const net::request& of) const {
  const std::string_view token = account::bearer_token(of.fields.value_or_empty("Authorization"));
  if (token.empty()) {
    return base::fail(fault::invalid_token, "send the session's token as Authorization: Bearer TOKEN");
  }
  auto claims = with_.tokens.check_session(token, with_.clock.engine());
  if (claims) return journey_caller{.claims = *std::move(claims), .time_over = false};
  if (claims.error().expired) return journey_caller{.claims = *std::move(claims.error().expired), .time_over = true};
  return base::fail(fault::invalid_token,
                    "the session's token is not one of ours: " + std::string(to_string(claims.error().why)));
}

base::result<account::caller> api_handler::identify(const route& to, const net::request& of) {
  auto who = authenticate(of);
  if (!who) return who;
  if (who->kind == account::caller_kind::nobody) return nobody_at(to.reach);
  if (auto may = check_reach(to.reach, who->kind); !may) return std::unexpected(std::move(may.error()));
  if (who->kind != account::caller_kind::member) return who;
  const bool is_read = to.method == "GET";
  if (!is_read) {
    if (auto own = check_console_call(of, with_.public_url); !own) return std::unexpected(std::move(own.error()));
  }
  const bool is_for_admins = to.role == least_role::admin || (!is_read && to.reach != scope::member);
  if (is_for_admins && account::is_viewer(*who)) {
    return base::fail(fault::viewer, "your role is viewer: ask an admin of your company to do this");
  }
  return who;
}

net::admission api_handler::on_head(const net::request& head) {
  try {
    return admit_head(head);
  } catch (...) {
    return {.refusal = refuse(head, routes().size(), base::error_of(std::current_exception()), nullptr)};
  }
}

net::admission api_handler::admit_head(const net::request& head) {
  std::string allow;
  auto match = find(head, allow);
  if (!match) {
    net::response refusal = refuse(head, routes().size(), match.error(), nullptr);
    if (match.error().code == fault::method_not_allowed) refusal.headers.emplace_back("Allow", allow);
    return {.refusal = std::move(refusal)};
  }
  const route& to = *match->found;
  if (auto who = admit(to, head); !who) return {.refusal = refuse(head, match->place, who.error(), nullptr)};
  return {.body_bytes_max = body_bytes_max(to)};
}

// on_head has passed the request. It is asked again because the directory may have changed while the body arrived.
boost::asio::awaitable<net::response> api_handler::handle(const net::request& whole) {
  const route_match match = match_route(routes(), whole.method, whole.path);
  call about{.request = whole, .with = with_, .mail = mail_, .values = match.values};
  base::error failure;
  try {
    co_return co_await serve(whole, match, about);
  } catch (...) {
    failure = base::error_of(std::current_exception());
  }
  co_return refuse(whole, match.place, failure, &about);
}

boost::asio::awaitable<net::response> api_handler::serve(const net::request& whole, const route_match& match,
                                                         call& about) {
  const std::int64_t began_us = base::steady_us();
  auto admission = admit(*match.found, whole);
  if (!admission) co_return refuse(whole, match.place, admission.error(), &about);
  about.who = std::move(admission->who);
  about.person = std::move(admission->person);
  if (match.found->is_audited()) begin_audit(about, *match.found);
  answer outcome = co_await match.found->handle(about);
  if (outcome && outcome->status < 400 && about.audit && !about.audit->written) {
    // Nothing is done, or shown, that the log of changes does not tell.
    const auto logged = co_await end_audit(about);
    if (!logged) outcome = std::unexpected(logged.error());
  }
  if (!outcome) co_return refuse(whole, match.place, outcome.error(), &about);
  net::response given = *std::move(outcome);
  finish(given, request_id_of(whole, &about), match.place, began_us);
  co_return given;
}

net::response api_handler::refuse(const net::request& of, std::size_t place, const base::error& why,
                                  const call* about) {
  std::string request_id = request_id_of(of, about);
  if (is_our_fault(why.code)) {
    // Its cause is for the operator alone, who finds it by the request's id.
    base::log_error("request_failed",
                    {{"request_id", request_id}, {"method", of.method}, {"path", of.path}, {"cause", why.detail}});
  }
  const base::error shown = what_callers_see(why);
  net::response given = net::problem(shown);
  const error_form form = place < routes().size() ? routes()[place].errors : error_form::problem;
  if (form == error_form::webhook_test && why.code == fault::unauthenticated) {
    const bool none = of.fields.value_or_empty("api-key").empty() && of.fields.value_or_empty("Authorization").empty();
    given.status = none ? 400 : 403;
    given.content_type = "application/json";
    given.body = none ? R"({"detail":"No Api-key supplied"})" : R"({"detail":"Invalid Api-key"})";
  } else if (form != error_form::problem) {
    given.content_type = "application/json";
    given.body = plain_error(shown);
  } else if (about != nullptr) {
    given.body.insert(given.body.size() - 1, about->problem_members);
  }
  if (given.status == 401) given.headers.emplace_back("WWW-Authenticate", "Bearer");
  note(of, place, shown, given.status, about);
  finish(given, std::move(request_id), place, base::steady_us());
  return given;
}

void api_handler::on_refusal(const net::request& known, const base::error& why, net::response& given) {
  given.headers.emplace_back("request-id", request_id_of(known, nullptr));
  seal(given);
  base::count_up(meter_.unreadable[static_cast<std::size_t>(why.code)]);
  const std::int64_t second = with_.clock.engine() / 1000;
  if (second != unreadable_second_) {
    unreadable_second_ = second;
    unreadable_in_second_ = 0;
  }
  if (++unreadable_in_second_ > limits::request_log_unreadable_per_s_max) return;
  note(known, match_route(routes(), known.method, known.path).place, why, given.status, nullptr);
}

void api_handler::begin_audit(call& about, const route& to) {
  about.request_id = request_id_of(about.request, nullptr);
  store::audit_entry& entry = about.audit.emplace().entry;
  if (about.who.kind == account::caller_kind::integration) {
    entry.actor = store::actor_kind::api_key;
    entry.actor_id = base::format_id(base::key_prefix, about.who.key);
    about.integration_id = about.who.integration->value.integration_id;
  } else if (about.who.kind == account::caller_kind::member) {
    entry.actor = store::actor_kind::member;
    entry.actor_id = base::format_id(base::member_prefix, about.who.member.id);
    entry.company = about.who.member.company;
  }
  entry.action = fmt::format("{} {}", to.method, to.pattern);
  if (about.values.count > 0) entry.object = about.values.text[0].substr(0, limits::name_chars_max);
  entry.remote = about.request.remote.to_string();
  entry.request_id = about.request_id;
}

boost::asio::awaitable<base::result<void>> api_handler::end_audit(call& about) {
  const auto work = [this] { return with_.changes.write(); };
  co_return co_await off_thread(about, work);
}

std::string api_handler::request_id_of(const net::request& of, const call* about) {
  if (about != nullptr && !about->request_id.empty()) return about->request_id;
  if (!of.request_id.empty()) return std::string(of.request_id);
  return base::format_id(base::request_prefix, static_cast<base::id_value>(next_request_id_++));
}

void api_handler::finish(net::response& given, std::string request_id, std::size_t place, std::int64_t began_us) {
  given.headers.emplace_back("request-id", std::move(request_id));
  seal(given);
  meter_.routes[place].count(given.status, base::steady_us() - began_us);
}

void api_handler::seal(net::response& given) const {
  const bool hsts = with_.strict_transport && door_ == door::customers;
  if (given.prepared_fields.empty()) {
    given.prepared_fields = hsts ? standing_fields_by_https : standing_fields;
  } else if (hsts) {
    given.headers.emplace_back("Strict-Transport-Security", hsts_value);
  }
}

void api_handler::note(const net::request& of, std::size_t place, const base::error& why, int status,
                       const call* about) {
  store::request_log_entry entry;
  entry.at = with_.clock.wall();
  entry.method = of.method;
  entry.route = place < routes().size() ? routes()[place].pattern : of.path.substr(0, limits::name_chars_max);
  entry.status = status;
  entry.error = base::text_of(why.code).slug;
  entry.detail = why.detail.substr(0, limits::description_chars_max);
  entry.remote = of.remote.to_string();
  if (about != nullptr) {
    entry.uid = about->uid.empty() ? member_of(of.body, "uid") : about->uid;
    entry.integration_id = about->integration_id;
    if (entry.integration_id.empty() && about->who.integration) {
      entry.integration_id = about->who.integration->value.integration_id;
    }
  }
  if (entry.integration_id.empty()) entry.integration_id = find_parameter(of.query, "integration_id").value_or("");
  if (entry.integration_id.empty()) entry.integration_id = member_of(of.body, "integration_id");
  with_.requests.note(std::move(entry));
}

}  // namespace posthorn::api
