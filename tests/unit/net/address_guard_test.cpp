#include "net/address_guard.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace posthorn::net {
namespace {

boost::asio::ip::address address(const std::string& text) { return boost::asio::ip::make_address(text); }

subnet block(std::string_view text) { return subnet::parse(text).value(); }

struct judged {
  const char* address;
  const char* reason;        // "": allowed
  const char* with_private;  // under allow_private
};

constexpr std::array cases{
    // Ordinary addresses, and the neighbours of every refused block.
    judged{"1.1.1.1", "", ""},
    judged{"9.255.255.255", "", ""},
    judged{"11.0.0.0", "", ""},
    judged{"100.63.255.255", "", ""},
    judged{"100.128.0.0", "", ""},
    judged{"126.255.255.255", "", ""},
    judged{"128.0.0.0", "", ""},
    judged{"169.253.255.255", "", ""},
    judged{"169.255.0.0", "", ""},
    judged{"172.15.255.255", "", ""},
    judged{"172.32.0.0", "", ""},
    judged{"192.0.1.0", "", ""},
    judged{"192.0.3.0", "", ""},
    judged{"192.167.255.255", "", ""},
    judged{"192.169.0.0", "", ""},
    judged{"198.17.255.255", "", ""},
    judged{"198.20.0.0", "", ""},
    judged{"198.51.101.0", "", ""},
    judged{"203.0.112.255", "", ""},
    judged{"223.255.255.255", "", ""},
    judged{"2606:4700:4700::1111", "", ""},
    judged{"2a00:1450:4001:81b::200e", "", ""},
    judged{"::ffff:1.1.1.1", "", ""},
    judged{"64:ff9b::1.1.1.1", "", ""},
    judged{"2002:101:101::1", "", ""},
    // IPv4.
    judged{"0.0.0.0", "unspecified address", "unspecified address"},
    judged{"0.1.2.3", "'this network' address", "'this network' address"},
    judged{"10.0.0.0", "private address", ""},
    judged{"10.255.255.255", "private address", ""},
    judged{"100.64.0.0", "carrier-grade NAT address", ""},
    judged{"100.127.255.255", "carrier-grade NAT address", ""},
    judged{"127.0.0.1", "loopback address", ""},
    judged{"127.255.255.254", "loopback address", ""},
    judged{"169.254.0.1", "link-local address", ""},
    judged{"169.254.169.254", "cloud metadata address", "cloud metadata address"},
    judged{"169.254.170.2", "cloud metadata address", "cloud metadata address"},
    judged{"100.100.100.200", "cloud metadata address", "cloud metadata address"},
    judged{"168.63.129.16", "cloud metadata address", "cloud metadata address"},
    judged{"172.16.0.0", "private address", ""},
    judged{"172.31.255.255", "private address", ""},
    judged{"192.0.0.8", "IETF protocol address", "IETF protocol address"},
    judged{"192.0.2.1", "documentation address", ""},
    judged{"192.88.99.1", "6to4 relay address", "6to4 relay address"},
    judged{"192.168.0.0", "private address", ""},
    judged{"192.168.255.255", "private address", ""},
    judged{"198.18.0.0", "benchmarking address", ""},
    judged{"198.19.255.255", "benchmarking address", ""},
    judged{"198.51.100.7", "documentation address", ""},
    judged{"203.0.113.7", "documentation address", ""},
    judged{"224.0.0.1", "multicast address", "multicast address"},
    judged{"239.255.255.255", "multicast address", "multicast address"},
    judged{"240.0.0.1", "reserved address", "reserved address"},
    judged{"255.255.255.254", "reserved address", "reserved address"},
    judged{"255.255.255.255", "broadcast address", "broadcast address"},
    // IPv6.
    judged{"::", "unspecified address", "unspecified address"},
    judged{"::1", "loopback address", ""},
    judged{"::2", "IPv4-compatible address", "IPv4-compatible address"},
    judged{"::8.8.8.8", "IPv4-compatible address", "IPv4-compatible address"},
    judged{"100::1", "discard-only address", "discard-only address"},
    judged{"fc00::1", "unique local address", ""},
    judged{"fdff:ffff::1", "unique local address", ""},
    judged{"fd00:ec2::254", "cloud metadata address", "cloud metadata address"},
    judged{"fe80::1", "link-local address", ""},
    judged{"febf::1", "link-local address", ""},
    judged{"fe80::1%1", "address with a zone id", ""},
    judged{"fec0::1", "site-local address", "site-local address"},
    judged{"ff02::1", "multicast address", "multicast address"},
    judged{"2001:db8::1", "documentation address", ""},
    judged{"3fff:fff::1", "documentation address", ""},
    judged{"2001:2::1", "benchmarking address", ""},
    judged{"2001:10::1", "ORCHID address", "ORCHID address"},
    judged{"2001:2f:ffff::1", "ORCHID address", "ORCHID address"},
    judged{"4000::1", "reserved address", "reserved address"},
    judged{"5f00::1", "reserved address", "reserved address"},
    judged{"64:ff9b:1::1", "local-use NAT64 address", "local-use NAT64 address"},
    judged{"64:ff9b:1:a00:0:100::", "local-use NAT64 address", "local-use NAT64 address"},
    // IPv4 inside IPv6.
    judged{"::ffff:127.0.0.1", "loopback address", ""},
    judged{"::ffff:10.1.2.3", "private address", ""},
    judged{"::ffff:169.254.169.254", "cloud metadata address", "cloud metadata address"},
    judged{"::ffff:0.0.0.0", "unspecified address", "unspecified address"},
    judged{"::ffff:0:7f00:1", "loopback address", ""},
    judged{"64:ff9b::10.0.0.1", "private address", ""},
    judged{"64:ff9b::a9fe:a9fe", "cloud metadata address", "cloud metadata address"},
    judged{"2002:7f00:1::", "loopback address", ""},
    judged{"2002:a9fe:a9fe::1", "cloud metadata address", "cloud metadata address"},
    judged{"2002:c0a8:101::1", "private address", ""},
    judged{"2001:0:a00:1::f7f7:f7f7", "private address", ""},                                 // Teredo server 10.0.0.1
    judged{"2001:0:808:808:0:0:80ff:fffe", "loopback address", ""},                           // Teredo client 127.0.0.1
    judged{"2001:0:808:808::5601:5601", "cloud metadata address", "cloud metadata address"},  // client 169.254.169.254
    judged{"2606:4700::5efe:10.0.0.1", "private address", ""},                                // ISATAP
    judged{"2606:4700::200:5efe:192.168.0.1", "private address", ""},
};

TEST(address_guard, judges_every_special_block_and_its_neighbours) {
  const address_guard strict;
  const address_guard open(address_rules{.allow_private = true, .deny = {}, .allow = {}});
  for (const judged& one : cases) {
    EXPECT_EQ(strict.refusal(address(one.address)).value_or(""), one.reason) << one.address;
    EXPECT_EQ(open.refusal(address(one.address)).value_or(""), one.with_private) << one.address << " (allow_private)";
  }
}

TEST(address_guard, deny_comes_before_allow_and_both_before_the_built_in_blocks) {
  const address_guard guard(
      address_rules{.allow_private = false, .deny = {block("10.1.0.0/16")}, .allow = {block("10.0.0.0/8")}});
  EXPECT_FALSE(guard.refusal(address("10.2.0.1")));
  EXPECT_EQ(guard.refusal(address("10.1.0.1")), "address denied by configuration");
  EXPECT_EQ(guard.refusal(address("192.168.0.1")), "private address");
}

TEST(address_guard, lists_reach_into_embedded_addresses) {
  const address_guard guard(address_rules{
      .allow_private = false, .deny = {block("8.8.8.0/24")}, .allow = {block("64:ff9b::/96"), block("10.0.0.0/8")}});
  EXPECT_EQ(guard.refusal(address("64:ff9b::8.8.8.8")), "address denied by configuration");
  EXPECT_EQ(guard.refusal(address("::ffff:8.8.8.8")), "address denied by configuration");
  EXPECT_EQ(guard.refusal(address("2002:808:808::1")), "address denied by configuration");
  EXPECT_FALSE(guard.refusal(address("64:ff9b::192.168.0.1"))) << "the operator named the prefix";
  EXPECT_FALSE(guard.refusal(address("::ffff:10.0.0.1")));
}

TEST(address_guard, an_allow_list_can_open_what_allow_private_does_not) {
  const address_guard guard(
      address_rules{.allow_private = false, .deny = {}, .allow = {block("169.254.169.254"), block("::/0")}});
  EXPECT_FALSE(guard.refusal(address("169.254.169.254")));
  EXPECT_FALSE(guard.refusal(address("::1")));
  EXPECT_EQ(guard.refusal(address("169.254.169.253")), "link-local address");
}

TEST(address_guard, names_need_a_block_that_they_may_lead_into) {
  const auto refuses = [](address_rules rules, std::string_view host) {
    return address_guard(std::move(rules)).refusal_of_name(host).has_value();
  };
  const auto allowing = [](std::vector<subnet> blocks) {
    return address_rules{.allow_private = false, .deny = {}, .allow = std::move(blocks)};
  };
  struct opened {
    const char* block;
    bool this_host;
    bool this_network;
  };
  for (const auto& [text, this_host, this_network] :
       {opened{"127.0.0.1/32", true, false}, opened{"127.0.0.0/8", true, false}, opened{"::1/128", true, false},
        opened{"10.0.0.0/8", false, true}, opened{"192.168.7.0/24", false, true}, opened{"fd00::/8", false, true},
        opened{"203.0.113.0/24", false, true}, opened{"126.0.0.0/7", true, true}, opened{"::/0", true, true}}) {
    EXPECT_EQ(!refuses(allowing({block(text)}), "localhost"), this_host) << text;
    EXPECT_EQ(!refuses(allowing({block(text)}), "db.internal"), this_network) << text;
    EXPECT_FALSE(refuses(allowing({block(text)}), "hooks.example.com")) << text;
  }
  for (const char* host : {"localhost", "db.internal"}) {
    EXPECT_TRUE(refuses({}, host)) << host;
    EXPECT_TRUE(refuses({.allow_private = false, .deny = {block("10.0.0.0/8")}, .allow = {}}, host)) << host;
    EXPECT_FALSE(refuses({.allow_private = true, .deny = {}, .allow = {}}, host)) << host;
    EXPECT_FALSE(refuses(allowing({block("127.0.0.1/32"), block("10.0.0.0/8")}), host)) << host;
  }
}

TEST(subnet, contains_blocks) {
  EXPECT_TRUE(block("10.0.0.0/8").contains(block("10.0.0.0/8")));
  EXPECT_TRUE(block("10.0.0.0/8").contains(block("10.255.0.0/16")));
  EXPECT_FALSE(block("10.0.0.0/8").contains(block("11.0.0.0/16")));
  EXPECT_FALSE(block("10.0.0.0/8").contains(block("10.0.0.0/7")));
  EXPECT_FALSE(block("0.0.0.0/0").contains(block("::1/128")));
}

TEST(subnet, parses_blocks_and_lone_addresses) {
  EXPECT_TRUE(block("192.0.2.7").contains(address("192.0.2.7")));
  EXPECT_FALSE(block("192.0.2.7").contains(address("192.0.2.6")));
  EXPECT_TRUE(block("10.128.0.0/9").contains(address("10.255.0.1")));
  EXPECT_FALSE(block("10.128.0.0/9").contains(address("10.127.255.255")));
  EXPECT_TRUE(block("fd00::/8").contains(address("fdab::1")));
  EXPECT_FALSE(block("fd00::/8").contains(address("fcab::1")));
  EXPECT_TRUE(block("0.0.0.0/0").contains(address("203.0.113.9")));
  EXPECT_FALSE(block("0.0.0.0/0").contains(address("::1"))) << "IPv4 and IPv6 are apart";
}

TEST(subnet, refuses_what_is_not_a_block) {
  for (const char* text : {"", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.0/ 8",
                           "10.0.0.0/08a", "10.0.0.1/8", "10.0.0/8", "010.0.0.0/8", "fd00::/129", "fd00::1/64",
                           "fe80::%1/64", "example.com/8", "10.0.0.0/8/8"}) {
    const auto parsed = subnet::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, base::fault::invalid_configuration);
    EXPECT_NE(parsed.error().detail.find("'" + std::string(text) + "'"), std::string::npos);
  }
}

}  // namespace
}  // namespace posthorn::net
