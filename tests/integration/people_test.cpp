// People at the console, without a mail server: entering, links that work once, roles, the last admin, throttling.
#include "integration/people.hpp"

#include <filesystem>

#include "base/limits.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;
namespace limits = base::limits;

class people : public people_platform {
 protected:
  people() : people_platform({.flags = {"--trusted-proxy", "127.0.0.1/32"}}) {}

  json::object newest_change() const {
    return server.admin().get("/v1/audit?limit=1").json().at("data").at(0).as_object();
  }
};

TEST_F(people, are_set_up_by_the_printed_link_and_no_second_time) {
  set_up();
  const http_answer me = anna.get("/v1/auth/me");
  ASSERT_EQ(me.status, 200) << me.body;
  EXPECT_EQ(me.json().at("member").at("role"), "admin");
  EXPECT_EQ(me.json().at("company").at("name"), "default");
  EXPECT_EQ(me.json().at("smtp"), json::value(false));
  person second(server);
  EXPECT_EQ(
      second
          .post(
              "/v1/auth/setup",
              {{"token", server.setup_token()}, {"email", "b@example.com"}, {"name", "B"}, {"password", good_password}})
          .status,
      410);
  EXPECT_FALSE(second.is_in());
}

TEST_F(people, log_in_with_a_cookie_that_scripts_and_sites_do_not_get) {
  set_up();
  person again(server);
  EXPECT_EQ(again.get("/v1/auth/me").status, 401);
  const http_answer in = again.log_in("ANNA@example.com");
  ASSERT_EQ(in.status, 200) << in.body;
  const std::string cookie = in.header("Set-Cookie");
  EXPECT_NE(cookie.find("; HttpOnly; SameSite=Strict"), std::string::npos) << cookie;
  EXPECT_EQ(cookie.find("Secure"), std::string::npos) << "by plain http it would never come back";
  EXPECT_TRUE(again.is_in());
  EXPECT_EQ(newest_change().at("action"), "POST /v1/auth/login");
  EXPECT_EQ(newest_change().at("actor").at("kind"), "member");

  server.restart();
  EXPECT_TRUE(again.is_in()) << "over a restart";
  EXPECT_EQ(again.post("/v1/auth/logout").status, 204);
  EXPECT_FALSE(again.is_in());
  EXPECT_TRUE(anna.is_in());
  ASSERT_EQ(again.log_in("anna@example.com").status, 200);
  EXPECT_EQ(anna.post("/v1/auth/logout-all").status, 204);
  EXPECT_FALSE(again.is_in());
}

TEST_F(people, by_https_get_a_cookie_for_https) {
  set_up();
  const http_answer in = person(server).call("POST", "/v1/auth/login",
                                             R"({"email":"anna@example.com","password":"correct horse battery"})",
                                             {{"X-Forwarded-Proto", "https"}, {"X-Forwarded-For", "198.51.100.9"}});
  ASSERT_EQ(in.status, 200) << in.body;
  EXPECT_TRUE(in.header("Set-Cookie").starts_with("__Host-posthorn_session=")) << in.header("Set-Cookie");
  EXPECT_TRUE(in.header("Set-Cookie").ends_with("; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict; Secure"))
      << in.header("Set-Cookie");
  EXPECT_EQ(in.header("Strict-Transport-Security"), "") << "nobody has said that all of this host is https";
}

TEST_F(people, are_not_found_out_by_guessing) {
  set_up();
  person guest(server);
  const http_answer wrong = guest.log_in("anna@example.com", "wrong horse battery");
  const http_answer nobody = guest.log_in("nobody@example.com", "wrong horse battery");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(nobody.status, 401);
  EXPECT_EQ(wrong.body, nobody.body);
  json::array told;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  do {
    told = server.admin().get("/v1/audit?limit=2").json().at("data").as_array();
  } while (told.at(0).at("action") != "POST /v1/auth/login" && std::chrono::steady_clock::now() < until);
  EXPECT_EQ(told.at(0).at("after"), json::parse(R"({"refused":"wrong password"})"));
  EXPECT_EQ(told.at(0).at("actor").at("kind"), "member");
  EXPECT_NE(told.at(1).at("action"), "POST /v1/auth/login") << "an address that nobody has is no change";
}

TEST_F(people, wait_after_many_tries_from_one_address) {
  set_up();
  const auto guess = [&](int number, const char* from) {
    return person(server).call(
        "POST", "/v1/auth/login",
        R"({"password":"wrong horse battery","email":"a)" + std::to_string(number) + R"(@example.com"})",
        {{"X-Forwarded-For", from}});
  };
  http_answer last;
  for (int i = 0; i < 2 * limits::auth_failures_burst && last.status != 429; ++i) last = guess(i, "198.51.100.7");
  EXPECT_EQ(last.status, 429);
  EXPECT_EQ(guess(100, "198.51.100.8").status, 401);
  EXPECT_EQ(person(server)
                .call("POST", "/v1/auth/accept", R"({"token":"x","name":"n","password":"correct horse battery"})",
                      {{"X-Forwarded-For", "198.51.100.7"}})
                .status,
            429)
      << "links are not tried from there, either";
}

TEST_F(people, of_other_sites_pages_change_nothing) {
  set_up();
  const std::string body = R"({"name":"stolen"})";
  http_connection plain(server.port());
  const auto with = [&](http_headers headers) {
    headers.emplace_back("Cookie", anna.cookie());
    headers.emplace_back("Content-Type", "application/json");
    headers.emplace_back("Connection", "close");
    http_connection connection(server.port());
    return connection.call("PATCH", "/v1/auth/me", headers, body);
  };
  const http_answer alone = with({});
  EXPECT_EQ(alone.status, 403);
  EXPECT_EQ(text(alone, "type"), "/problems/cross-site");
  EXPECT_EQ(with({{"X-Posthorn-Console", "1"}, {"Origin", "https://evil.example"}}).status, 403);
  EXPECT_EQ(with({{"X-Posthorn-Console", "1"}, {"Origin", "null"}}).status, 403);
  EXPECT_EQ(anna.get("/v1/auth/me").json().at("member").at("name"), "Anna");
  EXPECT_EQ(with({{"X-Posthorn-Console", "1"}, {"Origin", "http://127.0.0.1:" + std::to_string(server.port())}}).status,
            200);
  EXPECT_EQ(person(server)
                .call("POST", "/v1/auth/login", R"({"email":"anna@example.com","password":"correct horse battery"})",
                      {{"Origin", "https://evil.example"}})
                .status,
            403)
      << "nobody is logged in from elsewhere";
}

TEST_F(people, accept_an_invitation_once) {
  set_up();
  const http_answer made = anna.post("/v1/invitations", {{"email", "ben@example.com"}, {"role", "viewer"}});
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.json().at("mailed"), json::value(false));
  const std::string link = text(made, "link");
  EXPECT_EQ(link.find("http://127.0.0.1:" + std::to_string(server.port()) + "/console/invitation#"), 0u) << link;
  EXPECT_TRUE(anna.get("/v1/invitations").json().at("data").at(0).at("link").is_null()) << "shown once";
  EXPECT_EQ(anna.post("/v1/invitations", {{"email", "Ben@example.com"}, {"role", "viewer"}}).status, 409);

  person ben(server);
  const http_answer shown = ben.post("/v1/auth/invitation", {{"token", token_of(link)}});
  EXPECT_EQ(shown.status, 200) << shown.body;
  EXPECT_EQ(shown.json().at("email"), "ben@example.com");
  EXPECT_EQ(accept(ben, token_of(link)).status, 201);
  EXPECT_TRUE(ben.is_in());
  person late(server);
  EXPECT_EQ(accept(late, token_of(link)).status, 410);
  EXPECT_EQ(anna.get("/v1/invitations").json().at("data").at(0).at("state"), "accepted");
  EXPECT_EQ(anna.get("/v1/members").json().at("data").as_array().size(), 2u);
}

TEST_F(people, are_refused_by_a_link_that_is_over_or_was_replaced) {
  set_up();
  const http_answer made = anna.post("/v1/invitations", {{"email", "ben@example.com"}, {"role", "admin"}});
  const std::string first = token_of(text(made, "link"));
  change_store("UPDATE invitation SET expires_at=expires_at-" + std::to_string(limits::invitation_ms));
  person ben(server);
  EXPECT_EQ(accept(ben, first).status, 410) << "after 24 hours";
  EXPECT_EQ(anna.get("/v1/invitations").json().at("data").at(0).at("state"), "expired");
  const std::string at = "/v1/invitations/" + text(made, "id");
  const http_answer again = anna.post(at + "/resend");
  ASSERT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(again.json().at("state"), "open");
  EXPECT_EQ(accept(ben, first).status, 410) << "the older one";
  const http_answer third = anna.post(at + "/resend");
  EXPECT_EQ(accept(ben, token_of(text(again, "link"))).status, 410) << "replaced";
  EXPECT_EQ(accept(ben, token_of(text(third, "link"))).status, 201);
  EXPECT_EQ(anna.post(at + "/resend").status, 409);

  const http_answer other = anna.post("/v1/invitations", {{"email", "carl@example.com"}, {"role", "viewer"}});
  EXPECT_EQ(anna.remove("/v1/invitations/" + text(other, "id")).status, 204);
  person carl(server);
  EXPECT_EQ(accept(carl, token_of(text(other, "link"))).status, 410) << "taken back";
}

TEST_F(people, keep_an_admin_and_lose_their_sessions_with_their_role) {
  set_up();
  const std::string own = "/v1/members/" + id_of_member(anna);
  EXPECT_EQ(anna.remove(own).status, 409);
  EXPECT_EQ(anna.patch(own, {{"role", "viewer"}}).status, 409);
  person ben = invited("ben@example.com", "viewer");
  const std::string bens = "/v1/members/" + id_of_member(ben);
  const http_answer refused = ben.patch(bens, {{"role", "admin"}});
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(text(refused, "type"), "/problems/viewer");
  EXPECT_EQ(anna.patch(bens, {{"role", "admin"}}).status, 200);
  EXPECT_FALSE(ben.is_in());
  ASSERT_EQ(ben.log_in("ben@example.com").status, 200);
  EXPECT_EQ(ben.patch(own, {{"role", "viewer"}}).status, 200);
  EXPECT_FALSE(anna.is_in());
  EXPECT_EQ(ben.post(own + "/end-sessions").status, 204);
  EXPECT_EQ(ben.remove(own).status, 204);
  EXPECT_EQ(anna.log_in("anna@example.com").status, 401);
}

TEST_F(people, see_their_company_and_no_other) {
  set_up();
  const http_answer company = server.admin().post("/v1/companies", R"({"name":"other"})");
  const std::string id = text(company, "id");
  ASSERT_EQ(server.admin().post("/v1/deployments", R"({"name":"theirs","company_id":")" + id + "\"}").status, 201);
  const http_answer made =
      server.admin().post("/v1/invitations?company_id=" + id, R"({"email":"zoe@example.com","role":"admin"})");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_TRUE(made.json().at("invited_by").is_null());
  person zoe(server);
  ASSERT_EQ(accept(zoe, token_of(text(made, "link"))).status, 201);
  EXPECT_EQ(zoe.get("/v1/deployments").json().at("data").as_array().size(), 1u);
  EXPECT_EQ(zoe.get("/v1/deployments").json().at("data").at(0).at("name"), "theirs");
  EXPECT_EQ(anna.get("/v1/deployments").json().at("data").at(0).at("name"), "loans");
  EXPECT_EQ(zoe.get("/v1/members").json().at("data").as_array().size(), 1u);
  EXPECT_EQ(zoe.get("/v1/members?company_id=" + text(company, "id")).status, 200);
  EXPECT_EQ(anna.get("/v1/members?company_id=" + id).status, 404);
  EXPECT_EQ(zoe.get("/v1/endpoints?integration_id=" + test_env.integration_id).status, 404);
  EXPECT_EQ(anna.get("/v1/endpoints?integration_id=" + test_env.integration_id).status, 200);
  EXPECT_EQ(anna.get("/v1/endpoints").status, 422);
  const std::string changes = zoe.get("/v1/audit").body;
  EXPECT_NE(changes.find("zoe@example.com"), std::string::npos) << changes;
  EXPECT_NE(changes.find("theirs"), std::string::npos) << changes;
  EXPECT_EQ(changes.find("anna@example.com"), std::string::npos) << changes;
  EXPECT_EQ(changes.find("loans"), std::string::npos) << changes;
  EXPECT_EQ(anna.get("/v1/request-log").status, 200);
}

TEST_F(people, who_are_members_elsewhere_do_not_show_to_who_invites_them) {
  set_up();
  const std::string id = text(server.admin().post("/v1/companies", R"({"name":"other"})"), "id");
  const auto link_for = [&](const std::string& email) {
    const http_answer made = server.admin().post("/v1/invitations?company_id=" + id,
                                                 json::serialize(json::object{{"email", email}, {"role", "viewer"}}));
    EXPECT_EQ(made.status, 201) << made.body;
    return token_of(text(made, "link"));
  };
  const auto take = [&](person& by, const std::string& token) {
    return by.post("/v1/auth/accept", {{"token", token}, {"name", "X"}, {"password", "a better horse"}});
  };
  person of_anna(server), of_nobody(server);
  const http_answer anna_elsewhere = take(of_anna, link_for("anna@example.com"));
  const http_answer nobody_elsewhere = take(of_nobody, link_for("nobody@example.com"));
  EXPECT_EQ(anna_elsewhere.status, 201) << anna_elsewhere.body;
  EXPECT_EQ(nobody_elsewhere.status, 201);
  for (person* each : {&of_anna, &of_nobody}) {
    EXPECT_EQ(each->get("/v1/auth/me").json().at("company").at("name"), "other");
    EXPECT_EQ(each->get("/v1/members").json().at("data").as_array().size(), 2U);
    EXPECT_EQ(each->get("/v1/deployments").json().at("data").as_array().size(), 0U);
  }
  person again(server);
  EXPECT_EQ(again.log_in("nobody@example.com", "a better horse").status, 200);
  EXPECT_EQ(again.log_in("anna@example.com", "a better horse").json().at("company").at("name"), "other");
  EXPECT_EQ(again.log_in("anna@example.com").json().at("company").at("name"), "default");
  EXPECT_TRUE(anna.is_in());
}

TEST_F(people, get_a_link_to_set_a_password_from_an_admin) {
  set_up();
  person ben = invited("ben@example.com", "viewer");
  const std::string bens = "/v1/members/" + id_of_member(ben) + "/reset-link";
  EXPECT_EQ(ben.post("/v1/members/" + id_of_member(anna) + "/reset-link").status, 403) << "a viewer";
  EXPECT_EQ(anna.post("/v1/members/" + id_of_member(anna) + "/reset-link").status, 409) << "for oneself";
  const http_answer made = anna.post(bens);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(newest_change().at("action"), "POST /v1/members/{id}/reset-link");
  EXPECT_EQ(newest_change().at("object").as_string(), id_of_member(ben));
  EXPECT_EQ(newest_change().at("actor").at("id").as_string(), id_of_member(anna));
  const std::string token = token_of(text(made, "link"));
  EXPECT_EQ(server.admin().get("/v1/audit?limit=500").body.find(token), std::string::npos);
  person lost(server);
  EXPECT_EQ(lost.post("/v1/auth/reset/confirm", {{"token", token}, {"password", "a better horse"}}).status, 200);
  EXPECT_FALSE(ben.is_in()) << "all other sessions have ended";
  EXPECT_EQ(ben.log_in("ben@example.com").status, 401);
  EXPECT_EQ(ben.log_in("ben@example.com", "a better horse").status, 200);
  EXPECT_EQ(lost.post("/v1/auth/reset/confirm", {{"token", token}, {"password", "a third horse"}}).status, 410);
  const std::string other = text(server.admin().post("/v1/companies", R"({"name":"other"})"), "id");
  EXPECT_EQ(server.admin().post(bens + "?company_id=" + other).status, 404) << "of another company";
}

TEST_F(people, change_their_own_password) {
  set_up();
  EXPECT_EQ(anna.post("/v1/auth/password", {{"current", "wrong"}, {"new", "a better horse"}}).status, 422);
  EXPECT_EQ(anna.post("/v1/auth/password", {{"current", good_password}, {"new", "short"}}).status, 422);
  EXPECT_EQ(anna.post("/v1/auth/password", {{"current", good_password}, {"new", "a better horse"}}).status, 204);
  EXPECT_TRUE(anna.is_in());
  person again(server);
  EXPECT_EQ(again.log_in("anna@example.com").status, 401);
  EXPECT_EQ(again.log_in("anna@example.com", "a better horse").status, 200);
  EXPECT_EQ(again.patch("/v1/auth/me", {{"notices", false}}).json().at("member").at("notices"), json::value(false));
}

TEST_F(people, are_made_by_the_operator_of_a_stopped_server) {
  const auto create = [&](const std::string& email, const std::string& password) {
    child_process call({"/bin/sh", "-c",
                        "echo '" + password + "' | " + posthorn_program() + " admin create --data " + server.data() +
                            " --email " + email + " --name Olga"},
                       {.environment = {}, .err_file = "/dev/null"});
    return call.wait();
  };
  EXPECT_EQ(create("olga@example.com", good_password), 3) << "the server is running";
  server.terminate();
  EXPECT_EQ(create("olga@example.com", "short"), 2);
  EXPECT_EQ(create("olga", good_password), 2);
  EXPECT_EQ(create("olga@example.com", good_password), 0);
  EXPECT_EQ(create("Olga@example.com", good_password), 2) << "somebody has the address";
  server.start();
  person olga(server);
  ASSERT_EQ(olga.log_in("olga@example.com").status, 200);
  EXPECT_EQ(olga.get("/v1/auth/me").json().at("member").at("role"), "admin");
  EXPECT_EQ(newest_change().at("actor").at("kind"), "member");
  EXPECT_EQ(
      person(server)
          .post(
              "/v1/auth/setup",
              {{"token", server.setup_token()}, {"email", "b@example.com"}, {"name", "B"}, {"password", good_password}})
          .status,
      410)
      << "there is a member";
}

TEST_F(people, leave_no_password_and_no_token_behind) {
  set_up();
  const http_answer made = anna.post("/v1/invitations", {{"email", "ben@example.com"}, {"role", "viewer"}});
  const std::string token = token_of(text(made, "link"));
  const std::string told = server.admin().get("/v1/audit?limit=500").body;
  server.terminate();
  std::string all = told + server.log();
  for (const auto& file : std::filesystem::directory_iterator(server.data())) {
    std::ifstream in(file.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(in), {});
  }
  const std::string cookie = anna.cookie().substr(anna.cookie().find('=') + 1);
  for (const std::string& secret : {std::string(good_password), token, cookie, server.setup_token()}) {
    EXPECT_EQ(all.find(secret), std::string::npos) << secret;
  }
}

}  // namespace
}  // namespace posthorn::test
