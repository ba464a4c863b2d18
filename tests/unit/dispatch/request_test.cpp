// What goes out: contract section 3, "Headers on every delivery".
#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "base/id.hpp"
#include "signing/generate.hpp"
#include "signing/standard_webhooks.hpp"
#include "signing/x_signature.hpp"
#include "unit/dispatch/dispatch_fixture.hpp"

namespace posthorn::dispatch {
namespace {

using model::signature_scheme;

struct sent {
  received_request request;
  store::owed_delivery owed;
};

sent send_one(dispatch_fixture& with, const scripted_receiver& to, model::endpoint_id endpoint,
              std::string body = dispatch_fixture::payload) {
  const std::size_t before = to.requests();
  const store::owed_delivery owed = with.owe(endpoint, std::move(body));
  with.offer({owed});
  return {to.request(before), owed};
}

std::string signature_of(std::string_view api_key, std::string_view body) {
  std::string text;
  signing::x_signature_key(api_key).append(text, body);
  return text;
}

TEST(request, has_exactly_the_contracts_headers) {
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(200)));
  const auto to = with.add_endpoint(receiver.url("/hook/a?tenant=1"), model::preset::assessment, [](auto& endpoint) {
    endpoint.headers = {{"X-Tenant", "acme"}, {"X-Trace", "on; level=2"}};
    endpoint.auth = model::auth_bearer{"t0ken"};
  });
  const auto [request, owed] = send_one(with, receiver, to.id);
  EXPECT_EQ(request.line, "POST /hook/a?tenant=1 HTTP/1.1");
  const fields expected{
      {"Host", receiver.url("").substr(std::string_view("http://").size())},
      {"User-Agent", "Posthorn/0.0-test"},
      {"Content-Type", "application/json"},
      {"X-Tenant", "acme"},
      {"X-Trace", "on; level=2"},
      {"Authorization", "Bearer t0ken"},
      {"webhook-id", base::format_id(base::event_prefix, owed.event->id)},
      {"webhook-timestamp", std::to_string(with.clock.wall() / 1000)},
      {"webhook-event-type", "application.complete"},
      {"Content-Length", std::to_string(owed.event->payload.size())},
      {"X-Signature", signature_of(dispatch_fixture::api_key, owed.event->payload)},
  };
  EXPECT_EQ(request.head, expected);
  EXPECT_EQ(request.body, owed.event->payload);
}

TEST(request, authenticates_as_the_endpoint_says) {
  struct row {
    model::authentication auth;
    std::string name, value;
  };
  const row rows[] = {
      {model::auth_bearer{"abc.def"}, "Authorization", "Bearer abc.def"},
      {model::auth_basic{"Aladdin", "open sesame"}, "Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="},
      {model::auth_api_key{"X-Partner-Key", "k-1"}, "X-Partner-Key", "k-1"},
  };
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(200)));
  for (const row& each : rows) {
    const auto to = with.add_endpoint(receiver.url("/"), model::preset::learning,
                                      [&each](auto& endpoint) { endpoint.auth = each.auth; });
    EXPECT_EQ(send_one(with, receiver, to.id).request.field(each.name), each.value);
  }
  const auto open = with.add_endpoint(receiver.url("/"), model::preset::learning);
  const auto request = send_one(with, receiver, open.id).request;
  EXPECT_EQ(request.field("Authorization"), "");
  EXPECT_EQ(request.field("X-Signature"), "") << "not asked for";
  EXPECT_EQ(request.field("webhook-signature"), "");
}

TEST(request, carries_the_bytes_that_were_accepted) {
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(200)));
  const auto to = with.add_endpoint(receiver.url("/"));
  const std::string bodies[] = {
      R"({"b":1.0,"a":1e2,"a":"\u00e9 é \/"})",
      " \t\r\n\r\n{} ",
      std::string("\0\x01\xff", 3),
      "",
      std::string(300'000, 'x'),
  };
  for (const std::string& body : bodies) {
    const auto request = send_one(with, receiver, to.id, body).request;
    EXPECT_TRUE(request.body == body) << body.size() << " bytes";
    EXPECT_TRUE(signing::x_signature_key(dispatch_fixture::api_key).matches(request.field("X-Signature"), body));
  }
}

TEST(request, carries_every_signature_that_is_set) {
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(200)));
  const std::string v1 = signing::new_v1_secret();
  const std::string v1a = signing::new_v1a_secret();
  const auto to = with.add_endpoint(receiver.url("/"), model::preset::assessment, [&](auto& endpoint) {
    endpoint.signatures = {{signature_scheme::standard_v1, v1},
                           {signature_scheme::x_signature, {}},
                           {signature_scheme::standard_v1a, v1a}};
  });
  const auto [request, owed] = send_one(with, receiver, to.id);
  EXPECT_EQ(request.field("X-Signature"), signature_of(dispatch_fixture::api_key, owed.event->payload));

  const std::string signatures = request.field("webhook-signature");
  const std::size_t space = signatures.find(' ');
  ASSERT_NE(space, std::string::npos);
  const std::string first = signatures.substr(0, space);
  const std::string second = signatures.substr(space + 1);
  ASSERT_TRUE(first.starts_with(signing::v1_tag));
  ASSERT_TRUE(second.starts_with(signing::v1a_tag));
  const std::string id = request.field("webhook-id");
  const std::string timestamp = request.field("webhook-timestamp");
  const signing::webhook_message message{id, timestamp, request.body};
  EXPECT_TRUE(signing::v1_key::parse(v1)->matches(std::string_view(first).substr(signing::v1_tag.size()), message));
  const auto key = signing::v1a_public_key::parse(signing::v1a_secret_key::parse(v1a)->public_key());
  EXPECT_TRUE(key->matches(std::string_view(second).substr(signing::v1a_tag.size()), message));
}

TEST(request, has_the_time_of_its_own_attempt_and_the_events_id) {
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(500)));
  const auto to = with.add_endpoint(receiver.url("/"));
  store::owed_delivery owed = with.owe(to.id);
  with.offer({owed});
  const auto first = receiver.request(0);
  static_cast<void>(with.log.await_one(to.id));
  with.clock.advance(90'000);
  owed.tries = owed.attempts = 1;
  owed.first_try = false;
  with.offer({owed});
  const auto second = receiver.request(1);
  EXPECT_EQ(first.field("webhook-id"), second.field("webhook-id"));
  EXPECT_EQ(std::stoll(second.field("webhook-timestamp")), std::stoll(first.field("webhook-timestamp")) + 90);
  EXPECT_EQ(first.field("X-Signature"), second.field("X-Signature")) << "over the body alone";
  EXPECT_EQ(first.body, second.body);
}

// Contract 2.3: X-Signature stays on the old key until the overlap ends, then changes.
TEST(request, is_signed_with_the_retiring_key_until_the_overlap_ends) {
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(200)));
  model::api_key fresh{.id = 2,
                       .integration = 7,
                       .state = model::key_state::signing,
                       .text = "ph_test_new",
                       .created_at = 0,
                       .expires_at = 0};
  model::api_key old{.id = 1,
                     .integration = 7,
                     .state = model::key_state::retiring,
                     .text = "ph_test_old",
                     .created_at = 0,
                     .expires_at = with.clock.wall() + 60'000};
  with.directory.put_keys({fresh, old});
  const auto to = with.add_endpoint(receiver.url("/"), model::preset::assessment,
                                    [](auto& endpoint) { endpoint.in_flight_max = 1; });
  EXPECT_EQ(send_one(with, receiver, to.id).request.field("X-Signature"),
            signature_of("ph_test_old", dispatch_fixture::payload));
  with.clock.advance(59'999);
  EXPECT_EQ(send_one(with, receiver, to.id).request.field("X-Signature"),
            signature_of("ph_test_old", dispatch_fixture::payload));
  with.clock.advance(1);
  EXPECT_EQ(send_one(with, receiver, to.id).request.field("X-Signature"),
            signature_of("ph_test_new", dispatch_fixture::payload));
}

TEST(request, is_signed_with_both_secrets_until_the_overlap_ends) {
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(200)));
  const std::string fresh = signing::new_v1_secret();
  const std::string old = signing::new_v1_secret();
  const auto to = with.add_endpoint(receiver.url("/"), model::preset::standard, [&](auto& endpoint) {
    endpoint.in_flight_max = 1;
    endpoint.signatures = {{.scheme = signature_scheme::standard_v1,
                            .secret = fresh,
                            .previous_secret = old,
                            .previous_until = with.clock.wall() + 60'000}};
  });
  const auto signatures = [&] {
    const received_request request = send_one(with, receiver, to.id).request;
    const std::string id = request.field("webhook-id");
    const std::string timestamp = request.field("webhook-timestamp");
    std::string both;
    for (const std::string& secret : {fresh, old}) {
      if (!both.empty()) both += ' ';
      signing::v1_key::parse(secret)->append(both, {id, timestamp, request.body});
    }
    return std::pair(request.field("webhook-signature"), both);
  };
  const auto [before, wanted_before] = signatures();
  EXPECT_EQ(before, wanted_before);
  with.clock.advance(59'999);
  const auto [last, wanted_last] = signatures();
  EXPECT_EQ(last, wanted_last);
  with.clock.advance(1);
  const auto [after, wanted_after] = signatures();
  EXPECT_EQ(after, wanted_after.substr(0, wanted_after.find(' ')));
}

TEST(request, follows_a_change_of_the_configuration) {
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(200)));
  auto to = with.add_endpoint(receiver.url("/old"));
  EXPECT_EQ(send_one(with, receiver, to.id).request.line, "POST /old HTTP/1.1");
  to.url = receiver.url("/new");
  to.headers = {{"X-Version", "2"}};
  to.config_version = 2;
  with.directory.put(to);
  const auto request = send_one(with, receiver, to.id).request;
  EXPECT_EQ(request.line, "POST /new HTTP/1.1");
  EXPECT_EQ(request.field("X-Version"), "2");
  EXPECT_EQ(with.log.await_reports(to.id, 2)[1].config_version, 2);
}

TEST(request, keeps_its_connection_for_the_next_one) {
  dispatch_fixture with(1);
  scripted_receiver receiver(always(answer(200)));
  const auto to = with.add_endpoint(receiver.url("/"), model::preset::assessment,
                                    [](auto& endpoint) { endpoint.in_flight_max = 1; });
  with.offer(to.id, 50);
  EXPECT_EQ(with.log.await_reports(to.id, 50).size(), 50U);
  EXPECT_EQ(receiver.connections(), 1U);
}

}  // namespace
}  // namespace posthorn::dispatch
