#include "net/trusted_proxies.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace posthorn::net {
namespace {

using boost::asio::ip::make_address;

trusted_proxies trust(const std::vector<std::string>& networks) {
  auto parsed = trusted_proxies::parse(networks);
  EXPECT_TRUE(parsed.has_value());
  return std::move(parsed).value_or(trusted_proxies());
}

TEST(TrustedProxies, RefusesWhatIsNoNetwork) {
  for (const char* text :
       {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8x", "10.0.0/8", "fd00::/129", "proxy", "/8", "10.0.0.0/-1"}) {
    const std::vector<std::string> networks{text};
    const auto parsed = trusted_proxies::parse(networks);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().code, base::fault::invalid_configuration);
  }
}

TEST(TrustedProxies, ContainsByPrefix) {
  const trusted_proxies proxies = trust({"10.0.0.0/8", "192.168.1.128/25", "fd00::/9", "203.0.113.7"});
  for (const char* inside : {"10.255.0.1", "192.168.1.129", "fd7f::1", "203.0.113.7", "::ffff:10.1.2.3"}) {
    EXPECT_TRUE(proxies.contains(make_address(inside))) << inside;
  }
  for (const char* outside : {"11.0.0.1", "192.168.1.127", "fe00::1", "203.0.113.8", "::a00:1"}) {
    EXPECT_FALSE(proxies.contains(make_address(outside))) << outside;
  }
  EXPECT_FALSE(trust({}).contains(make_address("10.0.0.1")));
}

struct forwarding {
  const char* peer;
  std::vector<const char*> forwarded_for;
  const char* caller;
};

TEST(TrustedProxies, CallerIsTheRightMostUntrusted) {
  const trusted_proxies proxies = trust({"10.0.0.0/8"});
  const std::vector<forwarding> table{
      {"10.0.0.1", {}, "10.0.0.1"},
      {"192.0.2.9", {"1.2.3.4"}, "192.0.2.9"},  // anybody can write the header
      {"10.0.0.1", {"1.2.3.4"}, "1.2.3.4"},
      {"10.0.0.1", {"6.6.6.6, 1.2.3.4"}, "1.2.3.4"},
      {"10.0.0.1", {"6.6.6.6, 1.2.3.4, 10.0.0.2"}, "1.2.3.4"},
      {"10.0.0.1", {"6.6.6.6", "1.2.3.4", "10.0.0.2"}, "1.2.3.4"},
      {"10.0.0.1", {"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
      {"10.0.0.1", {"1.2.3.4, nonsense, 10.0.0.2"}, "10.0.0.2"},
      {"10.0.0.1", {"nonsense"}, "10.0.0.1"},
      {"10.0.0.1", {""}, "10.0.0.1"},
      {"10.0.0.1", {"1.2.3.4:4711"}, "1.2.3.4"},
      {"10.0.0.1", {"[2001:db8::1]:4711"}, "2001:db8::1"},
      {"10.0.0.1", {"2001:db8::1"}, "2001:db8::1"},
      {"10.0.0.1", {"::ffff:1.2.3.4"}, "1.2.3.4"},
      {"10.0.0.1", {"["}, "10.0.0.1"},
  };
  for (const forwarding& row : table) {
    field_list fields;
    for (const char* value : row.forwarded_for) fields.add({"x-forwarded-for", value});
    EXPECT_EQ(proxies.caller(make_address(row.peer), fields), make_address(row.caller))
        << row.peer << " " << (row.forwarded_for.empty() ? "" : row.forwarded_for.front());
  }
}

TEST(TrustedProxies, OnlyATrustedPeerSaysThatTlsWasUsed) {
  const trusted_proxies proxies = trust({"10.0.0.0/8"});
  field_list fields;
  fields.add({"X-Forwarded-Proto", "HTTPS"});
  EXPECT_TRUE(proxies.caller_used_tls(make_address("10.0.0.1"), fields));
  EXPECT_FALSE(proxies.caller_used_tls(make_address("192.0.2.9"), fields));
  EXPECT_FALSE(proxies.caller_used_tls(make_address("10.0.0.1"), {}));
}

}  // namespace
}  // namespace posthorn::net
