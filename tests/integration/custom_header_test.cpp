// The values of custom headers, which carry receivers' credentials: sent to the receiver, and shown to nobody.
#include "integration/people.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

constexpr auto credential = "s3cr3t-of-the-receiver";

class custom_headers : public people_platform {
 protected:
  static json::value headers_in(const http_answer& answer) { return answer.json().at("headers"); }

  void expect_hidden(const http_answer& answer, const std::string& where) {
    EXPECT_LT(answer.status, 300) << where << ": " << answer.body;
    EXPECT_EQ(answer.body.find(credential), std::string::npos) << where << " shows it: " << answer.body;
  }
};

TEST_F(custom_headers, keep_their_values_from_every_answer) {
  set_up();
  const std::string settings =
      R"(,"headers":{"X-Receiver":")" + std::string(credential) + R"("},"retry":{"schedule_s":[0]})";
  const std::string operational = make_endpoint(receiver.url("/news"), settings + R"(,"kind":"operational")");
  const http_answer made = api().post("/v1/endpoints", R"({"url":")" + receiver.url("/hooks") + "\"" + settings + "}");
  expect_hidden(made, "creating");
  EXPECT_EQ(headers_in(made), json::parse(R"({"X-Receiver":"***"})"));
  const std::string endpoint(made.json().at("id").as_string());

  receiver.answer_with(
      [](const received_request& request, int) { return reply{.status = request.path == "/hooks" ? 500 : 200}; });
  const accepted event = send_numbered("anna-0001", 1);
  read_until_state(event.deliveries.at(0), "failed");
  const auto has_news = [](const json::value& now) { return now.at("data").as_array().size() >= 1; };
  const json::value news = read_until("/v1/events?type=delivery.failed&state=delivered", has_news);
  const std::string told(news.at("data").at(0).at("id").as_string());
  for (const received_request& each : receiver.requests()) EXPECT_EQ(each.header("X-Receiver"), credential);

  const std::string at = "/v1/endpoints/" + endpoint;
  expect_hidden(api().get(at), "the endpoint");
  expect_hidden(api().get("/v1/endpoints"), "the list");
  expect_hidden(api().get("/v1/endpoints/" + operational), "an operational endpoint");
  expect_hidden(api().patch(at, R"({"description":"renamed"})"), "a change");
  expect_hidden(api().patch(at, R"({"headers":{"X-Receiver":")" + std::string(credential) + R"(","X-Two":"2"}})"),
                "a change of headers");
  expect_hidden(api().post(at + "/test"), "a test");
  expect_hidden(api().post(at + "/pause"), "a pause");
  expect_hidden(api().get("/v1/deliveries/" + event.deliveries.at(0)), "the delivery with its attempts");
  expect_hidden(api().get("/v1/events/" + event.id), "the event with its attempts");
  expect_hidden(api().get("/v1/events/" + told + "/payload"), "the operational event");
  expect_hidden(api().get("/v1/diagnose/bundle?uid=anna-0001"), "the bundle for support");
  expect_hidden(api().get("/v1/people/anna-0001"), "the export of a person");
  expect_hidden(anna.get("/v1/audit?limit=500"), "the log of changes");
  expect_hidden(api().remove(at), "deleting");
  expect_hidden(anna.get("/v1/audit?limit=500"), "the log of changes, after the end");
  EXPECT_EQ(server.log().find(credential), std::string::npos) << "the server's log";
}

TEST_F(custom_headers, keep_their_values_where_the_mask_is_sent_back) {
  const std::string endpoint = make_endpoint(receiver.url(), R"(,"headers":{"X-One":"first","X-Two":"second"})");
  const std::string at = "/v1/endpoints/" + endpoint;
  const http_answer changed = api().patch(at, R"({"headers":{"x-one":"***","X-Two":"changed","X-Three":"third"}})");
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(headers_in(changed), json::parse(R"({"x-one":"***","X-Two":"***","X-Three":"***"})"));
  send_numbered("anna-0001", 1);
  ASSERT_TRUE(receiver.wait_for_accepted(1));
  const received_request sent = receiver.requests().at(0);
  EXPECT_EQ(sent.header("X-One"), "first");
  EXPECT_EQ(sent.header("X-Two"), "changed");
  EXPECT_EQ(sent.header("X-Three"), "third");

  const http_answer refused = api().patch(at, R"({"headers":{"X-Four":"***"}})");
  EXPECT_EQ(refused.status, 422);
  EXPECT_NE(refused.body.find("/headers/X-Four"), std::string::npos) << refused.body;
  EXPECT_EQ(api().post("/v1/endpoints", R"({"url":"http://127.0.0.1:1/","headers":{"X-One":"***"}})").status, 422)
      << "of a new endpoint nothing is stored";
  EXPECT_EQ(api().patch(at, R"({"headers":{"X-Two":"***"}})").status, 200);
  EXPECT_EQ(api().patch(at, R"({"headers":{"X-One":"***","X-Two":"***"}})").status, 422) << "removed, and gone";
}

TEST_F(custom_headers, are_sealed_in_the_store) {
  make_endpoint(receiver.url(), R"(,"headers":{"X-Receiver":")" + std::string(credential) + "\"}");
  server.terminate();
  std::ifstream file(server.data() + "/posthorn.db", std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  EXPECT_NE(bytes.find("X-Receiver"), std::string::npos);
  EXPECT_EQ(bytes.find(credential), std::string::npos);
}

}  // namespace
}  // namespace posthorn::test
