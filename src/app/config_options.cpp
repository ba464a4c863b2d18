// The table of options, each with the rule for its text.
#include <fmt/format.h>

#include <array>
#include <boost/asio/ip/address.hpp>
#include <charconv>

#include "app/config.hpp"
#include "model/member.hpp"
#include "net/web_origin.hpp"

namespace posthorn::app {
namespace {

namespace limits = base::limits;
using applied = base::result<void>;

std::unexpected<base::error> invalid(std::string rule) {
  return base::fail(base::fault::invalid_configuration, std::move(rule));
}

template <class Number>
bool parse_number(std::string_view text, Number& out) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc() && end == text.data() + text.size();
}

// "127.0.0.1:8080", "[::1]:8080", "localhost:0"
applied host_and_port(host_port& to, std::string_view text) {
  const std::size_t colon = text.rfind(':');
  std::uint16_t port = 0;
  if (colon == std::string_view::npos || colon == 0 || !parse_number(text.substr(colon + 1), port)) {
    return invalid(fmt::format("'{}' is not of the form HOST:PORT", text));
  }
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return invalid(fmt::format("'{}': write an IPv6 address in brackets, e.g. [::1]:8080", text));
  }
  to = {std::string(host), port};
  return {};
}

applied truth(bool& to, std::string_view text) {
  if (text != "true" && text != "false" && text != "1" && text != "0") return invalid("must be true or false");
  to = text == "true" || text == "1";
  return {};
}

applied set_data(config& to, const std::string& text) {
  if (text.empty()) return invalid("the data directory must not be empty");
  to.data = text;
  return {};
}

applied set_listen(config& to, const std::string& text) { return host_and_port(to.listen, text); }

applied set_ops_listen(config& to, const std::string& text) {
  host_port at;
  if (text != "none") {
    if (auto good = host_and_port(at, text); !good) return good;
  }
  to.ops_listen = text == "none" ? std::nullopt : std::optional(std::move(at));
  to.ops_listen_chosen = true;
  return {};
}

applied set_public_url(config& to, const std::string& text) {
  auto url = net::normal_public_url(text);
  if (!url) return std::unexpected(std::move(url.error()));
  to.public_url = *std::move(url);
  return {};
}

applied set_tls_cert(config& to, const std::string& text) {
  to.tls_cert = text;
  return {};
}

applied set_tls_key(config& to, const std::string& text) {
  to.tls_key = text;
  return {};
}

// "A,B" without its empty parts.
std::vector<std::string> list_of(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

applied subnets(std::vector<net::subnet>& to, std::string_view text) {
  to.clear();
  for (const std::string& part : list_of(text)) {
    auto block = net::subnet::parse(part);
    if (!block) return std::unexpected(std::move(block.error()));
    to.push_back(*std::move(block));
  }
  return {};
}

applied set_trusted_proxies(config& to, const std::string& text) {
  to.trusted_proxies = list_of(text);
  return {};
}

applied set_deny_subnets(config& to, const std::string& text) { return subnets(to.deny_subnets, text); }
applied set_allow_subnets(config& to, const std::string& text) { return subnets(to.allow_subnets, text); }

applied set_ca_files(config& to, const std::string& text) {
  to.ca_files = list_of(text);
  return {};
}

applied set_assessment_documents(config& to, const std::string& text) {
  to.assessment_documents = text;
  return {};
}

applied set_dns_servers(config& to, const std::string& text) {
  for (const std::string& part : list_of(text)) {
    host_port at;
    if (auto good = host_and_port(at, part); !good) return good;
    boost::system::error_code no_address;
    boost::asio::ip::make_address(at.host, no_address);
    if (no_address)
      return invalid(fmt::format("'{}' is not of the form ADDRESS:PORT, with the address in numbers", part));
  }
  to.dns_servers = text;
  return {};
}

applied set_outbound_proxy(config& to, const std::string& text) {
  to.outbound_proxy.reset();
  if (text.empty()) return {};
  auto proxy = net::outbound_proxy::parse(text);
  if (!proxy) return std::unexpected(std::move(proxy.error()));
  to.outbound_proxy = *std::move(proxy);
  return {};
}

applied set_smtp_url(config& to, const std::string& text) {
  if (!text.empty() && !text.starts_with("smtp://") && !text.starts_with("smtps://")) {
    return invalid("must begin with smtp:// or smtps://");
  }
  if (text.find('@') != std::string::npos) return invalid("give the login by --smtp-user and POSTHORN_SMTP_PASSWORD");
  to.mail.url = text;
  return {};
}

applied set_smtp_user(config& to, const std::string& text) {
  to.mail.user = text;
  return {};
}

applied set_smtp_from(config& to, const std::string& text) {
  if (!text.empty() && !model::is_email(text)) return invalid("must be an e-mail address");
  to.mail.from = text;
  return {};
}

applied set_smtp_ca(config& to, const std::string& text) {
  to.mail.ca_file = text;
  return {};
}

applied set_smtp_without_tls(config& to, const std::string& text) { return truth(to.mail.without_tls, text); }

applied set_allow_http(config& to, const std::string& text) { return truth(to.allow_http_endpoints, text); }
applied set_allow_private(config& to, const std::string& text) { return truth(to.allow_private_endpoints, text); }

applied set_store(config&, const std::string& text) {
  if (text == "sqlite") return {};
  return invalid(
      fmt::format("'{}' is not available: the embedded store, \"sqlite\", is the only one in this version", text));
}

applied set_threads(config& to, const std::string& text) {
  if (parse_number(text, to.threads) && to.threads >= 0 && to.threads <= limits::threads_max) return {};
  return invalid(fmt::format("must be a number from 0 to {}", limits::threads_max));
}

applied set_payload_bytes_max(config& to, const std::string& text) {
  if (parse_number(text, to.payload_bytes_max) && to.payload_bytes_max >= limits::kib &&
      to.payload_bytes_max <= limits::payload_bytes_ceiling) {
    return {};
  }
  return invalid(fmt::format("must be a number from {} to {}", limits::kib, limits::payload_bytes_ceiling));
}

applied set_log_level(config& to, const std::string& text) {
  constexpr std::array<std::string_view, 5> names = {"debug", "info", "warn", "error", "off"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) {
      to.log = static_cast<base::log_level>(i);
      return {};
    }
  }
  return invalid("must be debug, info, warn, error or off");
}

constexpr std::array table = {
    option{"data", "DIR", "where everything is kept (posthorn-data)", set_data},
    option{"listen", "HOST:PORT", "where the API is served (127.0.0.1:8080)", set_listen},
    option{"ops-listen", "HOST:PORT|none", "where metrics, and health too, are served (127.0.0.1:8081 or a free port)",
           set_ops_listen},
    option{"public-url", "URL", "how people reach this server from outside (from the listener)", set_public_url},
    option{"tls-cert", "FILE", "PEM certificate with its chain: serve https; read again on SIGHUP (plain http)",
           set_tls_cert},
    option{"tls-key", "FILE", "PEM key of the certificate", set_tls_key},
    option{"trusted-proxy", "CIDR[,CIDR]", "networks of the reverse proxies whose X-Forwarded-… are believed (none)",
           set_trusted_proxies},
    option{"deny-subnet", "CIDR[,CIDR]", "networks that no endpoint may be in, beside those always refused (none)",
           set_deny_subnets},
    option{"allow-subnet", "CIDR[,CIDR]", "networks that endpoints may be in although they are private (none)",
           set_allow_subnets},
    option{"assessment-documents", "DIR",
           "questionnaires and scorecards of your own, *.json, see docs/scoring.md (none)", set_assessment_documents},
    option{"dns-server", "ADDRESS:PORT[,ADDRESS:PORT]", "who is asked for the names of endpoints (/etc/resolv.conf)",
           set_dns_servers},
    option{"outbound-proxy", "URL", "http://HOST:PORT: deliver through this proxy's CONNECT; a login is no flag (none)",
           set_outbound_proxy},
    option{"ca-file", "FILE[,FILE]", "PEM certificates of authorities trusted beside the system's (none)",
           set_ca_files},
    option{"smtp-url", "URL", "smtp://HOST[:PORT], with STARTTLS, or smtps://…: who takes mails to people (none)",
           set_smtp_url},
    option{"smtp-user", "NAME", "login at the mail server; its password is POSTHORN_SMTP_PASSWORD (none)",
           set_smtp_user},
    option{"smtp-from", "ADDRESS", "whom mails come from; needed beside smtp-url", set_smtp_from},
    option{"smtp-ca", "FILE", "PEM certificates that the mail server's is held against (the system's)", set_smtp_ca},
    option{"smtp-without-tls", "", "development: mails, and the login, in the clear (no)", set_smtp_without_tls},
    option{"allow-http-endpoints", "", "development: endpoints may be plain http (no)", set_allow_http},
    option{"allow-private-endpoints", "", "development: endpoints may be private or loopback addresses (no)",
           set_allow_private},
    option{"store", "KIND", "which store: sqlite (sqlite)", set_store},
    option{"threads", "N", "network threads, up to 64; 0 is one a processor, up to 16 (0)", set_threads},
    option{"payload-bytes-max", "N", "largest payload accepted (262144)", set_payload_bytes_max},
    option{"log-level", "LEVEL", "debug, info, warn, error or off (info)", set_log_level},
};

}  // namespace

std::span<const option> options() noexcept { return table; }

}  // namespace posthorn::app
