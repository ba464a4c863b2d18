#include "api/console_call.hpp"

#include <gtest/gtest.h>

namespace posthorn::api {
namespace {

using fields = std::vector<std::pair<std::string, std::string>>;

class console_call : public testing::Test {
 protected:
  net::request asked(const fields& given, bool tls = false) {
    kept_ = given;
    fields_ = {};
    for (const auto& [name, value] : kept_) fields_.add({name, value});
    return {.fields = fields_, .tls = tls};
  }
  std::string cookie_in(const std::string& header, std::string_view public_url = "http://localhost") {
    return std::string(session_cookie_of(asked({{"Cookie", header}}), public_url));
  }
  bool is_own(const fields& given, std::string_view public_url = "https://hooks.example.com/sub") {
    return check_console_call(asked(given), public_url).has_value();
  }

  fields kept_;
  net::field_list fields_;
};

TEST_F(console_call, finds_its_cookie_among_others) {
  EXPECT_EQ(cookie_in("posthorn_session=abc"), "abc");
  EXPECT_EQ(cookie_in("a=b; posthorn_session=abc ; c=d"), "abc");
  EXPECT_EQ(cookie_in("posthorn_session=a=b"), "a=b");
  for (const char* none : {"", "posthorn_session", "posthorn_session=", "xposthorn_session=abc",
                           "posthorn_sessionx=abc", "a=posthorn_session=abc", ";;;", "Posthorn_Session=abc"}) {
    EXPECT_EQ(cookie_in(none), "") << none;
  }
  EXPECT_EQ(session_cookie_of(asked({}), ""), "");
}

TEST_F(console_call, takes_by_https_only_a_cookie_that_came_by_https) {
  constexpr auto both = "posthorn_session=tossed; __Host-posthorn_session=abc";
  EXPECT_EQ(cookie_in(both, "https://a.example"), "abc");
  EXPECT_EQ(cookie_in("posthorn_session=tossed", "https://a.example"), "");
  EXPECT_EQ(cookie_in("__Host-posthorn_session=abc"), "");
  EXPECT_EQ(session_cookie_of(asked({{"Cookie", both}}, true), "http://a.example"), "abc") << "through a trusted proxy";
}

TEST_F(console_call, sets_a_cookie_that_no_script_and_no_other_site_gets) {
  EXPECT_EQ(session_cookie("abc", asked({}), "http://localhost"),
            "posthorn_session=abc; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict");
  EXPECT_EQ(session_cookie("abc", asked({}), "https://a.example"),
            "__Host-posthorn_session=abc; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict; Secure");
  EXPECT_TRUE(session_cookie("abc", asked({}, true), "http://a.example").ends_with("; Secure"));
  EXPECT_NE(session_cookie("", asked({}), "").find("Max-Age=0;"), std::string::npos);
}

TEST_F(console_call, is_of_this_server) {
  EXPECT_TRUE(is_own({{"X-Posthorn-Console", "1"}}));
  EXPECT_TRUE(is_own({{"X-Posthorn-Console", "1"}, {"Origin", "https://hooks.example.com"}}));
  EXPECT_TRUE(is_own({{"X-Posthorn-Console", "1"}, {"Origin", "https://HOOKS.example.com"}}));
  EXPECT_TRUE(is_own({{"X-Posthorn-Console", "1"}, {"Origin", "https://hooks.example.com:443"}}));
  EXPECT_TRUE(is_own({{"X-Posthorn-Console", "1"}, {"Origin", "https://10.0.0.1:8443"}, {"Host", "10.0.0.1:8443"}}));
}

// A proxy takes TLS off and tells nobody: only the browser knows the scheme.
TEST_F(console_call, is_of_the_host_that_was_called) {
  constexpr auto plain_url = "http://127.0.0.1:8080";
  const auto is_called = [&](const char* origin, const char* host) {
    return is_own({{"X-Posthorn-Console", "1"}, {"Origin", origin}, {"Host", host}}, plain_url);
  };
  EXPECT_TRUE(is_called("http://127.0.0.1:8080", "127.0.0.1:8080"));
  EXPECT_TRUE(is_called("https://a.example", "a.example"));
  EXPECT_TRUE(is_called("https://a.example", "A.example:443"));
  EXPECT_TRUE(is_called("http://a.example", "a.example:80"));
  EXPECT_TRUE(is_called("https://xn--bro-hoa.example", "XN--bro-hoa.example"));
  EXPECT_FALSE(is_called("https://a.example", "a.example:80"));
  EXPECT_FALSE(is_called("https://a.example", "b.example"));
  EXPECT_FALSE(is_called("https://a.example", "a.example/x"));
  EXPECT_FALSE(is_called("https://a.example", ""));
}

TEST_F(console_call, is_refused_from_elsewhere) {
  EXPECT_FALSE(is_own({}));
  EXPECT_FALSE(is_own({{"X-Posthorn-Console", "0"}}));
  for (const char* origin : {"null", "https://evil.example", "https://hooks.example.com.evil.example",
                             "https://hooks.example.com:444", "http://hooks.example.com", "http://10.0.0.1",
                             "https://hooks.example.com/sub", "https://", "hooks.example.com"}) {
    EXPECT_FALSE(is_own({{"X-Posthorn-Console", "1"}, {"Origin", origin}, {"Host", "10.0.0.1"}})) << origin;
  }
  EXPECT_FALSE(is_own({{"X-Posthorn-Console", "1"}, {"Origin", "null"}}));
  EXPECT_EQ(check_origin(asked({{"Origin", "https://evil.example"}}), "").error().code, base::fault::cross_site);
}

}  // namespace
}  // namespace posthorn::api
