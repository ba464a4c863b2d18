// The console under the public URLs that operators write, called as browsers call it: with the origin in its one
// spelling (RFC 6454 section 4), a cookie for https, and told to stay with https.
#include "integration/people.hpp"

namespace posthorn::test {
namespace {

struct spelling {
  const char* name;
  const char* public_url;
  const char* origin;  // what a browser sends from there
};

class public_url : public testing::TestWithParam<spelling> {
 protected:
  server_process server{{.flags = {"--public-url", GetParam().public_url}}};
};

TEST_P(public_url, lets_people_in_and_change_things) {
  const http_headers by_browser = {{"Origin", GetParam().origin}};
  person anna(server);
  const auto body = [](boost::json::object of) { return boost::json::serialize(of); };
  const http_answer made = anna.call("POST", "/v1/auth/setup",
                                     body({{"token", server.setup_token()},
                                           {"email", "anna@example.com"},
                                           {"name", "Anna"},
                                           {"password", good_password}}),
                                     by_browser);
  ASSERT_EQ(made.status, 201) << made.body;
  const http_answer in = anna.call("POST", "/v1/auth/login",
                                   body({{"email", "anna@example.com"}, {"password", good_password}}), by_browser);
  ASSERT_EQ(in.status, 200) << in.body;
  const http_answer changed = anna.call("PATCH", "/v1/auth/me", body({{"name", "Anna Berg"}}), by_browser);
  EXPECT_EQ(changed.status, 200) << changed.body;
  const http_answer foreign =
      anna.call("PATCH", "/v1/auth/me", body({{"name", "Eve"}}), {{"Origin", "https://evil.example"}});
  EXPECT_EQ(foreign.status, 403) << foreign.body;
  EXPECT_NE(foreign.body.find("cross-site"), std::string::npos) << foreign.body;

  const bool is_https = std::string_view(GetParam().origin).starts_with("https://");
  const std::string hsts = is_https ? "max-age=31536000" : "";
  EXPECT_EQ(in.header("Set-Cookie").starts_with("__Host-posthorn_session="), is_https) << in.header("Set-Cookie");
  EXPECT_EQ(in.header("Set-Cookie").ends_with("; Secure"), is_https) << in.header("Set-Cookie");
  for (const char* path : {"/console/", "/assess/", "/v1/auth/me", "/healthz", "/v1/nothing"}) {
    EXPECT_EQ(anna.get(path).header("Strict-Transport-Security"), hsts) << path;
  }
  EXPECT_EQ(http_connection(server.port()).exchange("NOT HTTP\r\n\r\n").header("Strict-Transport-Security"), hsts);
  EXPECT_EQ(server.operators().get("/metrics").header("Strict-Transport-Security"), "") << "it is plain http";
}

INSTANTIATE_TEST_SUITE_P(
    spellings, public_url,
    testing::Values(spelling{"plain", "https://hooks.example.com", "https://hooks.example.com"},
                    spelling{"default_port", "https://hooks.example.com:443", "https://hooks.example.com"},
                    spelling{"plain_default_port", "http://hooks.example.com:80/", "http://hooks.example.com"},
                    spelling{"other_port", "https://hooks.example.com:8443/sub", "https://hooks.example.com:8443"},
                    spelling{"upper_case", "HTTPS://Hooks.Example.COM", "https://hooks.example.com"},
                    spelling{"international", "https://b\xc3\xbcro.example:443", "https://xn--bro-hoa.example"},
                    spelling{"address", "http://[::1]:80", "http://[::1]"}),
    [](const testing::TestParamInfo<spelling>& each) { return each.param.name; });

TEST(PublicUrl, MakesLinksAndIsNoPage) {
  const server_process server({.flags = {"--public-url", "HTTPS://B\xc3\xbcro.example:443/hooks/"}});
  const http_answer invited = server.admin().post("/v1/invitations", R"({"email":"b@example.com","role":"viewer"})");
  ASSERT_EQ(invited.status, 201) << invited.body;
  EXPECT_TRUE(
      std::string(invited.json().at("link").as_string()).starts_with("https://xn--bro-hoa.example/hooks/console/"))
      << invited.body;
  const temp_directory nowhere;
  for (const char* wrong : {"https://hooks.example.com?a=b", "https://hooks.example.com/#top"}) {
    const finished_program refused =
        run_posthorn({"serve", "--data", nowhere.path() + "/data", "--listen", "127.0.0.1:0", "--public-url", wrong});
    EXPECT_EQ(refused.status, 2) << wrong;
    EXPECT_NE(refused.err.find("--public-url"), std::string::npos) << refused.err;
  }
}

}  // namespace
}  // namespace posthorn::test
