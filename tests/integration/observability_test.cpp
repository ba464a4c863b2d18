// What an operator sees: metrics as docs/metrics.md lists them, refusals of what could not be read, a line an attempt.
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "integration/platform.hpp"
#include "support/paths.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

struct metric {
  std::string type;
  std::set<std::string> labels;

  bool operator==(const metric&) const = default;
};
using metric_table = std::map<std::string, metric>;

std::ostream& operator<<(std::ostream& out, const metric& one) {
  out << one.type;
  for (const std::string& label : one.labels) out << ' ' << label;
  return out;
}

std::vector<std::string> matches(const std::string& text, const char* pattern) {
  const std::regex wanted(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), wanted), end; at != end; ++at) found.push_back((*at)[1]);
  return found;
}

metric_table documented() {
  std::ifstream file(tree_path("docs/metrics.md"));
  const std::regex row(R"(\| `(posthorn_\w+)` \| (\w+) \| [^|]+ \| ([^|]*)\| [^|]+ \|)");
  metric_table all;
  for (std::string line; std::getline(file, line);) {
    std::smatch of;
    if (!line.starts_with("| `posthorn_")) continue;
    EXPECT_TRUE(std::regex_match(line, of, row)) << line;
    metric& one = all[of[1]];
    one.type = of[2];
    for (const std::string& label : matches(of[3], "`(\\w+)`")) one.labels.insert(label);
  }
  return all;
}

// As a scrape shows them; a label counts where any series of the metric has it.
metric_table shown(const std::string& text) {
  metric_table all;
  std::istringstream lines(text);
  std::string name;
  for (std::string line; std::getline(lines, line);) {
    std::smatch of;
    if (std::regex_match(line, of, std::regex(R"(# TYPE (\w+) (\w+))"))) {
      name = of[1];
      all[name].type = of[2];
    } else if (!line.starts_with("#") && line.find('{') != std::string::npos) {
      EXPECT_TRUE(line.starts_with(name)) << line;
      for (const std::string& label : matches(line, R"re((\w+)=")re")) {
        if (label != "le") all[name].labels.insert(label);
      }
    }
  }
  return all;
}

double value_of(const std::string& text, const std::string& series) {
  const std::size_t at = text.find("\n" + series + " ");
  return at == std::string::npos ? -1 : std::stod(text.substr(at + series.size() + 2));
}

class observing : public platform {
 protected:
  observing() : platform({.flags = {"--log-level", "debug"}, .environment = {}, .data = {}}) {}

  // Bytes that are no request, on a connection of their own.
  http_answer exchange(const std::string& bytes) const { return http_connection(server.port()).exchange(bytes); }
  std::string metrics() const { return server.operators().get("/metrics").body; }
};

TEST_F(observing, metrics_are_those_of_the_documentation) {
  make_endpoint(receiver.url(), R"(,"retry":{"schedule_s":[0,3600]})");
  receiver.answer_with([](const received_request&, int) { return reply{.status = 200}; });
  read_until_state(send_numbered("user-00001", 1).deliveries.at(0), "delivered");
  receiver.answer_with([](const received_request&, int) { return reply::dropped(); });
  read_until_state(send_numbered("user-00002", 2).deliveries.at(0), "retrying");
  EXPECT_EQ(server.as("ph_test_wrong").get("/v1/endpoints").status, 401);
  EXPECT_EQ(exchange("GET / HTTP/1.1\r\n\r\n").status, 400);

  const std::string text = metrics();
  EXPECT_EQ(shown(text), documented());
  EXPECT_EQ(value_of(text, "posthorn_events_accepted_total"), 2);
  EXPECT_EQ(value_of(text, "posthorn_deliveries_delivered_total"), 1);
  EXPECT_EQ(value_of(text, "posthorn_retries_planned_total"), 1);
  EXPECT_EQ(value_of(text, "posthorn_deliveries_pending"), 1);
  EXPECT_EQ(value_of(text, "posthorn_attempts_total{outcome=\"success\"}"), 1);
  EXPECT_EQ(value_of(text, "posthorn_attempts_total{outcome=\"connection\"}"), 1);
  EXPECT_EQ(value_of(text, "posthorn_attempt_seconds_count"), 2);
  EXPECT_EQ(value_of(text, "posthorn_first_attempt_wait_seconds_count"), 2);
  EXPECT_GT(value_of(text, "posthorn_store_commit_seconds_sum"), 0);
  EXPECT_GE(value_of(text, "posthorn_store_commit_items_count"), 4);
  EXPECT_EQ(value_of(text, "posthorn_endpoints{state=\"active\"}"), 1);
  EXPECT_EQ(value_of(text, "posthorn_authentication_failures_total"), 1);
  EXPECT_EQ(value_of(text, "posthorn_requests_unreadable_total{error=\"malformed-request\"}"), 1);
  EXPECT_GE(value_of(text, "posthorn_connections_open"), 1);
}

TEST_F(observing, what_is_parked_shows) {
  const std::string endpoint = make_endpoint(receiver.url());
  EXPECT_EQ(api().post("/v1/endpoints/" + endpoint + "/pause").status, 200);
  for (int i = 0; i < 3; ++i) send_numbered("user-00001", i);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (value_of(metrics(), "posthorn_deliveries_parked") != 3 && std::chrono::steady_clock::now() < until) {
  }
  const std::string text = metrics();
  EXPECT_EQ(value_of(text, "posthorn_deliveries_parked"), 3);
  EXPECT_EQ(value_of(text, "posthorn_endpoints{state=\"paused\"}"), 1);
  EXPECT_EQ(value_of(text, "posthorn_oldest_due_seconds"), 0);
  EXPECT_EQ(value_of(text, "posthorn_stalled_seconds"), 0);
  const http_answer ready = server.admin().get("/readyz");
  EXPECT_EQ(ready.status, 200) << "nobody may be sent to";
  EXPECT_EQ(ready.json().at("sends"), json::value(true));
}

TEST_F(observing, what_cannot_be_read_is_counted_logged_and_has_an_id) {
  struct refused {
    std::string bytes;
    std::string error;
    std::string method;
    std::string route;
  };
  const std::vector<refused> table = {
      {"GET / HTTP/1.1\nHost: a\n\n", "malformed-request", "", ""},
      {"POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       "malformed-request", "", ""},
      {"GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", "uri-too-long", "", ""},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(40'000, 'a') + "\r\n\r\n", "headers-too-large", "", ""},
      {"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", "not-implemented", "", ""},
      {"POST /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + test_env.api_key +
           "\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
       "malformed-request", "POST", "/v1/events"},
      {"POST /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + test_env.api_key +
           "\r\nContent-Length: 100000000\r\n\r\n",
       "payload-too-large", "POST", "/v1/events"}};
  std::map<std::string, int> by_error;
  for (const refused& each : table) {
    SCOPED_TRACE(each.error);
    const http_answer answer = exchange(each.bytes);
    EXPECT_EQ(answer.json().at("type"), json::value("/problems/" + each.error));
    EXPECT_TRUE(answer.header("request-id").starts_with("req_")) << answer.header("request-id");
    ++by_error[each.error];
  }
  for (const auto& [error, count] : by_error) {
    EXPECT_EQ(value_of(metrics(), "posthorn_requests_unreadable_total{error=\"" + error + "\"}"), count);
  }
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  json::array log;
  while (log.size() < table.size() && std::chrono::steady_clock::now() < until) {
    log = server.admin().get("/v1/request-log?limit=100").json().at("data").as_array();
  }
  std::multiset<std::string> logged, expected;
  for (const json::value& each : log) {
    EXPECT_EQ(each.at("remote"), "127.0.0.1");
    logged.insert(std::string(each.at("error").as_string()) + " " + std::string(each.at("method").as_string()) + " " +
                  std::string(each.at("route").as_string()));
  }
  for (const refused& each : table) expected.insert(each.error + " " + each.method + " " + each.route);
  EXPECT_EQ(logged, expected);
}

TEST_F(observing, rubbish_does_not_fill_the_log_of_refused_calls) {
  constexpr int sent = 300;
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < sent; ++i) EXPECT_EQ(exchange("rubbish\r\n\r\n").status, 400);
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - began).count();
  EXPECT_EQ(value_of(metrics(), "posthorn_requests_unreadable_total{error=\"malformed-request\"}"), sent);
  EXPECT_EQ(server.as("ph_test_wrong").get("/v1/endpoints").status, 401);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  json::array log;
  const auto has_the_last = [&log] { return !log.empty() && log.front().at("error") == "unauthenticated"; };
  while (!has_the_last() && std::chrono::steady_clock::now() < until) {
    log = server.admin().get("/v1/request-log?limit=500").json().at("data").as_array();
  }
  // Ten a second on each of two threads; the seconds that it took may have begun and ended within others.
  EXPECT_LE(log.size(), static_cast<std::size_t>(20 * (seconds + 2) + 1));
}

TEST_F(observing, an_attempt_is_one_line) {
  const std::string endpoint = make_endpoint(
      receiver.url(), R"(,"retry":{"schedule_s":[0,3600]},"auth":{"authType":"bearer_token","token":"hidden"})");
  receiver.answer_with([](const received_request&, int tries) {
    return tries == 1 ? reply{.status = 503, .body = "not now"} : reply{};
  });
  const accepted failed = send_numbered("user-00001", 1);
  read_until_state(failed.deliveries.at(0), "retrying");
  ASSERT_EQ(api().post("/v1/deliveries/" + failed.deliveries.at(0) + "/retry").status / 100, 2);
  read_until_state(failed.deliveries.at(0), "delivered");
  ASSERT_TRUE(server.wait_for_log(R"("success":true)"));

  std::vector<json::object> lines;
  std::istringstream log(server.log());
  for (std::string line; std::getline(log, line);) {
    json::object one = json::parse(line).as_object();
    if (one.at("event") == "attempt") lines.push_back(std::move(one));
  }
  ASSERT_EQ(lines.size(), 2U);
  for (const json::object& one : lines) {
    EXPECT_EQ(one.at("delivery"), json::value(failed.deliveries.at(0)));
    EXPECT_EQ(one.at("event_id"), json::value(failed.id));
    EXPECT_EQ(one.at("endpoint"), json::value(endpoint));
    EXPECT_EQ(one.at("integration_id"), json::value(test_env.integration_id));
    EXPECT_EQ(one.at("type"), "test.numbered");
    EXPECT_EQ(one.at("error"), "none");
    EXPECT_GT(one.at("ms").to_number<double>(), 0);
    EXPECT_GE(one.at("ms").to_number<double>(), one.at("first_byte_ms").to_number<double>());
    for (const char* name : {"dns_ms", "connect_ms", "tls_ms", "age_ms"}) {
      EXPECT_GE(one.at(name).to_number<double>(), 0) << name;
    }
    EXPECT_EQ(one.at("request_bytes").as_int64(), static_cast<std::int64_t>(receiver.requests().at(0).body.size()));
  }
  EXPECT_EQ(lines[0].at("level"), "info");
  EXPECT_EQ(lines[0].at("attempt"), 1);
  EXPECT_EQ(lines[0].at("success"), json::value(false));
  EXPECT_EQ(lines[0].at("status"), 503);
  EXPECT_EQ(lines[0].at("response_bytes"), 7);
  EXPECT_NE(lines[0].at("next_try_at"), "");
  EXPECT_EQ(lines[1].at("level"), "debug");
  EXPECT_EQ(lines[1].at("attempt"), 2);
  EXPECT_EQ(lines[1].at("success"), json::value(true));
  EXPECT_EQ(lines[1].at("status"), 200);
  EXPECT_EQ(lines[1].at("next_try_at"), "");
  EXPECT_EQ(server.log().find("hidden"), std::string::npos);
}

}  // namespace
}  // namespace posthorn::test
