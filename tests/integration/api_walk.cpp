#include "integration/api_walk.hpp"

#include "integration/journey.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

std::string text(const json::value& from) { return std::string(from.as_string()); }

// "/v1/endpoints/{id}/pause" → "/v1/endpoints"
std::string collection_of(const std::string& path) { return path.substr(0, path.find("/{")); }

const operation* find(const api_description& in, std::string_view method, std::string_view path) {
  for (const operation& each : in.operations()) {
    if (each.method == method && each.path == path) return &each;
  }
  return nullptr;
}

}  // namespace

std::string api_walk::make_company() {
  const http_answer made =
      server.admin().post("/v1/companies", R"({"name":"company )" + std::to_string(++names_given_) + "\"}");
  EXPECT_EQ(made.status, 201) << made.body;
  return text(made.json().at("id"));
}

std::string api_walk::first_company() const {
  return text(server.admin().get("/v1/companies").json().at("data").as_array().back().at("id"));
}

void api_walk::make_first_admin() {
  const operation* what = find(description, "POST", "/v1/auth/setup");
  const http_answer made = call(request_for(*what, {}));
  EXPECT_EQ(made.status, 201) << made.body;
}

std::string api_walk::invite(const std::string& role, const std::string& company) {
  const http_answer made =
      server.admin().post("/v1/invitations?company_id=" + company,
                          json::serialize(json::object{
                              {"email", "walker-" + std::to_string(++names_given_) + "@example.com"}, {"role", role}}));
  EXPECT_EQ(made.status, 201) << made.body;
  const std::string link = text(made.json().at("link"));
  return link.substr(link.find('#') + 1);
}

std::string api_walk::make_member(const std::string& role, const std::string& company) {
  const json::object body{{"token", invite(role, company.empty() ? first_company() : company)},
                          {"name", "Walker"},
                          {"password", "correct horse battery"}};
  const http_answer made = call({"POST", "/v1/auth/accept", "application/json", json::serialize(body)});
  EXPECT_EQ(made.status, 201) << made.body;
  const std::string cookie = made.header("Set-Cookie");
  return cookie.substr(0, cookie.find(';'));
}

std::string api_walk::newest_in(const std::string& collection, const tenant& of) const {
  return text(server.admin().get(collection + "?limit=1&company_id=" + of.company_id).json().at("data").at(0).at("id"));
}

tenant api_walk::make_tenant(std::string company) {
  tenant made;
  if (company.empty()) company = first_company();
  const auto deploy = [&] {
    return server.admin()
        .post("/v1/deployments", R"({"preset":"standard","company_id":")" + company + R"(","name":"deployment )" +
                                     std::to_string(++names_given_) + "\"}")
        .json();
  };
  made.company_id = company;
  made.deployment_id = text(deploy().at("id"));
  const json::value environments = deploy().at("environments");
  made.integration_id = text(environments.at("test").at("integration_id"));
  made.api_key = text(environments.at("test").at("api_key"));
  made.production_key = text(environments.at("production").at("api_key"));

  const api_caller own = server.as(made.api_key);
  made.endpoint =
      text(own.post("/v1/endpoints", R"({"url":"http://127.0.0.1:1/a","signatures":[{"scheme":"x_signature"},
                                {"scheme":"standard_v1"},{"scheme":"standard_v1a"}]})")
               .json()
               .at("id"));
  EXPECT_EQ(own.post("/v1/endpoints/" + made.endpoint + "/pause").status, 200);
  const accepted event =
      read_accepted(own.post("/v1/events", R"({"type":"walk.event","uid":"walk-uid-1","payload":{"n":1}})").json());
  made.event = event.id;
  made.delivery = event.deliveries.at(0);
  return made;
}

prepared_request api_walk::request_for(const operation& what, const tenant& of, bool naming) {
  prepared_request made{what.method, what.path, what.content_type, {}};
  made.body = what.content_type == "application/json" ? with_own_ids(what, of) : what.example;
  for (std::size_t open = made.target.find('{'); open != std::string::npos; open = made.target.find('{')) {
    const std::size_t close = made.target.find('}', open);
    const std::string value = value_of(what, made.target.substr(open + 1, close - open - 1), of);
    made.target.replace(open, close - open + 1, value);
  }
  if (naming && what.takes("integration_id")) {
    made.target += "?integration_id=" + of.integration_id;
  } else if ((what.callers == caller_class::admin || what.callers == caller_class::company) &&
             what.takes("company_id")) {
    made.target += "?company_id=" + of.company_id;  // there are several
  }
  // What would go on for as long as it is read.
  if (what.takes("seconds")) made.target += std::string(made.target.contains('?') ? "&" : "?") + "seconds=1";
  return made;
}

std::string api_walk::value_of(const operation& what, const std::string& parameter, const tenant& of) {
  if (parameter == "integration_id") return of.integration_id;
  const std::string collection = collection_of(what.path);
  if (const auto example = what.path_examples.find(parameter); example != what.path_examples.end()) {
    if (collection == "/v1/event-types") describe_event_type(example->second, of);
    return example->second;
  }
  if (collection == "/v1/endpoints") return of.endpoint;
  if (collection == "/v1/events") return of.event;
  if (collection == "/v1/deliveries") return of.delivery;
  if (collection == "/v1/deployments") return of.deployment_id;
  if (collection == "/v1/sessions" || collection == "/v1/results") {
    const std::string token = what.path.ends_with("/score") ? make_unscored(of) : make_session(of);
    return text(server.as(token).get("/v1/journey").json().at("session_id"));
  }
  if (collection == "/v1/links") return text(make_link(of).at("id"));
  if (collection == "/v1/members") {
    static_cast<void>(make_member("viewer", of.company_id));
    return newest_in(collection, of);
  }
  if (collection == "/v1/invitations") {
    static_cast<void>(invite("viewer", of.company_id));
    return newest_in(collection, of);
  }
  if (collection == "/v1/jobs") return made_in("/v1/replays", of);
  return made_in(collection, of);
}

void api_walk::describe_event_type(const std::string& name, const tenant& of) {
  const http_answer made = call({"PUT", "/v1/event-types/" + name + "?company_id=" + of.company_id, "application/json",
                                 R"({"description":"d","schema":true,"example":{"total":42}})"},
                                with_bearer(std::string(admin_token)));
  EXPECT_LT(made.status, 300) << made.body;
}

// Something of a kind that only the description knows: by the example of the POST that makes one.
std::string api_walk::made_in(const std::string& collection, const tenant& of) {
  const operation* maker = find(description, "POST", collection);
  if (!maker) {
    ADD_FAILURE() << collection << " has no POST: teach tests/integration/api_walk.cpp where its ids come from";
    return "unknown";
  }
  const http_answer made =
      call(request_for(*maker, of),
           maker->callers == caller_class::key_or_admin ? with_key(of.api_key) : with_bearer(std::string(admin_token)));
  EXPECT_LT(made.status, 300) << collection << ": " << made.body;
  if (made.status >= 300) return "unknown";
  const json::value answer = made.json();
  if (answer.as_object().contains("id")) return text(answer.at("id"));
  // It makes several at a time.
  return text(server.as(of.api_key).get(collection).json().at("data").at(0).at("id"));
}

// An example names things by invented ids: put the tenant's own in their place.
std::string api_walk::with_own_ids(const operation& what, const tenant& of) {
  json::object body = json::parse(what.example).as_object();
  if (what.name() == "POST /v1/deployments") body["company_id"] = of.company_id;
  if (body.contains("endpoint_id")) body["endpoint_id"] = of.endpoint;
  if (body.contains("integration_id")) body["integration_id"] = of.integration_id;
  if (what.name() == "POST /v1/journey/link") {
    const std::string url = text(make_link(of).at("url"));
    body["token"] = url.substr(url.find('#') + 1);
  }
  if (what.path == "/v1/auth/setup") body["token"] = server.setup_token();
  if (what.path == "/v1/auth/invitation" || what.path == "/v1/auth/accept") {
    body["token"] = invite("viewer", of.company_id);
  }
  if (body.contains("rule_id")) body["rule_id"] = made_in("/v1/certificate-rules", of);
  return json::serialize(body);
}

json::value api_walk::make_link(const tenant& of) {
  const std::string batch = made_in("/v1/link-batches", of);
  return server.as(of.api_key).get("/v1/link-batches/" + batch + "/links").json().at("data").at(0);
}

http_headers api_walk::credentials_of(const operation& what, const tenant& of) {
  switch (what.callers) {
    case caller_class::anyone: return {};
    case caller_class::admin:
    case caller_class::company: return with_bearer(std::string(admin_token));
    case caller_class::member: return with_cookie(make_member("viewer", of.company_id));
    case caller_class::journey:
      return with_bearer(make_session(of, what.path == "/v1/journey/device" ? "ANDROID" : "WEB"));
    case caller_class::key_or_admin: break;
  }
  return with_key(of.api_key);
}

std::string api_walk::make_session(const tenant& of, const std::string& on, bool consents) {
  const api_caller own = server.as(of.api_key);
  EXPECT_EQ(own.patch("/v1/integrations/" + of.integration_id, R"({"assessment":{"platform":")" + on + "\"}}").status,
            200);
  const http_answer made =
      own.post("/v1/sessions-management/tokens", R"({"uid":"walk-session-)" + std::to_string(++names_given_) +
                                                     R"(","integration_id":")" + of.integration_id + "\"}");
  EXPECT_EQ(made.status, 200) << made.body;
  std::string token = text(made.json().at("access_token"));
  if (consents) {
    EXPECT_EQ(server.as(token).post("/v1/journey/consent", R"({"accepted":true})").status, 200);
  }
  return token;
}

// Complete, and its score is waited for: nobody is there.
std::string api_walk::make_unscored(const tenant& of) {
  const std::string scorer = R"({"assessment":{"external_scorer":{"url":"https://scores.invalid/"}}})";
  EXPECT_EQ(server.as(of.api_key).patch("/v1/integrations/" + of.integration_id, scorer).status, 200);
  std::string token = make_session(of);
  EXPECT_EQ(server.as(token).post("/v1/journey/answers", every_answer(4)).status, 200);
  EXPECT_EQ(server.as(token).post("/v1/journey/submit", R"({"anyway":false})").json().at("state"), "complete");
  return token;
}

http_answer api_walk::call(const prepared_request& what, http_headers headers) const {
  if (!what.content_type.empty()) headers.emplace_back("Content-Type", what.content_type);
  headers.emplace_back("Connection", "close");
  // The description's one operation of the operator's listener.
  http_connection connection(what.target.starts_with("/metrics") ? server.ops_port() : server.port());
  return connection.call(what.method, what.target, headers, what.body);
}

}  // namespace posthorn::test
