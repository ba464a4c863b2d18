// A running server with one deployment, and a receiver: where every integration test begins.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>

#include "support/paths.hpp"
#include "support/scripted_receiver.hpp"
#include "support/server_process.hpp"

namespace posthorn::test {

struct environment {
  std::string integration_id;
  std::string api_key;
};

struct accepted {
  std::string id;
  std::vector<std::string> deliveries;
};

inline accepted read_accepted(const boost::json::value& from) {
  accepted out{std::string(from.at("id").as_string()), {}};
  for (const auto& each : from.at("deliveries").as_array()) out.deliveries.emplace_back(each.as_string());
  return out;
}

class platform : public testing::Test {
 protected:
  explicit platform(server_options with = {}) : server(std::move(with)) {
    test_env = make_deployment("loans", "assessment");
  }

  environment make_deployment(const std::string& name, const std::string& preset, const char* which = "test") {
    const http_answer made =
        server.admin().post("/v1/deployments", R"({"name":")" + name + R"(","preset":")" + preset + R"("})");
    EXPECT_EQ(made.status, 201) << made.body;
    const boost::json::value whole = made.json();
    const auto& one = whole.at("environments").at(which);
    return {std::string(one.at("integration_id").as_string()), std::string(one.at("api_key").as_string())};
  }

  api_caller api() const { return server.as(test_env.api_key); }

  // `settings`: more members of the body, e.g. R"(,"order":"none")".
  std::string make_endpoint(const std::string& url, const std::string& settings = "") {
    const http_answer made = api().post("/v1/endpoints", R"({"url":")" + url + "\"" + settings + "}");
    EXPECT_EQ(made.status, 201) << made.body;
    return std::string(made.json().at("id").as_string());
  }

  accepted send(const std::string& body, http_headers headers = {}) {
    const http_answer answer = api().post("/v1/events", body, std::move(headers));
    EXPECT_EQ(answer.status, 202) << answer.body;
    return read_accepted(answer.json());
  }

  accepted send_numbered(const std::string& uid, int number, const std::string& type = "test.numbered") {
    return send(R"({"type":")" + type + R"(","uid":")" + uid + R"(","payload":{"n":)" + std::to_string(number) + "}}");
  }

  boost::json::value read(const std::string& target) {
    const http_answer answer = api().get(target);
    EXPECT_EQ(answer.status, 200) << target << ": " << answer.body;
    return answer.json();
  }

  // Asks until `holds` of what the address answers, at most 30 s; the last answer.
  boost::json::value read_until(const std::string& target,
                                const std::function<bool(const boost::json::value&)>& holds) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    for (;;) {
      boost::json::value now = read(target);
      if (holds(now)) return now;
      if (std::chrono::steady_clock::now() > until) {
        ADD_FAILURE() << target << " stays " << now;
        return now;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  boost::json::value read_until_state(const std::string& delivery, std::string_view state) {
    return read_until("/v1/deliveries/" + delivery,
                      [state](const boost::json::value& now) { return now.at("state").as_string() == state; });
  }

  server_process server;
  scripted_receiver receiver;
  environment test_env;
};

// The envelope of tests/vectors/events/TYPE.json.
inline std::string vector_text(const std::string& type) {
  std::ifstream file(vector_path("events/" + type + ".json"));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace posthorn::test
