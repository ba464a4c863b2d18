// Who may do what: every operation of the API times every kind of caller. An integration's things show to nobody but
// its own keys and the machine admin, and no refused call changes any of them.
#include "integration/api_walk.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

class scope : public api_walk {
 protected:
  // A caller's failures are counted by its address: each operation's come from another one.
  scope() : api_walk({.flags = {"--trusted-proxy", "127.0.0.1/32"}}) { make_first_admin(); }

  http_answer ask(const prepared_request& what, http_headers credentials) const {
    credentials.emplace_back("X-Forwarded-For", address_);
    return call(what, std::move(credentials));
  }

  void from_another_address() { address_ = "198.51.100." + std::to_string(++addresses_); }

  // What the tenant's things are, each as its own key reads it.
  std::string state_of(const tenant& of) const {
    std::string all;
    for (const std::string& at : {"/v1/endpoints/" + of.endpoint, "/v1/events/" + of.event,
                                  "/v1/deliveries/" + of.delivery, "/v1/integrations/" + of.integration_id}) {
      all += ask({"GET", at, {}, {}}, with_key(of.api_key)).body + "\n";
    }
    all += ask({"GET", "/v1/deployments/" + of.deployment_id, {}, {}}, with_bearer(std::string(admin_token))).body;
    return all;
  }

  static bool names_owner_in_body(const operation& what) {
    return what.example.find("\"integration_id\"") != std::string::npos;
  }

  static bool names_owner(const operation& what) {
    return what.takes("integration_id") || what.path.find("{integration_id}") != std::string::npos ||
           names_owner_in_body(what);
  }

  void expect_scope_of_members(const operation& what);

  std::string address_ = "198.51.100.0";
  int addresses_ = 0;
  std::string foreign_admin_, admin_, viewer_;  // cookies
};

// Refused for who asks; what is wrong with the request itself would come out otherwise.
bool is_admitted(int status) {
  return status != 401 && status != 403 && status != 404 && status != 405 && status != 415 && status != 429 &&
         status != 500 && status != 0;
}

// What is of another company is as if it did not exist; a viewer only reads; and a cookie alone changes nothing.
void scope::expect_scope_of_members(const operation& what) {
  const tenant of = make_tenant();
  const bool is_read = what.method == "GET";
  if (what.callers == caller_class::member) {
    for (const char* role : {"viewer", "admin"}) {
      const http_answer own = ask(request_for(what, of), with_cookie(make_member(role)));
      EXPECT_TRUE(is_admitted(own.status)) << role << ": " << own.status << " " << own.body;
    }
    return;
  }
  const prepared_request naming = request_for(what, of, true);
  const std::string before = state_of(of);
  const http_answer foreign = ask(naming, with_cookie(foreign_admin_));
  const bool names = naming.target != what.path || naming.body.find(of.integration_id) != std::string::npos;
  if (what.callers == caller_class::admin) {
    EXPECT_EQ(foreign.status, 403) << foreign.body;
  } else if (names) {
    EXPECT_EQ(foreign.status, 404) << "a member of another company: " << foreign.body;
  }
  for (const std::string& theirs : {of.api_key, of.event, of.delivery, of.endpoint, of.deployment_id}) {
    EXPECT_EQ(foreign.body.find(theirs), std::string::npos) << "a member of another company is shown " << theirs;
  }
  const http_answer viewer = ask(naming, with_cookie(viewer_));
  if (is_read && !what.admins_only && what.callers != caller_class::admin) {
    EXPECT_TRUE(is_admitted(viewer.status)) << "a viewer: " << viewer.status << " " << viewer.body;
  } else {
    EXPECT_EQ(viewer.status, 403) << "a viewer: " << viewer.body;
  }
  if (!is_read) {
    EXPECT_EQ(ask(naming, {{"Cookie", admin_}}).status, 403) << "a cookie alone";
  }
  EXPECT_EQ(state_of(of), before) << "a refused call changed something";
  const http_answer admin = ask(request_for(what, make_tenant(), true), with_cookie(admin_));
  if (what.callers == caller_class::admin) {
    EXPECT_EQ(admin.status, 403) << admin.body;
  } else {
    EXPECT_TRUE(is_admitted(admin.status)) << "an admin of the company: " << admin.status << " " << admin.body;
  }
}

TEST_F(scope, of_every_operation_holds_against_every_member) {
  foreign_admin_ = make_member("admin", make_company());
  admin_ = make_member("admin");
  viewer_ = make_member("viewer");
  for (const operation& each : description.operations()) {
    if (each.callers == caller_class::anyone || each.callers == caller_class::journey) continue;
    SCOPED_TRACE(each.name());
    from_another_address();
    expect_scope_of_members(each);
  }
}

// Who has a link's URL is, for Posthorn, the person that the link is for.
TEST_F(scope, of_a_viewer_has_no_live_link_and_no_persons_data) {
  admin_ = make_member("admin");
  viewer_ = make_member("viewer");
  const tenant of = make_tenant();
  const json::value link = make_link(of);
  const std::string url(link.at("url").as_string());
  const std::string token = url.substr(url.find('#') + 1);
  const std::string links = "/v1/link-batches/" + std::string(link.at("batch_id").as_string()) + "/links";
  const std::string named = "integration_id=" + of.integration_id;
  for (const std::string& at : {links + "?" + named, links + "?format=csv&" + named,
                                "/v1/links/" + std::string(link.at("id").as_string()) + "?" + named}) {
    SCOPED_TRACE(at);
    const http_answer seen = ask({"GET", at, {}, {}}, with_cookie(viewer_));
    EXPECT_EQ(seen.status, 200) << seen.body;
    EXPECT_NE(seen.body.find(std::string(link.at("uid").as_string())), std::string::npos) << seen.body;
    EXPECT_EQ(seen.body.find(token), std::string::npos) << "a viewer is shown the link: " << seen.body;
    EXPECT_NE(ask({"GET", at, {}, {}}, with_cookie(admin_)).body.find(token), std::string::npos);
    EXPECT_NE(ask({"GET", at, {}, {}}, with_key(of.api_key)).body.find(token), std::string::npos);
  }
  const std::string everything = "/v1/people/walk-uid-1?" + named;
  const http_answer refused = ask({"GET", everything, {}, {}}, with_cookie(viewer_));
  EXPECT_EQ(refused.status, 403) << refused.body;
  EXPECT_EQ(refused.json().at("type"), "/problems/viewer");
  EXPECT_EQ(ask({"GET", everything, {}, {}}, with_cookie(admin_)).status, 200);
}

TEST_F(scope, of_every_operation_holds_against_every_caller) {
  const std::string other_company = make_company();
  const tenant neighbour = make_tenant();
  const tenant foreigner = make_tenant(other_company);
  const tenant rotated = make_tenant();
  ASSERT_EQ(server.as(rotated.api_key)
                .post("/v1/integrations/" + rotated.integration_id + "/keys/rotate", R"({"overlap_s":0})")
                .status,
            201);
  const std::string by_admin(admin_token);
  const std::string persons_token = make_session(make_tenant());

  for (const operation& each : description.operations()) {
    SCOPED_TRACE(each.name());
    from_another_address();
    const tenant victim = make_tenant();
    const prepared_request plain = request_for(each, victim);
    const prepared_request naming = request_for(each, victim, true);
    if (each.callers == caller_class::anyone) {
      EXPECT_TRUE(is_admitted(ask(plain, {}).status));
      EXPECT_TRUE(is_admitted(ask(plain, with_key("ph_test_wrong")).status)) << "a credential that nobody asked for";
      continue;
    }
    const bool for_no_key = each.callers != caller_class::key_or_admin;
    const std::string before = state_of(victim);
    const auto expect_unknown = [&](http_headers credentials, const char* who) {
      const int by_contract_2_6 = credentials.empty() ? 400 : 403;
      const int expected = each.path == "/v1/webhooks-management/test" ? by_contract_2_6 : 401;
      const http_answer refused = ask(naming, std::move(credentials));
      EXPECT_EQ(refused.status, expected) << who << ": " << refused.body;
      EXPECT_EQ(refused.header("WWW-Authenticate"), expected == 401 ? "Bearer" : "") << who;
    };
    expect_unknown({}, "nobody");
    expect_unknown(with_key(victim.api_key + "x"), "a wrong key");
    expect_unknown(with_bearer("ph_admin_wrong_token"), "a wrong token");
    expect_unknown(with_key(by_admin), "the admin's token in the place of a key");
    expect_unknown(with_key(rotated.api_key), "a key that was rotated out");
    expect_unknown({{"Authorization", "Basic " + victim.api_key}}, "another scheme");
    if (each.callers == caller_class::journey) {
      expect_unknown(with_bearer(victim.api_key), "the integration's own key");
      expect_unknown(with_bearer(by_admin), "the machine admin");
      EXPECT_TRUE(is_admitted(ask(plain, credentials_of(each, victim)).status));
      continue;
    }
    expect_unknown(with_bearer(persons_token), "a person's token");

    for (const auto& [key, who] : {std::pair(neighbour.api_key, "another integration's key"),
                                   std::pair(victim.production_key, "the other environment's key"),
                                   std::pair(foreigner.api_key, "another company's key")}) {
      for (const http_headers& credentials : {with_key(key), with_bearer(key)}) {
        const http_answer named = ask(naming, credentials);
        if (for_no_key || names_owner(each)) {
          EXPECT_EQ(named.status, 403) << who << ": " << named.body;
        }
        const http_answer unnamed = ask(plain, credentials);
        if (for_no_key || plain.target.find(victim.integration_id) != std::string::npos || names_owner_in_body(each)) {
          EXPECT_EQ(unnamed.status, 403) << who << ": " << unnamed.body;
        } else if (each.path.find("{id}") != std::string::npos) {
          EXPECT_EQ(unnamed.status, 404) << who << ": " << unnamed.body;
        }
        for (const http_answer& answer : {named, unnamed}) {
          for (const std::string& theirs : {victim.api_key, victim.event, victim.delivery, victim.endpoint}) {
            EXPECT_EQ(answer.body.find(theirs), std::string::npos) << who << " is shown " << theirs;
          }
        }
      }
    }
    EXPECT_EQ(state_of(victim), before) << "a refused call changed something";

    if (for_no_key) {
      const http_answer own = ask(naming, with_key(victim.api_key));
      EXPECT_EQ(own.status, 403) << "the integration's own key: " << own.body;
    } else {
      const tenant owner = make_tenant();
      const http_answer own = ask(request_for(each, owner), with_key(owner.api_key));
      EXPECT_TRUE(is_admitted(own.status)) << "the integration's own key: " << own.status << " " << own.body;
    }
    const http_answer admin = ask(naming, with_bearer(by_admin));
    if (each.callers == caller_class::member) {
      EXPECT_EQ(admin.status, 403) << "the machine admin is no member: " << admin.body;
      continue;
    }
    EXPECT_TRUE(is_admitted(admin.status)) << "the machine admin: " << admin.status << " " << admin.body;
  }
}

TEST_F(scope, keeps_whoever_guesses_waiting_by_the_address_that_the_proxy_tells) {
  const prepared_request list{"GET", "/v1/endpoints", {}, {}};
  const prepared_request companies{"GET", "/v1/companies", {}, {}};
  from_another_address();
  http_answer guessed;
  for (int i = 0; i < 100 && guessed.status != 429; ++i) guessed = ask(list, with_key("ph_test_guess"));
  EXPECT_EQ(guessed.status, 429);
  EXPECT_GE(std::stoi(guessed.header("Retry-After")), 1);
  EXPECT_EQ(ask(list, with_key(test_env.api_key)).status, 200);
  EXPECT_EQ(ask(companies, with_bearer(std::string(admin_token))).status, 429);
  from_another_address();
  EXPECT_EQ(ask(list, with_key("ph_test_guess")).status, 401);
  EXPECT_EQ(ask(companies, with_bearer(std::string(admin_token))).status, 200);
}

// What whoever guesses could tell a hit from a miss by, over two calls: the answer, but for its request-id, and what is
// counted and kept of it.
TEST_F(scope, tells_a_right_token_from_a_wrong_one_by_nothing_while_its_address_waits) {
  const prepared_request companies{"GET", "/v1/companies", {}, {}};
  from_another_address();
  http_answer guessed;
  for (int i = 0; i < 100 && guessed.status != 429; ++i) guessed = ask(companies, with_bearer("ph_admin_guess"));
  ASSERT_EQ(guessed.status, 429);

  const auto counted = [&] {
    const std::string text = "\n" + server.operators().get("/metrics").body;
    std::vector<double> numbers;
    for (const char* series : {"posthorn_authentication_failures_total", "posthorn_authentication_refusals_total",
                               "posthorn_requests_total{route=\"GET /v1/companies\",status=\"4xx\"}"}) {
      const std::size_t at = text.find("\n" + std::string(series) + " ");
      EXPECT_NE(at, std::string::npos) << series;
      numbers.push_back(std::stod(text.substr(at + std::string(series).size() + 2)));
    }
    return numbers;
  };
  const auto trace_of = [&](http_headers credentials) {
    const std::vector<double> before = counted();
    const http_answer given = ask(companies, std::move(credentials));
    const std::vector<double> after = counted();
    std::string trace = std::to_string(given.status) + " " + given.body;
    for (const auto& [name, value] : given.headers) {
      if (name == "request-id" || name == "Date") continue;
      trace += "\n" + name + (name == "Retry-After" ? std::string() : ": " + value);
    }
    for (std::size_t i = 0; i < before.size(); ++i) trace += "\n+" + std::to_string(after[i] - before[i]);
    return trace;
  };
  const std::string wrong = trace_of(with_bearer("ph_admin_guess"));
  EXPECT_NE(wrong.find("\n+1.0"), std::string::npos) << wrong;
  EXPECT_EQ(trace_of(with_bearer(std::string(admin_token))), wrong);
  // Nor does a session's cookie, a session's token, or a rotated key make it otherwise.
  EXPECT_EQ(trace_of(with_key(std::string(admin_token))), wrong);
  EXPECT_EQ(trace_of(with_bearer(make_session(make_tenant()))), wrong);
}

// Health shows on every listener; the rest on its own, whoever asks.
TEST_F(scope, of_each_listener_holds_against_every_caller) {
  const auto at = [](std::uint16_t port, const char* path, const http_headers& credentials) {
    http_headers headers = credentials;
    headers.emplace_back("Connection", "close");
    return http_connection(port).call("GET", path, headers).status;
  };
  const tenant of = make_tenant();
  for (const http_headers& caller :
       {http_headers(), with_key("ph_test_wrong"), with_key(of.api_key), with_bearer(std::string(admin_token)),
        with_cookie(make_member("viewer")), with_cookie(make_member("admin"))}) {
    for (const char* health : {"/healthz", "/readyz"}) {
      EXPECT_EQ(at(server.port(), health, caller), 200) << health;
      EXPECT_EQ(at(server.ops_port(), health, caller), 200) << health;
    }
    EXPECT_EQ(at(server.port(), "/metrics", caller), 404);
    EXPECT_EQ(at(server.ops_port(), "/metrics", caller), 200);
    for (const char* elsewhere : {"/v1/companies", "/v1/endpoints", "/console/", "/assess/", "/openapi.json"}) {
      EXPECT_EQ(at(server.ops_port(), elsewhere, caller), 404) << elsewhere;
    }
  }
}

}  // namespace
}  // namespace posthorn::test
