// People by mail: a real SMTP server takes invitations, password links and notices of endpoints' states.
#include <fstream>

#include "integration/people.hpp"
#include "support/paths.hpp"
#include "unit/net/test_certificates.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

// A mail server of the test's own; ends with it.
class mail_receiver {
 public:
  explicit mail_receiver(const std::vector<std::string>& arguments = {})
      : process_(command(arguments)), port_(process_.out_line().value_or("0")) {}

  [[nodiscard]] const std::string& port() const noexcept { return port_; }
  // The next mail; null where none comes.
  json::value next() {
    const auto line = process_.out_line();
    EXPECT_TRUE(line) << "no mail came";
    return line ? json::parse(*line) : json::value();
  }
  [[nodiscard]] bool stays_silent() { return !process_.out_line(quiet_ms); }
  void stop() { process_.stop(SIGTERM); }

 private:
  static constexpr int quiet_ms = 1'500;  // of what would come within half a second

  static std::vector<std::string> command(const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {"/usr/bin/python3", "-B", tree_path("tests/support/mail_receiver.py")};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
  }

  child_process process_;
  std::string port_;
};

std::vector<std::string> flags_for(const mail_receiver& mails) {
  return {"--smtp-url", "smtp://127.0.0.1:" + mails.port(), "--smtp-from", "posthorn@example.com",
          "--smtp-without-tls"};
}

struct has_mails {
  mail_receiver taker;
};

class people_by_mail : private has_mails, public people_platform {
 protected:
  people_by_mail() : people_platform({.flags = flags_for(has_mails::taker)}) {}

  mail_receiver& mails() { return has_mails::taker; }
  // The token of the link in a mail's text.
  static std::string token_in(const json::value& mail, const std::string& page) {
    const std::string text(mail.at("text").as_string());
    const std::string mark = "/console/" + page + "#";
    const auto at = text.find(mark);
    EXPECT_NE(at, std::string::npos) << text;
    if (at == std::string::npos) return {};
    const auto begin = at + mark.size();
    return text.substr(begin, text.find_first_of("\r\n", begin) - begin);
  }
};

TEST_F(people_by_mail, are_invited) {
  set_up();
  EXPECT_EQ(anna.get("/v1/auth/me").json().at("smtp"), json::value(true));
  const http_answer made = anna.post("/v1/invitations", {{"email", "ben@example.com"}, {"role", "viewer"}});
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.json().at("mailed"), json::value(true));
  EXPECT_TRUE(made.json().at("link").is_null()) << "only who reads the mail has the link";
  const json::value mail = mails().next();
  EXPECT_EQ(mail.at("to"), "ben@example.com");
  EXPECT_EQ(mail.at("from"), "posthorn@example.com");
  EXPECT_EQ(mail.at("headers").at("Subject"), "Join default on Posthorn");
  const std::string first = token_in(mail, "invitation");
  EXPECT_NE(std::string(mail.at("html").as_string()).find(first), std::string::npos);

  const http_answer again = anna.post("/v1/invitations/" + text(made, "id") + "/resend");
  EXPECT_EQ(again.json().at("mailed"), json::value(true));
  const std::string second = token_in(mails().next(), "invitation");
  person ben(server);
  EXPECT_EQ(accept(ben, first).status, 410);
  EXPECT_EQ(accept(ben, second).status, 201);
  EXPECT_EQ(accept(ben, second).status, 410);
  EXPECT_EQ(anna.get("/v1/invitations").json().at("data").at(0).at("mailed"), json::value(true));
}

TEST_F(people_by_mail, are_told_where_a_mail_was_not_taken) {
  set_up();
  mails().stop();
  const http_answer made = anna.post("/v1/invitations", {{"email", "ben@example.com"}, {"role", "viewer"}});
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.json().at("mailed"), json::value(false));
  EXPECT_TRUE(server.wait_for_log("invitation_not_mailed"));
}

TEST_F(people_by_mail, set_a_new_password) {
  set_up();
  person lost(server);
  EXPECT_EQ(lost.post("/v1/auth/reset", {{"email", "nobody@example.com"}}).status, 202);
  EXPECT_EQ(lost.post("/v1/auth/reset", {{"email", "Anna@example.com"}}).status, 202);
  const json::value mail = mails().next();
  EXPECT_EQ(mail.at("to"), "anna@example.com");
  const std::string token = token_in(mail, "reset");
  EXPECT_EQ(lost.post("/v1/auth/reset/confirm", {{"token", token}, {"password", "short"}}).status, 422);
  const http_answer set = lost.post("/v1/auth/reset/confirm", {{"token", token}, {"password", "a better horse"}});
  EXPECT_EQ(set.status, 200) << set.body;
  EXPECT_TRUE(lost.is_in());
  EXPECT_FALSE(anna.is_in()) << "all other sessions have ended";
  EXPECT_EQ(lost.post("/v1/auth/reset/confirm", {{"token", token}, {"password", "a third horse"}}).status, 410);
  EXPECT_EQ(anna.log_in("anna@example.com").status, 401);
  EXPECT_EQ(anna.log_in("anna@example.com", "a better horse").status, 200);

  change_store("UPDATE one_time_token SET created_at=0");
  EXPECT_EQ(lost.post("/v1/auth/reset", {{"email", "anna@example.com"}}).status, 202);
  const std::string late = token_in(mails().next(), "reset");
  change_store("UPDATE one_time_token SET expires_at=1");
  EXPECT_EQ(lost.post("/v1/auth/reset/confirm", {{"token", late}, {"password", "a third horse"}}).status, 410);
}

TEST_F(people_by_mail, keep_a_link_that_works_whoever_asks_for_another) {
  set_up();
  person lost(server);
  person stranger(server);
  EXPECT_EQ(lost.post("/v1/auth/reset", {{"email", "anna@example.com"}}).status, 202);
  const std::string own = token_in(mails().next(), "reset");
  EXPECT_EQ(stranger.post("/v1/auth/reset", {{"email", "anna@example.com"}}).status, 202);
  EXPECT_TRUE(mails().stays_silent()) << "one a minute";
  change_store("UPDATE one_time_token SET created_at=0");
  EXPECT_EQ(stranger.post("/v1/auth/reset", {{"email", "anna@example.com"}}).status, 202);
  const std::string newer = token_in(mails().next(), "reset");
  EXPECT_EQ(lost.post("/v1/auth/reset/confirm", {{"token", own}, {"password", "a better horse"}}).status, 200);
  EXPECT_EQ(lost.post("/v1/auth/reset/confirm", {{"token", newer}, {"password", "a third horse"}}).status, 410);
  const http_answer by_hand = anna.post("/v1/members/mem_0000000000001/reset-link");
  EXPECT_NE(by_hand.status, 201) << "where there is a mail server, links are mailed";
}

TEST_F(people_by_mail, are_invited_so_often_and_no_more) {
  set_up();
  const http_answer made = anna.post("/v1/invitations", {{"email", "ben@example.com"}, {"role", "viewer"}});
  ASSERT_EQ(made.status, 201) << made.body;
  static_cast<void>(mails().next());
  const std::string resend = "/v1/invitations/" + text(made, "id") + "/resend";
  EXPECT_EQ(anna.post(resend).status, 200);
  const std::string token = token_in(mails().next(), "invitation");
  const http_answer refused = anna.post(resend);
  EXPECT_EQ(refused.status, 429) << refused.body;
  EXPECT_GE(std::stoi(refused.header("Retry-After")), 1);
  EXPECT_EQ(anna.remove("/v1/invitations/" + text(made, "id")).status, 204);
  EXPECT_EQ(anna.post("/v1/invitations", {{"email", "ben@example.com"}, {"role", "viewer"}}).status, 429)
      << "deleted, and made again";
  EXPECT_TRUE(mails().stays_silent());
}

TEST_F(people_by_mail, are_told_once_an_hour_of_endpoints_that_are_made_again_and_again) {
  set_up();
  receiver.answer_with([](const received_request&, int) { return reply{.status = 410}; });
  for (int i = 0; i < 3; ++i) {
    const std::string endpoint = make_endpoint(receiver.url(), R"(,"retry":{"on":"status"})");
    send_numbered("uid-1234", i);
    read_until("/v1/endpoints/" + endpoint,
               [](const json::value& now) { return now.at("state").as_string() == "disabled"; });
    if (i == 0) {
      EXPECT_EQ(mails().next().at("headers").at("Subject"), json::value("Endpoint " + endpoint + " is disabled"));
    } else {
      EXPECT_TRUE(mails().stays_silent()) << i;
    }
    EXPECT_EQ(api().remove("/v1/endpoints/" + endpoint).status, 204);
  }
}

TEST_F(people_by_mail, are_told_of_an_endpoint_that_is_disabled_unless_they_opted_out) {
  set_up();
  person ben(server);
  const http_answer made = anna.post("/v1/invitations", {{"email", "ben@example.com"}, {"role", "viewer"}});
  ASSERT_EQ(accept(ben, token_in(mails().next(), "invitation")).status, 201);
  ASSERT_EQ(ben.patch("/v1/auth/me", {{"notices", false}}).status, 200);
  receiver.answer_with([](const received_request&, int) { return reply{.status = 410}; });
  const std::string endpoint = make_endpoint(receiver.url(), R"(,"retry":{"on":"status"})");
  send_numbered("uid-1234", 1);
  const json::value mail = mails().next();
  EXPECT_EQ(mail.at("to"), "anna@example.com");
  EXPECT_EQ(mail.at("headers").at("Subject"), json::value("Endpoint " + endpoint + " is disabled"));
  EXPECT_NE(std::string(mail.at("text").as_string()).find("/console/endpoints/" + endpoint), std::string::npos);
  ASSERT_EQ(api().post("/v1/endpoints/" + endpoint + "/enable").status, 200);
  EXPECT_TRUE(mails().stays_silent()) << "one an hour for each endpoint, and none to who wants none";
}

TEST(mail_server, gets_a_password_over_tls_alone) {
  net::test_authority authority;
  const net::certificate leaf = authority.issue();
  const temp_directory files;
  const auto keep = [&files](const char* name, const std::string& pem) {
    std::ofstream(files.path() + name) << pem;
    return files.path() + name;
  };
  const std::string certificate = keep("/cert.pem", leaf.pem);
  const std::string key = keep("/key.pem", leaf.key_pem);
  mail_receiver mails({certificate, key, "postman", "rings twice"});
  for (const bool knows_authority : {true, false}) {
    std::vector<std::string> flags = {"--smtp-url",  "smtp://localhost:" + mails.port(),
                                      "--smtp-from", "posthorn@example.com",
                                      "--smtp-user", "postman"};
    if (knows_authority) {
      flags.insert(flags.end(), {"--smtp-ca", authority.file()});
    }
    const server_process server({.flags = flags, .environment = {"POSTHORN_SMTP_PASSWORD=rings twice"}});
    const http_answer made = server.admin().post("/v1/invitations", R"({"email":"ben@example.com","role":"viewer"})");
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.json().at("mailed"), json::value(knows_authority)) << server.log();
    if (knows_authority) {
      EXPECT_EQ(mails.next().at("tls"), json::value(true));
    }
  }
}

}  // namespace
}  // namespace posthorn::test
