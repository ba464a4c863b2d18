#include "net/url.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "base/limits.hpp"
#include "support/private_spellings.hpp"

namespace posthorn::net {
namespace {

const address_guard strict;
const url_rules https_only{.allow_http = false, .guard = &strict};
const url_rules http_too{.allow_http = true, .guard = &strict};

std::string rule_broken(std::string_view text, const url_rules& rules = https_only) {
  const auto parsed = parse_endpoint_url(text, rules);
  if (parsed) return "accepted: host " + parsed->host;
  EXPECT_EQ(parsed.error().code, base::fault::invalid_field);
  return parsed.error().detail;
}

TEST(url, takes_an_endpoint_apart) {
  const auto url = parse_endpoint_url("HTTPS://Hooks.Example.com:8443/a%20b/..//c?x=1&y=%2F?", https_only);
  ASSERT_TRUE(url);
  EXPECT_TRUE(url->tls);
  EXPECT_EQ(url->host, "hooks.example.com");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->target, "/a%20b/..//c?x=1&y=%2F?") << "as written: the receiver may sign or route on it";
  EXPECT_EQ(url->authority, "hooks.example.com:8443");
  EXPECT_FALSE(url->literal);
}

TEST(url, fills_in_defaults) {
  const auto secure = parse_endpoint_url("https://example.com", https_only);
  ASSERT_TRUE(secure);
  EXPECT_EQ(secure->port, 443);
  EXPECT_EQ(secure->target, "/");
  EXPECT_EQ(secure->authority, "example.com");
  const auto plain = parse_endpoint_url("http://example.com:80?q", http_too);
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain->tls);
  EXPECT_EQ(plain->port, 80);
  EXPECT_EQ(plain->target, "/?q");
  EXPECT_EQ(plain->authority, "example.com");
  const auto odd = parse_endpoint_url("http://example.com:443/", http_too);
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->authority, "example.com:443");
}

TEST(url, normalises_hosts) {
  EXPECT_EQ(parse_endpoint_url("https://EXAMPLE.com./", https_only)->host, "example.com");
  EXPECT_EQ(parse_endpoint_url("https://xn--bcher-kva.example/", https_only)->host, "xn--bcher-kva.example");
  EXPECT_EQ(parse_endpoint_url("https://my_host.example/", https_only)->host, "my_host.example");
  EXPECT_EQ(parse_endpoint_url("https://1.2.3.4.example/", https_only)->host, "1.2.3.4.example");
  const auto v4 = parse_endpoint_url("https://1.1.1.1/", https_only);
  ASSERT_TRUE(v4);
  EXPECT_EQ(v4->literal, boost::asio::ip::make_address("1.1.1.1"));
  const auto v6 = parse_endpoint_url("https://[2606:4700:4700:0::1111]:444/", https_only);
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->host, "2606:4700:4700::1111");
  EXPECT_EQ(v6->authority, "[2606:4700:4700::1111]:444");
  EXPECT_EQ(v6->literal, boost::asio::ip::make_address("2606:4700:4700::1111"));
}

TEST(url, names_the_rule_that_was_broken) {
  struct refused {
    std::string text;
    const char* part_of_rule;
  };
  const std::string long_label(64, 'a');
  const std::array cases{
      refused{"", "empty"},
      refused{"https://example.com/" + std::string(base::limits::url_bytes_max, 'x'), "longer than 2048"},
      refused{"example.com/hook", "form https://"},
      refused{"//example.com/", "form https://"},
      refused{"/hook", "form https://"},
      refused{"https:/example.com", "form https://"},
      refused{"https:example.com", "form https://"},
      refused{"https://", "host is missing"},
      refused{"https:///path", "host is missing"},
      refused{"https://:443/", "host is missing"},
      refused{"http://example.com/", "only https"},
      refused{"ftp://example.com/", "scheme is not https"},
      refused{"file:///etc/passwd", "scheme is not https"},
      refused{"gopher://example.com/", "scheme is not https"},
      refused{"javascript:alert(1)", "form https://"},
      refused{"://example.com/", "scheme is not https"},
      refused{"https //x://example.com/", "space"},
      refused{"https://user@example.com/", "user name"},
      refused{"https://user:secret@example.com/", "user name"},
      refused{"https://@example.com/", "user name"},
      refused{"https://example.com@127.0.0.1/", "user name"},
      refused{"https://example.com/#top", "fragment"},
      refused{"https://example.com#", "fragment"},
      refused{"https://exa mple.com/", "space"},
      refused{" https://example.com/", "space"},
      refused{"https://example.com/a b", "space"},
      refused{"https://example.com/\r\nX: y", "control"},
      refused{"https://example.com/\t", "control"},
      refused{std::string("https://example.com/\0", 21), "control"},
      refused{"https://example.com/\x7f", "control"},
      refused{"https://b\xc3\xbc"
              "cher.example/",
              "non-ASCII"},
      refused{"https://example.com\\@evil.example/", "backslash"},
      refused{"https://example.com:0/", "port"},
      refused{"https://example.com:65536/", "port"},
      refused{"https://example.com:99999999999/", "port"},
      refused{"https://example.com:/", "port"},
      refused{"https://example.com:80a/", "port"},
      refused{"https://example.com:-1/", "port"},
      refused{"https://example.com:+1/", "port"},
      refused{"https://[2606:4700::1]x/", "follow the IPv6"},
      refused{"https://exa%6dple.com/", "percent-encoding"},
      refused{"https://%31%32%37.0.0.1/", "percent-encoding"},
      refused{"https://[fe80::1%25eth0]/", "percent-encoding nor a zone"},
      refused{"https://[fe80::1%eth0]/", "a zone id"},
      refused{"https://[::1/", "']'"},
      refused{"https://[::g]/", "not an IPv6"},
      refused{"https://[1.1.1.1]/", "not an IPv6"},
      refused{"https://[v1.x]/", "not an IPv6"},
      refused{"https://2606:4700::1111/", "canonical form"},
      refused{"https://cafe::1/", "port"},
      refused{"https://a..b/", "empty label"},
      refused{"https://.example.com/", "empty label"},
      refused{"https://example.com../", "empty label"},
      refused{"https://-a.example/", "begins or ends with '-'"},
      refused{"https://a-.example/", "begins or ends with '-'"},
      refused{"https://" + long_label + ".example/", "longer than 63"},
      refused{"https://a.b!c/", "letters, digits"},
      refused{"https://a,b/", "letters, digits"},
      refused{"https://*.example.com/", "letters, digits"},
      refused{"https://example.com/%zz", "two hexadecimal"},
      refused{"https://example.com/?%4", "two hexadecimal"},
      refused{"https://example.com/<x>", "percent-encoded"},
      refused{"https://example.com/?q={x}", "percent-encoded"},
  };
  for (const refused& one : cases) {
    const std::string rule = rule_broken(one.text);
    EXPECT_NE(rule.find(one.part_of_rule), std::string::npos) << one.text << "\n  " << rule;
  }
}

TEST(url, refuses_private_addresses_in_every_spelling) {
  for (const char* host : test::private_spellings) {
    for (const char* rest : {"/", ":8080/hook?x=1", ""}) {
      const std::string text = "https://" + std::string(host) + rest;
      EXPECT_FALSE(parse_endpoint_url(text, https_only)) << text;
    }
  }
}

TEST(url, odd_numbers_are_refused_even_where_private_addresses_are_allowed) {
  const address_guard open(address_rules{.allow_private = true, .deny = {}, .allow = {}});
  const url_rules rules{.allow_http = true, .guard = &open};
  EXPECT_TRUE(parse_endpoint_url("http://127.0.0.1:8080/", rules));
  EXPECT_TRUE(parse_endpoint_url("http://[::1]:8080/", rules));
  for (const char* text : {"http://127.1/", "http://0x7f.1/", "http://2130706433/", "http://0177.0.0.1/"}) {
    EXPECT_NE(rule_broken(text, rules).find("canonical form"), std::string::npos) << text;
  }
}

TEST(url, names_that_are_local_by_definition_are_refused_where_they_are_configured) {
  const url_rules configuring{.guard = &strict, .judge_name = true};
  for (const char* host :
       {"localhost", "LOCALHOST", "localhost.", "LocalHost.:8443", "api.localhost", "localhost.localdomain",
        "ip6-localhost", "printer.local", "printer.LOCAL.", "local", "internal", "db.internal",
        "metadata.google.internal", "svc.cluster.local:443", "nas.home.arpa", "home.arpa.", "box.localdomain"}) {
    const std::string text = "https://" + std::string(host) + "/hook";
    const auto refused = parse_endpoint_url(text, configuring);
    ASSERT_FALSE(refused.has_value()) << text;
    EXPECT_EQ(refused.error().code, base::fault::invalid_field);
    EXPECT_NE(refused.error().detail.find("may not be reached: a name of the server"), std::string::npos)
        << refused.error().detail;
    EXPECT_TRUE(parse_endpoint_url(text, {.guard = &strict}).has_value()) << "one that stands already: " << text;
    EXPECT_TRUE(parse_endpoint_url(text, rules_for(text, text, configuring)).has_value()) << text;
    EXPECT_FALSE(parse_endpoint_url(text, rules_for(text, "https://other.example/", configuring)).has_value()) << text;
  }
  for (const char* host : {"notlocalhost", "localhost.example", "local.example", "internal.example.com", "myinternal",
                           "arpa", "in-addr.arpa", "example.locals"}) {
    EXPECT_TRUE(parse_endpoint_url("https://" + std::string(host) + "/", configuring).has_value()) << host;
  }
}

TEST(url, says_why_an_address_may_not_be_reached) {
  EXPECT_EQ(rule_broken("https://10.0.0.1/"), "the host 10.0.0.1 may not be reached: private address");
  EXPECT_EQ(rule_broken("https://[::ffff:127.0.0.1]/"),
            "the host ::ffff:127.0.0.1 may not be reached: loopback address");
}

}  // namespace
}  // namespace posthorn::net
