#include "net/web_origin.hpp"

#include <gtest/gtest.h>

#include <map>

namespace posthorn::net {
namespace {

TEST(WebOrigin, APublicUrlHasOneSpelling) {
  const std::map<std::string, std::string> spellings{
      {"https://hooks.example.com", "https://hooks.example.com"},
      {"https://hooks.example.com/", "https://hooks.example.com"},
      {"HTTPS://Hooks.Example.COM:443/", "https://hooks.example.com"},
      {"http://hooks.example.com:80", "http://hooks.example.com"},
      {"http://hooks.example.com:443", "http://hooks.example.com:443"},
      {"https://hooks.example.com:80", "https://hooks.example.com:80"},
      {"https://hooks.example.com:8443/Sub/Path//", "https://hooks.example.com:8443/Sub/Path"},
      {"https://b\xc3\xbcro.example:443/x", "https://xn--bro-hoa.example/x"},
      {"https://XN--bro-hoa.example", "https://xn--bro-hoa.example"},
      {"https://[2001:DB8:0:0:0:0:0:1]:443", "https://[2001:db8::1]"},
      {"http://127.0.0.1:8080", "http://127.0.0.1:8080"},
      {"http://localhost:8080", "http://localhost:8080"},
  };
  for (const auto& [given, normal] : spellings) {
    const auto made = normal_public_url(given);
    ASSERT_TRUE(made.has_value()) << given << ": " << made.error().detail;
    EXPECT_EQ(*made, normal) << given;
    EXPECT_EQ(normal_public_url(*made).value(), normal) << "said again";
  }
}

TEST(WebOrigin, APublicUrlIsNothingElse) {
  const std::map<std::string, std::string> rules{{"hooks.example.com", "https://"},
                                                 {"ftp://hooks.example.com", "scheme"},
                                                 {"https://hooks.example.com?x", "query"},
                                                 {"https://hooks.example.com/a?b=c", "query"},
                                                 {"https://hooks.example.com/#a", "fragment"},
                                                 {"https://hooks.example.com#", "fragment"},
                                                 {"https://me:secret@hooks.example.com", "user"},
                                                 {"https://", "host"},
                                                 {"https:///path", "host"},
                                                 {"https://\xe2\x80\x8b.example", "host name"},
                                                 {"https://hooks.example.com:0", "port"},
                                                 {"https://hooks.example.com:https", "port"},
                                                 {"https://hooks.example.com/a b", "space"}};
  for (const auto& [given, rule] : rules) {
    const auto made = normal_public_url(given);
    ASSERT_FALSE(made.has_value()) << given;
    EXPECT_EQ(made.error().code, base::fault::invalid_configuration);
    EXPECT_NE(made.error().detail.find(rule), std::string::npos) << given << ": " << made.error().detail;
  }
}

TEST(WebOrigin, OriginsAreComparedInOneSpelling) {
  EXPECT_EQ(normal_origin("https://hooks.example.com"), "https://hooks.example.com");
  EXPECT_EQ(normal_origin("HTTPS://HOOKS.example.com:443"), "https://hooks.example.com");
  EXPECT_EQ(normal_origin("http://[::1]:80"), "http://[::1]");
  for (const char* none : {"", "null", "https://", "https://a.example/", "https://a.example/b", "https://a.example?b",
                           "https://u@a.example", "a.example", "file:///etc"}) {
    EXPECT_EQ(normal_origin(none), std::nullopt) << none;
  }
  EXPECT_EQ(origin_of("https://a.example/sub/path"), "https://a.example");
  EXPECT_EQ(origin_of("https://a.example:8443"), "https://a.example:8443");
  EXPECT_EQ(origin_of(""), "");
}

}  // namespace
}  // namespace posthorn::net
