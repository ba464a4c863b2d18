// How often a password may be tried, by whom, and which may be chosen (contract 2.9).
#include "account/limits.hpp"

#include <atomic>
#include <thread>

#include "integration/people.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;
namespace login_limits = account::login_limits;

class logins : public people_platform {
 protected:
  logins() : people_platform({.flags = {"--trusted-proxy", "127.0.0.1/32"}}) {}

  http_answer try_from(const std::string& address, const std::string& password,
                       const std::string& email = "anna@example.com") {
    return person(server).call("POST", "/v1/auth/login",
                               json::serialize(json::object{{"email", email}, {"password", password}}),
                               {{"X-Forwarded-For", address}});
  }
};

TEST_F(logins, wait_where_they_tried_in_vain_and_nowhere_else) {
  set_up();
  http_answer last;
  for (int i = 0; i < 2 * login_limits::failures_burst && last.status != 429; ++i) {
    last = try_from("2001:db8::" + std::to_string(i + 1), "wrong horse battery");
  }
  EXPECT_EQ(last.status, 429) << "one subscriber has all of a /64";
  EXPECT_GE(std::stoi(last.header("Retry-After")), 1);
  EXPECT_EQ(try_from("2001:db8::1:1", good_password).status, 429);
  EXPECT_EQ(try_from("2001:db8:0:1::1", good_password).status, 200) << "nobody is locked out from elsewhere";
  EXPECT_EQ(try_from("198.51.100.1", good_password).status, 200);
  EXPECT_TRUE(anna.is_in()) << "who is in stays in";
}

TEST_F(logins, who_come_from_where_they_came_from_before_do_not_wait_for_strangers) {
  set_up();
  ASSERT_EQ(try_from("203.0.113.5", good_password).status, 200);
  for (std::size_t i = 0; i < login_limits::account_failures_max; ++i) {
    ASSERT_EQ(try_from("198.51.100." + std::to_string(i), "wrong horse battery").status, 401) << i;
  }
  const http_answer stranger = try_from("198.51.100.200", good_password);
  EXPECT_EQ(stranger.status, 429) << stranger.body;
  EXPECT_GT(std::stoi(stranger.header("Retry-After")), 600) << "until the first is an hour ago";
  EXPECT_EQ(try_from("203.0.113.5", good_password).status, 200);
  EXPECT_EQ(try_from("198.51.100.200", good_password, "nobody@example.com").status, 401) << "another account";
  server.restart();
  ASSERT_EQ(try_from("203.0.113.5", good_password).status, 200);
}

TEST_F(logins, who_log_in_again_and_again_wait_as_well) {
  set_up();
  for (int i = 0; i < login_limits::successes_burst; ++i) {
    ASSERT_EQ(try_from("203.0.113.5", good_password).status, 200) << i;
  }
  EXPECT_EQ(try_from("203.0.113.5", good_password).status, 429);
  EXPECT_EQ(try_from("203.0.113.6", good_password).status, 200) << "and lock nobody out elsewhere";
}

TEST_F(logins, get_their_turn_beside_one_who_logs_in_without_end) {
  set_up();
  invited("ben@example.com", "viewer");
  std::atomic<bool> enough{false};
  std::atomic<int> turned_away{0};
  std::vector<std::thread> loops;
  for (int i = 0; i < 8; ++i) {
    loops.emplace_back([&, i] {
      while (!enough) {
        const http_answer in = try_from("203.0.113." + std::to_string(i), "wrong horse battery", "ben@example.com");
        if (in.status == 429) ++turned_away;
      }
    });
  }
  while (turned_away == 0) std::this_thread::yield();
  for (int i = 0; i < 5; ++i) {
    const http_answer in = try_from("198.51.100.1", good_password);
    EXPECT_EQ(in.status, 200) << in.body;
  }
  enough = true;
  for (std::thread& each : loops) each.join();
}

TEST_F(logins, change_their_password_whoever_logs_in_by_their_id) {
  set_up();
  const std::string id = id_of_member(anna);
  for (int i = 0; i < 2 * login_limits::failures_burst; ++i) {
    EXPECT_EQ(try_from("198.51.100." + std::to_string(i), "wrong horse battery", id).status, 401);
  }
  const http_answer changed = anna.post("/v1/auth/password", {{"current", good_password}, {"new", "a better horse"}});
  EXPECT_EQ(changed.status, 204) << changed.body;
}

TEST_F(logins, choose_no_password_that_others_try_first) {
  const auto refused = [](const http_answer& answer, std::string_view pointer) {
    EXPECT_EQ(answer.status, 422) << answer.body;
    EXPECT_NE(answer.body.find(pointer), std::string::npos) << answer.body;
  };
  const auto set_up_with = [&](const char* password) {
    return anna.post("/v1/auth/setup", {{"token", server.setup_token()},
                                        {"email", "anna.lindqvist@example.com"},
                                        {"name", "Anna"},
                                        {"password", password}});
  };
  for (const char* each : {"password1234", "Posthorn2026", "Lindqvist-1", "anna.lindqvist@example.com"}) {
    refused(set_up_with(each), "/password");
  }
  ASSERT_EQ(set_up_with(good_password).status, 201) << "and the link still works";
  refused(anna.post("/v1/auth/password", {{"current", good_password}, {"new", "qwertyuiop"}}), "/new");
  const http_answer made = anna.post("/v1/invitations", {{"email", "ben@example.com"}, {"role", "viewer"}});
  person ben(server);
  refused(ben.post("/v1/auth/accept",
                   {{"token", token_of(text(made, "link"))}, {"name", "Ben"}, {"password", "1234567890"}}),
          "/password");
  EXPECT_EQ(accept(ben, token_of(text(made, "link"))).status, 201);
}

}  // namespace
}  // namespace posthorn::test
