// The event-type catalogue (docs/event-types.md), and events held against it at the door.
#include "integration/platform.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

class event_types : public platform {
 protected:
  // Where the answer says that rules are broken.
  static std::vector<std::string> pointers(const json::value& problem) {
    std::vector<std::string> all;
    for (const json::value& each : problem.at("errors").as_array()) all.emplace_back(each.at("pointer").as_string());
    return all;
  }

  http_answer put(const std::string& name, const std::string& body) {
    return server.admin().put("/v1/event-types/" + name, body);
  }
};

using pointers_of = std::vector<std::string>;

TEST_F(event_types, of_the_contract_are_built_in_with_examples_that_are_accepted) {
  const json::value page = read("/v1/event-types");
  ASSERT_EQ(page.at("data").as_array().size(), 9u);
  EXPECT_TRUE(page.at("next_cursor").is_null());
  for (const json::value& type : page.at("data").as_array()) {
    const std::string name(type.at("name").as_string());
    EXPECT_TRUE(type.at("built_in").as_bool());
    EXPECT_TRUE(type.at("validated").as_bool());
    EXPECT_TRUE(type.at("created_at").is_null());
    const std::string example = json::serialize(type.at("example"));
    EXPECT_EQ(example, vector_text(name));
    send(R"({"type":")" + name + R"(","payload":)" + example + "}");
    EXPECT_EQ(put(name, "{}").status, 409);
    EXPECT_EQ(server.admin().remove("/v1/event-types/" + name).status, 409);
  }
}

TEST_F(event_types, are_described_replaced_listed_and_forgotten) {
  const std::string body =
      R"({"description":"An order is paid.","schema":{"required":["total"],"multipleOf":0.01}, "example":{"total":1.50}})";
  const http_answer made = put("order.paid", body);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_NE(made.body.find(R"("multipleOf":0.01},"example":{"total":1.50})"), std::string::npos) << "as it was written";
  EXPECT_TRUE(made.json().at("validated").is_null()) << "the call was about the company";
  EXPECT_EQ(put("order.paid", R"({"schema":null})").status, 200);
  const json::value replaced = read("/v1/event-types/order.paid");
  EXPECT_EQ(replaced.at("description").as_string(), "");
  EXPECT_TRUE(replaced.at("schema").is_null());
  EXPECT_FALSE(replaced.at("validated").as_bool());

  json::value page = read("/v1/event-types?limit=4");
  EXPECT_EQ(page.at("data").at(0).at("name").as_string(), "order.paid");
  std::size_t seen = page.at("data").as_array().size();
  while (!page.at("next_cursor").is_null()) {
    page = read("/v1/event-types?limit=4&cursor=" + std::string(page.at("next_cursor").as_string()));
    seen += page.at("data").as_array().size();
  }
  EXPECT_EQ(seen, 10u);

  EXPECT_EQ(server.admin().remove("/v1/event-types/order.paid").status, 204);
  EXPECT_EQ(api().get("/v1/event-types/order.paid").status, 404);
  EXPECT_EQ(server.admin().remove("/v1/event-types/order.paid").status, 404);
}

TEST_F(event_types, are_refused_with_the_place_named) {
  const auto refused = [this](const std::string& body) {
    const http_answer answer = put("order.paid", body);
    EXPECT_EQ(answer.status, 422) << answer.body;
    return pointers(answer.json());
  };
  EXPECT_EQ(refused(R"({"schema":{"type":"text","required":"a"}})"), (pointers_of{"/schema/type", "/schema/required"}));
  EXPECT_EQ(refused(R"({"schema":{"$ref":"https://example.com/s.json"}})"), pointers_of{"/schema/$ref"});
  EXPECT_EQ(refused(R"({"schema":{"allOf":[{"$ref":"#"}]}})"), pointers_of{"/schema"});
  EXPECT_EQ(refused(R"({"schema":"text"})"), pointers_of{"/schema"});
  EXPECT_EQ(refused(R"({"schema":{"required":["total"]},"example":{"sum":1}})"), pointers_of{"/example/total"});
  EXPECT_EQ(refused(R"({"schema":{"title":")" + std::string(70'000, 'x') + "\"}}"), pointers_of{"/schema"});
  EXPECT_EQ(refused(R"({"name":"order.paid"})"), pointers_of{"/name"});
  EXPECT_EQ(put("order%20paid", "{}").status, 422);
  EXPECT_EQ(server.as(test_env.api_key).put("/v1/event-types/order.paid", "{}").status, 403);
}

TEST_F(event_types, belong_to_a_company) {
  const std::string other(server.admin().post("/v1/companies", R"({"name":"another"})").json().at("id").as_string());
  EXPECT_EQ(put("order.paid", "{}").status, 422) << "there are two companies";
  EXPECT_EQ(server.admin().put("/v1/event-types/order.paid?company_id=" + other, R"({"schema":false})").status, 201);
  EXPECT_EQ(api().get("/v1/event-types/order.paid").status, 404);
  EXPECT_EQ(api().get("/v1/event-types?company_id=" + other).status, 403);
  EXPECT_EQ(server.admin().get("/v1/event-types/order.paid?company_id=" + other).status, 200);
  EXPECT_EQ(server.admin().get("/v1/event-types/order.paid?integration_id=" + test_env.integration_id).status, 404);
  send(R"({"type":"order.paid","payload":1})");
}

TEST_F(event_types, hold_events_at_the_door) {
  const auto post = [this](const std::string& body) { return api().post("/v1/events", body); };
  const http_answer details = post(R"({"type":"psychometric_score.complete","uid":"user-00001","details":
      {"application_started_at":1,"application_completed_at":"2","scored_at":3,"platform":"IOS","flags":[],
       "calculated":{"score":1,"risk_band":"LARGE","score_confidence":"HIGH","traits":[{"key":"a","value":1}]}}})");
  ASSERT_EQ(details.status, 422) << details.body;
  EXPECT_EQ(pointers(details.json()), (pointers_of{"/details/application_completed_at", "/details/calculated/risk_band",
                                                   "/details/calculated/traits/0/risk_band", "/details/platform"}));
  EXPECT_EQ(details.json().at("type").as_string(), "/problems/invalid-field");
  const http_answer payload = post(R"({"type":"certificate_completed","payload":{"_id":"x"}})");
  ASSERT_EQ(payload.status, 422);
  EXPECT_EQ(pointers(payload.json()).front(), "/payload/_userId");

  ASSERT_EQ(put("order.paid", R"({"schema":{"properties":{"total":{"type":"number"}}}})").status, 201);
  EXPECT_EQ(pointers(post(R"({"type":"order.paid","payload":{"total":"1"}})").json()), pointers_of{"/payload/total"});
  const std::string certificate = vector_text("certificate_expired");
  const http_answer batch = api().post_batch(
      "{\"type\":\"order.paid\",\"payload\":{\"total\":true}}\n"
      "{\"type\":\"order.paid\",\"payload\":{\"total\":1}}\n"
      "{\"type\":\"certificate_expired\",\"payload\":" +
      certificate +
      "}\n"
      "{\"type\":\"certificate_expired\",\"payload\":{}}\n");
  ASSERT_EQ(batch.status, 202) << batch.body;
  const json::value results = batch.json().at("results");
  EXPECT_EQ(pointers(results.at(0).at("error")), pointers_of{"/payload/total"});
  EXPECT_TRUE(results.at(1).as_object().contains("id"));
  EXPECT_TRUE(results.at(2).as_object().contains("id"));
  EXPECT_EQ(pointers(results.at(3).at("error")).front(), "/payload/_id");
}

TEST_F(event_types, are_not_enforced_where_validation_is_off) {
  const std::string settings = "/v1/integrations/" + test_env.integration_id;
  EXPECT_TRUE(read(settings).at("validate_events").as_bool());
  EXPECT_EQ(api().patch(settings, "{}").status, 422);
  EXPECT_EQ(api().patch(settings, R"({"validate_events":1})").status, 422);
  const http_answer off = api().patch(settings, R"({"validate_events":false})");
  ASSERT_EQ(off.status, 200) << off.body;
  EXPECT_FALSE(off.json().at("validate_events").as_bool());
  EXPECT_FALSE(read("/v1/event-types/application.complete").at("validated").as_bool());
  send(R"({"type":"application.complete","uid":"user-00001","details":{}})");
  EXPECT_EQ(api().patch(settings, R"({"validate_events":true,"retention_days":3})").status, 200);
  EXPECT_EQ(api().post("/v1/events", R"({"type":"application.complete","uid":"user-00001","details":{}})").status, 422);
}

}  // namespace
}  // namespace posthorn::test
