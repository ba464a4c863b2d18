// Test webhooks: one that a receiver gets now, and what it answers (contract 2.6; docs/receiving.md).
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "api/event_json.hpp"
#include "api/handlers.hpp"
#include "api/paging.hpp"
#include "api/text_forms.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"
#include "base/random.hpp"
#include "catalogue/builtin_types.hpp"
#include "ingest/event_parser.hpp"
#include "net/url.hpp"
#include "policy/retry_policy.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
using base::fault;

constexpr std::string_view test_type = "webhook.test";
constexpr std::string_view test_uid = "webhook-test";

struct test_outcome {
  base::id_value id = 0;
  model::attempt evidence;
};

boost::asio::awaitable<base::result<test_outcome>> send_now(call& from, store::shared_endpoint to,
                                                            store::shared_integration of, std::string type,
                                                            std::string payload) {
  test_outcome outcome{.id = static_cast<base::id_value>(base::random_id()), .evidence = {}};
  reply<model::attempt> back(from.mail);
  const bool sent = from.with.tests.send(std::move(to), std::move(of), outcome.id, std::move(type), std::move(payload),
                                         [&back](model::attempt evidence) { back.send(std::move(evidence)); });
  if (!sent) {
    co_return base::fail_later(fault::too_many_requests,
                               "other test webhooks still wait for this endpoint's answer: try again after Retry-After",
                               base::limits::test_retry_after_s);
  }
  outcome.evidence = co_await back.receive();
  co_return outcome;
}

std::string test_payload(const store::integration_entry& of, base::epoch_ms now) {
  return json::serialize(json::object{{"uid", test_uid},
                                      {"integration_id", of.value.integration_id},
                                      {"event", {{"type", test_type}, {"details", {{"sent_at", now / 1000}}}}}});
}

base::result<store::shared_endpoint> endpoint_named(const store::integration_entry& of, std::string_view text) {
  const auto id = base::parse_id(base::endpoint_prefix, text);
  const auto found =
      std::ranges::find_if(of.endpoints, [&](const store::shared_endpoint& each) { return id && each->id == *id; });
  if (found != of.endpoints.end()) return *found;
  return base::fail(fault::not_found, "there is no such endpoint in integration " + of.value.integration_id);
}

// The body of a test of that type: its example in the catalogue.
base::result<std::string> example_of(const store::directory& now, const store::integration_entry& of,
                                     const std::string& type) {
  std::string example;
  if (const catalogue::builtin_type* builtin = catalogue::find_builtin(type)) {
    example = builtin->value.example;
  } else if (const auto own = store::find_event_type(now.event_types, of.value.company, type)) {
    example = own->example;
  }
  if (!example.empty()) return example;
  return base::fail_at(fault::invalid_field, "/event_type",
                       ingest::is_event_type(type)
                           ? "the catalogue has no example of this type: give it one with PUT /v1/event-types/{name}"
                           : "must be 1 to 128 characters of A-Z, a-z, 0-9, '.', '_' and '-'");
}

net::response plain_answer(int status, const json::value& detail) {
  return json_answer(status, json::object{{"detail", detail}});
}

net::response contract_answer(const model::endpoint& to, const model::attempt& got) {
  if (got.error != model::error_class::none) {
    const auto url = net::parse_endpoint_url(to.url, {.allow_http = true, .guard = nullptr});
    return plain_answer(503, json::value("Cannot connect to host " + (url ? url->host : to.url)));
  }
  if (!policy::is_success(to.success, got.status)) {
    return plain_answer(422, json::object{{"webhook_receiver_status_code", got.status},
                                          {"webhook_receiver_body_content", to_utf8(got.response_body)}});
  }
  return json_answer(200, json::object{{"webhook_receiver_status_code", got.status},
                                       {"detail", "The receiver has acknowledged the test webhook"}});
}

}  // namespace

handled test_webhooks(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  store::shared_endpoint to;
  if (const auto named = from.query("endpoint_id")) {
    auto found = endpoint_named(**of, *named);
    if (!found) co_return std::unexpected(std::move(found.error()));
    to = *std::move(found);
  } else {
    // They are in the order of their making.
    const auto active = std::ranges::find_if((*of)->endpoints, [](const store::shared_endpoint& each) {
      return each->kind == model::endpoint_kind::events && each->state == model::endpoint_state::active;
    });
    if (active != (*of)->endpoints.end()) to = *active;
  }
  if (!to) {
    const auto now = from.with.directory.current();
    const auto deployment = now->deployments.find((*of)->value.deployment);
    co_return plain_answer(
        424,
        json::value(fmt::format("Webhooks not set for {}, {}: it has no active endpoint, POST /v1/endpoints makes one",
                                deployment == now->deployments.end() ? "" : deployment->second.name,
                                model::to_string((*of)->value.env))));
  }
  const auto got = co_await send_now(from, to, *of, std::string(test_type), test_payload(**of, from.with.clock.wall()));
  if (!got) co_return std::unexpected(got.error());
  co_return contract_answer(*to, got->evidence);
}

handled test_endpoint(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto to = endpoint_named(**of, from.values.text[0]);
  if (!to) co_return std::unexpected(to.error());
  std::string type = from.query("event_type").value_or(std::string(test_type));
  std::string payload = test_payload(**of, from.with.clock.wall());
  if (type != test_type) {
    auto example = example_of(*from.with.directory.current(), **of, type);
    if (!example) co_return std::unexpected(std::move(example.error()));
    payload = *std::move(example);
  }
  const auto got = co_await send_now(from, *to, *of, type, payload);
  if (!got) co_return std::unexpected(got.error());
  json::object shown = to_json(got->evidence);
  shown.erase("number");
  const bool success =
      got->evidence.error == model::error_class::none && policy::is_success((*to)->success, got->evidence.status);
  shown["success"] = success;
  shown["advice"] = advice_json(got->evidence, success);
  shown["webhook_id"] = base::format_id(base::event_prefix, got->id);
  shown["event_type"] = type;
  shown["payload"] = payload;
  co_return json_answer(200, shown);
}

}  // namespace posthorn::api
