#include "net/local_names.hpp"

#include <algorithm>
#include <array>

namespace posthorn::net {
namespace {

constexpr std::array<std::string_view, 6> hosts_file_names{
    "localhost.localdomain", "localhost4", "localhost4.localdomain4", "localhost6", "ip6-localhost", "ip6-loopback"};
constexpr std::array<std::string_view, 6> network_domains{"local",       "internal",     "home.arpa",
                                                          "localdomain", "localdomain4", "localdomain6"};

bool is_in(std::string_view host, std::string_view domain) noexcept {
  if (!host.ends_with(domain)) return false;
  host.remove_suffix(domain.size());
  return host.empty() || host.ends_with('.');
}

}  // namespace

name_reach reach_of_name(std::string_view host) noexcept {
  if (is_in(host, "localhost") || std::ranges::find(hosts_file_names, host) != hosts_file_names.end()) {
    return name_reach::this_host;
  }
  const bool is_local =
      std::ranges::any_of(network_domains, [host](std::string_view each) { return is_in(host, each); });
  return is_local ? name_reach::this_network : name_reach::anywhere;
}

}  // namespace posthorn::net
