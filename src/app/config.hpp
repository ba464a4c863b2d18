// What the operator can set, declared in one table: toml file < environment < flags. `posthorn serve --help` prints it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "mail/mail_server.hpp"
#include "net/outbound_proxy.hpp"
#include "net/subnet.hpp"

namespace posthorn::app {

struct host_port {
  std::string host;
  std::uint16_t port = 0;
};

struct config {
  std::string data = "posthorn-data";
  host_port listen = {"127.0.0.1", 8080};
  std::optional<host_port> ops_listen = host_port{"127.0.0.1", 8081};  // health and metrics; unset: health alone
  bool ops_listen_chosen = false;  // false: where the default's port is taken, any free one serves
  std::string public_url;          // a net::normal_public_url; "": made from the listener
  std::string tls_cert;
  std::string tls_key;
  std::vector<std::string> trusted_proxies;
  std::vector<net::subnet> deny_subnets;
  std::vector<net::subnet> allow_subnets;
  std::optional<net::outbound_proxy> outbound_proxy;
  std::vector<std::string> ca_files;
  mail::server_options mail;
  std::string assessment_documents;  // a directory; "": none of one's own
  std::string dns_servers;           // as net::resolver_options
  bool allow_http_endpoints = false;
  bool allow_private_endpoints = false;
  int threads = 0;  // 0: one a processor, at most limits::threads_by_default_max
  std::size_t payload_bytes_max = base::limits::payload_bytes_max;
  base::log_level log = base::log_level::info;
  // From the environment only, because command lines and files are read by others.
  std::string
      admin_token;         // POSTHORN_ADMIN_TOKEN; the mail server's password is POSTHORN_SMTP_PASSWORD, or in the file
  std::string master_key;  // POSTHORN_MASTER_KEY, as given
  std::vector<std::string> warnings;  // of what was given and is unwise, for the log
};

struct option {
  std::string_view name;     // "ops-listen": flag --ops-listen, environment POSTHORN_OPS_LISTEN, file key ops_listen
  std::string_view value;    // what stands for the value in help; "" for a switch, whose text is "true" or "false"
  std::string_view meaning;  // with its default
  base::result<void> (*apply)(config& to, const std::string& text);
};

// Every option but --config, which says where the file is.
[[nodiscard]] std::span<const option> options() noexcept;

[[nodiscard]] std::string environment_name(std::string_view option_name);
[[nodiscard]] std::string file_key(std::string_view option_name);

using flag_values = std::map<std::string, std::string, std::less<>>;  // option name → text
using environment = std::function<std::optional<std::string>(const std::string& name)>;

// invalid_configuration, naming the source and the option: a file that cannot be read or parsed, a key that is not
// known, a value that breaks its rule. `file` "": none, unless POSTHORN_CONFIG names one.
[[nodiscard]] base::result<config> load_config(std::string file, const environment& from, const flag_values& flags);

[[nodiscard]] environment process_environment();

}  // namespace posthorn::app
