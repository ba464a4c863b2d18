// People at the console of a running server.
#pragma once

#include <string>
#include <utility>

#include "integration/platform.hpp"
#include "support/child_process.hpp"

namespace posthorn::test {

inline constexpr auto good_password = "correct horse battery";

// Somebody at the console: keeps the cookie that an answer sets, as a browser does.
class person {
 public:
  explicit person(const server_process& of) : server_(&of) {}

  http_answer call(std::string_view method, std::string_view target, std::string_view body = {},
                   http_headers more = {}) {
    http_headers headers = std::move(more);
    headers.emplace_back("X-Posthorn-Console", "1");
    if (!cookie_.empty()) headers.emplace_back("Cookie", cookie_);
    if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
    headers.emplace_back("Connection", "close");
    http_connection connection(server_->port());
    http_answer given = connection.call(method, target, headers, body);
    if (const std::string set = given.header("Set-Cookie"); !set.empty()) cookie_ = set.substr(0, set.find(';'));
    return given;
  }
  http_answer get(std::string_view target) { return call("GET", target); }
  http_answer post(std::string_view target, const boost::json::value& body = boost::json::object()) {
    return call("POST", target, boost::json::serialize(body));
  }
  http_answer patch(std::string_view target, const boost::json::value& body) {
    return call("PATCH", target, boost::json::serialize(body));
  }
  http_answer remove(std::string_view target) { return call("DELETE", target); }
  http_answer log_in(const std::string& email, const std::string& password = good_password) {
    return post("/v1/auth/login", {{"email", email}, {"password", password}});
  }

  [[nodiscard]] bool is_in() { return get("/v1/auth/me").status == 200; }
  [[nodiscard]] const std::string& cookie() const noexcept { return cookie_; }

 private:
  const server_process* server_;
  std::string cookie_;
};

class people_platform : public platform {
 protected:
  explicit people_platform(server_options with = {}) : platform(std::move(with)), anna(server) {}

  // Anna, the first admin.
  void set_up() {
    const http_answer made = anna.post("/v1/auth/setup", {{"token", server.setup_token()},
                                                          {"email", "anna@example.com"},
                                                          {"name", "Anna"},
                                                          {"password", good_password}});
    ASSERT_EQ(made.status, 201) << made.body;
  }
  person invited(const std::string& email, const std::string& role) {
    const http_answer made = anna.post("/v1/invitations", {{"email", email}, {"role", role}});
    EXPECT_EQ(made.status, 201) << made.body;
    person one(server);
    EXPECT_EQ(accept(one, token_of(text(made, "link"))).status, 201);
    return one;
  }
  static http_answer accept(person& by, const std::string& token) {
    return by.post("/v1/auth/accept", {{"token", token}, {"name", "Ben"}, {"password", good_password}});
  }
  static std::string token_of(const std::string& link) { return link.substr(link.find('#') + 1); }
  static std::string text(const http_answer& of, std::string_view name) {
    return std::string(of.json().at(name).as_string());
  }
  std::string id_of_member(person& who) {
    return std::string(who.get("/v1/auth/me").json().at("member").at("id").as_string());
  }

  // Time is moved in the store, not waited for; under the running server.
  void change_store(const std::string& statement) {
    child_process sql({"/usr/bin/sqlite3", "-cmd", ".timeout 10000", server.data() + "/posthorn.db", statement},
                      {.environment = {}, .err_file = "/dev/null"});
    ASSERT_EQ(sql.wait(), 0);
  }

  person anna;
};

}  // namespace posthorn::test
