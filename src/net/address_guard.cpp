#include "net/address_guard.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "net/local_names.hpp"

namespace posthorn::net {
namespace {

namespace ip = boost::asio::ip;

enum class opened : bool { never, by_allow_private };

struct range_v4 {
  std::uint32_t first;
  unsigned bits;
  opened when;
  std::string_view reason;
};

constexpr std::uint32_t v4(unsigned a, unsigned b, unsigned c, unsigned d) { return a << 24 | b << 16 | c << 8 | d; }

// The first match decides.
constexpr std::array ranges_v4{
    range_v4{v4(169, 254, 169, 254), 32, opened::never, "cloud metadata address"},
    range_v4{v4(169, 254, 170, 2), 32, opened::never, "cloud metadata address"},    // AWS ECS
    range_v4{v4(169, 254, 170, 23), 32, opened::never, "cloud metadata address"},   // AWS EKS
    range_v4{v4(100, 100, 100, 200), 32, opened::never, "cloud metadata address"},  // Alibaba
    range_v4{v4(168, 63, 129, 16), 32, opened::never, "cloud metadata address"},    // Azure
    range_v4{v4(192, 0, 0, 192), 32, opened::never, "cloud metadata address"},      // Oracle
    range_v4{v4(0, 0, 0, 0), 32, opened::never, "unspecified address"},
    range_v4{v4(0, 0, 0, 0), 8, opened::never, "'this network' address"},
    range_v4{v4(10, 0, 0, 0), 8, opened::by_allow_private, "private address"},
    range_v4{v4(100, 64, 0, 0), 10, opened::by_allow_private, "carrier-grade NAT address"},
    range_v4{v4(127, 0, 0, 0), 8, opened::by_allow_private, "loopback address"},
    range_v4{v4(169, 254, 0, 0), 16, opened::by_allow_private, "link-local address"},
    range_v4{v4(172, 16, 0, 0), 12, opened::by_allow_private, "private address"},
    range_v4{v4(192, 0, 0, 0), 24, opened::never, "IETF protocol address"},
    range_v4{v4(192, 0, 2, 0), 24, opened::by_allow_private, "documentation address"},
    range_v4{v4(192, 88, 99, 0), 24, opened::never, "6to4 relay address"},
    range_v4{v4(192, 168, 0, 0), 16, opened::by_allow_private, "private address"},
    range_v4{v4(198, 18, 0, 0), 15, opened::by_allow_private, "benchmarking address"},
    range_v4{v4(198, 51, 100, 0), 24, opened::by_allow_private, "documentation address"},
    range_v4{v4(203, 0, 113, 0), 24, opened::by_allow_private, "documentation address"},
    range_v4{v4(224, 0, 0, 0), 4, opened::never, "multicast address"},
    range_v4{v4(255, 255, 255, 255), 32, opened::never, "broadcast address"},
    range_v4{v4(240, 0, 0, 0), 4, opened::never, "reserved address"},
};

struct range_v6 {
  std::array<std::uint16_t, 8> first;
  unsigned bits;
  opened when;
  std::string_view reason;
};

constexpr std::array ranges_v6{
    range_v6{{0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254}, 128, opened::never, "cloud metadata address"},
    range_v6{{0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23}, 128, opened::never, "cloud metadata address"},
    range_v6{{0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254}, 128, opened::never, "cloud metadata address"},
    range_v6{{0}, 128, opened::never, "unspecified address"},
    range_v6{{0, 0, 0, 0, 0, 0, 0, 1}, 128, opened::by_allow_private, "loopback address"},
    range_v6{{0}, 96, opened::never, "IPv4-compatible address"},
    range_v6{{0x64, 0xff9b, 1}, 48, opened::never, "local-use NAT64 address"},
    range_v6{{0x100}, 64, opened::never, "discard-only address"},
    range_v6{{0xfc00}, 7, opened::by_allow_private, "unique local address"},
    range_v6{{0xfe80}, 10, opened::by_allow_private, "link-local address"},
    range_v6{{0xfec0}, 10, opened::never, "site-local address"},
    range_v6{{0xff00}, 8, opened::never, "multicast address"},
    range_v6{{0x2001, 2}, 48, opened::by_allow_private, "benchmarking address"},
    range_v6{{0x2001, 0x10}, 28, opened::never, "ORCHID address"},
    range_v6{{0x2001, 0x20}, 28, opened::never, "ORCHID address"},
    range_v6{{0x2001, 0xdb8}, 32, opened::by_allow_private, "documentation address"},
    range_v6{{0x3fff}, 20, opened::by_allow_private, "documentation address"},
};

bool matches(const range_v6& range, const std::array<std::uint16_t, 8>& groups) {
  for (unsigned at = 0; at < 8 && at * 16 < range.bits; ++at) {
    const unsigned bits = std::min(16U, range.bits - at * 16);
    if (static_cast<unsigned>(groups[at] ^ range.first[at]) >> (16 - bits) != 0) return false;
  }
  return true;
}

bool matches(const range_v4& range, std::uint32_t address) { return (address ^ range.first) >> (32 - range.bits) == 0; }

std::array<std::uint16_t, 8> groups_of(const ip::address_v6& address) {
  const ip::address_v6::bytes_type bytes = address.to_bytes();
  std::array<std::uint16_t, 8> out{};
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<std::uint16_t>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
  return out;
}

// The IPv4 addresses that an IPv6 address leads to. A pure wrapper has no meaning of its own beside them.
struct embedded {
  std::array<ip::address_v4, 2> addresses;
  std::size_t count = 0;
  bool wrapper = false;

  void add(unsigned high, unsigned low, unsigned mask = 0) {
    addresses[count++] = ip::address_v4((high << 16 | low) ^ mask);
  }
};

embedded embedded_in(const std::array<std::uint16_t, 8>& g) {
  embedded out;
  const bool zero_to_4 = (g[0] | g[1] | g[2] | g[3]) == 0;
  const bool mapped = zero_to_4 && g[4] == 0 && g[5] == 0xffff;                           // RFC 4291
  const bool translated = zero_to_4 && g[4] == 0xffff && g[5] == 0;                       // RFC 2765
  const bool nat64 = g[0] == 0x64 && g[1] == 0xff9b && (g[2] | g[3] | g[4] | g[5]) == 0;  // RFC 6052
  if (mapped || translated || nat64) {
    out.add(g[6], g[7]);
    out.wrapper = true;
  } else if (g[0] == 0x2002) {  // 6to4, RFC 3056
    out.add(g[1], g[2]);
  } else if (g[0] == 0x2001 && g[1] == 0) {  // Teredo, RFC 4380: server, and client inverted
    out.add(g[2], g[3]);
    out.add(g[6], g[7], 0xffffffff);
  }
  if (!out.wrapper && out.count < 2 && (g[4] & 0xfcff) == 0 && g[5] == 0x5efe) out.add(g[6], g[7]);  // ISATAP, RFC 5214
  return out;
}

bool any_contains(const std::vector<subnet>& blocks, const ip::address& address) {
  return std::ranges::any_of(blocks, [&address](const subnet& block) { return block.contains(address); });
}

}  // namespace

std::optional<std::string_view> address_guard::refusal(const ip::address& address) const {
  return address.is_v4() ? refusal_v4(address.to_v4()) : refusal_v6(address.to_v6());
}

std::optional<std::string_view> address_guard::refusal_of_name(std::string_view host) const {
  const name_reach reach = reach_of_name(host);
  if (reach == name_reach::anywhere || rules_.allow_private) return std::nullopt;
  const std::array loopback{subnet(ip::make_address_v4("127.0.0.0"), 8), subnet(ip::address_v6::loopback(), 128)};
  const auto is_part_of_loopback = [&](const subnet& block) {
    return std::ranges::any_of(loopback, [&](const subnet& each) { return each.contains(block); });
  };
  const auto has_loopback = [&](const subnet& block) {
    return is_part_of_loopback(block) ||
           std::ranges::any_of(loopback, [&](const subnet& each) { return block.contains(each); });
  };
  if (reach == name_reach::this_host) {
    if (std::ranges::any_of(rules_.allow, has_loopback)) return std::nullopt;
    return "a name of the server itself";
  }
  if (!std::ranges::all_of(rules_.allow, is_part_of_loopback)) return std::nullopt;
  return "a name of the server's own network";
}

std::optional<std::string_view> address_guard::refusal_v4(const ip::address_v4& address) const {
  if (any_contains(rules_.deny, address)) return "address denied by configuration";
  if (any_contains(rules_.allow, address)) return std::nullopt;
  const auto* const range = std::ranges::find_if(
      ranges_v4, [value = address.to_uint()](const range_v4& candidate) { return matches(candidate, value); });
  if (range == ranges_v4.end()) return std::nullopt;
  if (rules_.allow_private && range->when == opened::by_allow_private) return std::nullopt;
  return range->reason;
}

std::optional<std::string_view> address_guard::refusal_v6(const ip::address_v6& address) const {
  if (any_contains(rules_.deny, address)) return "address denied by configuration";
  if (address.scope_id() != 0 && !rules_.allow_private) return "address with a zone id";
  const std::array<std::uint16_t, 8> groups = groups_of(address);
  const embedded inner = embedded_in(groups);
  for (std::size_t i = 0; i < inner.count; ++i) {
    if (any_contains(rules_.deny, inner.addresses[i])) return "address denied by configuration";
  }
  if (any_contains(rules_.allow, address)) return std::nullopt;
  for (std::size_t i = 0; i < inner.count; ++i) {
    if (const auto reason = refusal_v4(inner.addresses[i])) return reason;
  }
  if (inner.wrapper) return std::nullopt;
  const auto* const range =
      std::ranges::find_if(ranges_v6, [&groups](const range_v6& candidate) { return matches(candidate, groups); });
  if (range == ranges_v6.end()) {
    // Only 2000::/3 is in use as global unicast (RFC 4291 section 2.4); the rest is reserved.
    return groups[0] >> 13 == 1 ? std::nullopt : std::optional<std::string_view>("reserved address");
  }
  if (rules_.allow_private && range->when == opened::by_allow_private) return std::nullopt;
  return range->reason;
}

}  // namespace posthorn::net
