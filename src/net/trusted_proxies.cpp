#include "net/trusted_proxies.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace posthorn::net {
namespace {

namespace ip = boost::asio::ip;
// An X-Forwarded-For entry; some proxies add the port: "192.0.2.1:4711", "[2001:db8::1]:4711".
std::optional<ip::address> parse_entry(std::string_view entry) {
  if (entry.starts_with('[')) {
    entry = entry.substr(1, entry.find(']') - 1);
  } else if (std::ranges::count(entry, ':') == 1) {
    entry = entry.substr(0, entry.find(':'));
  }
  boost::system::error_code failed;
  const ip::address address = ip::make_address(entry, failed);
  if (failed) return std::nullopt;
  return without_mapping(address);
}

}  // namespace

ip::address without_mapping(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  return address;
}

base::result<trusted_proxies> trusted_proxies::parse(std::span<const std::string> networks) {
  trusted_proxies out;
  for (const std::string& text : networks) {
    const auto network = subnet::parse(text);
    if (!network) {
      return base::fail(base::fault::invalid_configuration, "trusted proxy " + network.error().detail);
    }
    out.networks_.push_back(*network);
  }
  return out;
}

bool trusted_proxies::contains(const ip::address& address) const {
  const ip::address plain = without_mapping(address);
  return std::ranges::any_of(networks_, [&plain](const subnet& network) { return network.contains(plain); });
}

ip::address trusted_proxies::caller(const ip::address& peer, const field_list& fields) const {
  if (networks_.empty() || !contains(peer)) return peer;
  ip::address nearest = peer;
  // A proxy appends its entry to the last field, or adds a field behind it: read both from the back.
  std::vector<std::string_view> lists;
  for (const field& f : fields) {
    if (equals_ignoring_case(f.name, "X-Forwarded-For")) lists.push_back(f.value);
  }
  for (; !lists.empty(); lists.pop_back()) {
    std::string_view list = lists.back();
    while (true) {
      const std::size_t comma = list.rfind(',');
      const std::size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
      const std::optional<ip::address> entry = parse_entry(trim_white_space(list.substr(begin)));
      if (!entry) return nearest;
      nearest = *entry;
      if (!contains(nearest)) return nearest;
      if (comma == std::string_view::npos) break;
      list = list.substr(0, comma);
    }
  }
  return nearest;
}

bool trusted_proxies::caller_used_tls(const ip::address& peer, const field_list& fields) const {
  if (networks_.empty() || !contains(peer)) return false;
  return equals_ignoring_case(fields.value_or_empty("X-Forwarded-Proto"), "https");
}

}  // namespace posthorn::net
