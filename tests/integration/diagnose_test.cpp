// The troubleshooting checklist on a running server, by API and on the terminal (contract 2.10).
#include <filesystem>

#include "integration/assessments.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

class diagnosis : public assessments {
 protected:
  json::value of(const std::string& uid) { return read("/v1/diagnose?uid=" + uid); }
  static json::value check(const json::value& all, std::string_view title) {
    for (const json::value& each : all.at("checks").as_array()) {
      if (text(each.at("title")).contains(title)) return each;
    }
    ADD_FAILURE() << "no check " << title << " in " << all;
    return {};
  }
};

TEST_F(diagnosis, passes_where_all_is_well) {
  make_endpoint(receiver.url());
  const api_caller who = consenting("anna-0001");
  EXPECT_EQ(answers(who, every_answer(4)).status, 200);
  EXPECT_EQ(state_of(submit(who)), "scored");
  ASSERT_TRUE(receiver.wait_for_accepted(2));
  const json::value seen = read_until("/v1/diagnose?uid=anna-0001", [](const json::value& now) {
    return check(now, "Events are delivered").at("finding") == "pass" &&
           check(now, "The search knows").at("finding") == "pass";
  });
  // The receiver of a test speaks plain HTTP, which no other may.
  for (const json::value& each : seen.at("checks").as_array()) {
    const bool https = text(each.at("title")).contains("HTTPS");
    EXPECT_EQ(each.at("finding"), https ? "fail" : "pass") << each;
  }
  EXPECT_EQ(seen.at("environment"), "test");
}

TEST_F(diagnosis, names_the_component_that_fails) {
  EXPECT_EQ(read("/v1/diagnose").at("failing_component"), "webhook_receipt") << "no endpoint is set";
  receiver.answer_with([](const received_request&, int) { return reply{.status = 403, .body = "Validation Failure"}; });
  const std::string id = make_endpoint(receiver.url());
  person("anna-0001");
  const environment other = make_deployment("cards", "assessment");
  EXPECT_EQ(server.as(other.api_key)
                .post("/v1/sessions-management/tokens",
                      R"({"uid":"anna-0001","integration_id":")" + test_env.integration_id + "\"}")
                .status,
            403);
  const json::value refused = read_until("/v1/diagnose?uid=anna-0001", [](const json::value& now) {
    return now.at("failing_component") == "session_creation";
  });
  EXPECT_TRUE(text(check(refused, "Calls for sessions").at("fix")).contains("not interchangeable"));

  send_numbered("ben-00001", 1);
  const json::value failing = read_until("/v1/diagnose?uid=ben-00001", [](const json::value& now) {
    return check(now, "Events are delivered").at("finding") == "fail";
  });
  EXPECT_TRUE(text(check(failing, "Events are delivered").at("fix")).contains("raw body"));
  ASSERT_EQ(api().post("/v1/endpoints/" + id + "/pause").status, 200);
  const json::value paused = of("ben-00001");
  EXPECT_EQ(text(check(paused, "takes deliveries").at("action").at("path")), "/v1/endpoints/" + id + "/enable");
  EXPECT_EQ(check(of("nobody-01"), "known in this environment").at("finding"), "unknown");
}

TEST_F(diagnosis, bundle_holds_the_evidence_and_no_secret) {
  receiver.answer_with([](const received_request&, int) { return reply{.status = 500, .body = "out of order"}; });
  make_endpoint(receiver.url(), R"(,"auth":{"authType":"bearer_token","token":"very-secret-token"})");
  const accepted sent = send_numbered("anna-0001", 1);
  read_until("/v1/deliveries/" + sent.deliveries.at(0),
             [](const json::value& now) { return now.at("attempt_count").as_int64() > 0; });
  const http_answer bundle = api().get("/v1/diagnose/bundle?uid=anna-0001");
  ASSERT_EQ(bundle.status, 200);
  EXPECT_EQ(bundle.header("Content-Disposition"), "attachment; filename=\"posthorn-diagnosis.json\"");
  const json::value attempt = bundle.json().at("events").at(0).at("deliveries").at(0).at("attempts").at(0);
  EXPECT_EQ(attempt.at("response_body"), "out of order");
  EXPECT_TRUE(attempt.at("advice").at("what").is_string());
  EXPECT_FALSE(bundle.body.contains("very-secret-token"));
  EXPECT_FALSE(bundle.body.contains(test_env.api_key));
}

TEST_F(diagnosis, runs_on_the_terminal) {
  const std::string file = server.data() + "/bundle.json";
  const auto run = [&](const std::string& url, std::vector<std::string> more) {
    std::vector<std::string> all{"diagnose", "--url", url};
    std::ranges::move(more, std::back_inserter(all));
    return run_posthorn(all, {"POSTHORN_API_KEY=" + test_env.api_key});
  };
  const std::string url = "http://127.0.0.1:" + std::to_string(server.port());
  const finished_program failing = run(url, {"--bundle", file});
  EXPECT_EQ(failing.status, 1) << "no endpoint is set";
  EXPECT_TRUE(failing.out.contains("FAIL  A webhook endpoint is set")) << failing.out;
  EXPECT_TRUE(failing.out.contains("The first component that fails: webhook_receipt."));
  EXPECT_GT(std::filesystem::file_size(file), 100u);
  EXPECT_EQ(run("nonsense", {}).status, 2);

  const std::string key_file = server.data() + "/api-key";
  std::ofstream(key_file) << test_env.api_key << "\n";
  const finished_program by_file = run_posthorn({"diagnose", "--url", url, "--api-key-file", key_file});
  EXPECT_TRUE(by_file.out.contains("The first component that fails: webhook_receipt.")) << by_file.err;
  const finished_program by_flag = run_posthorn({"diagnose", "--url", url, "--api-key", test_env.api_key});
  EXPECT_TRUE(by_flag.out.contains("The first component that fails: webhook_receipt.")) << by_flag.err;
  EXPECT_TRUE(by_flag.err.contains("--api-key shows the key")) << by_flag.err;
  EXPECT_FALSE(by_file.err.contains("--api-key shows the key")) << by_file.err;
  EXPECT_EQ(run_posthorn({"diagnose", "--url", url}).status, 2) << "no key";
}

}  // namespace
}  // namespace posthorn::test
