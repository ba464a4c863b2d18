// Where the server is that a verb talks to, and whom to trust for it.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "net/tls_client.hpp"
#include "net/url.hpp"

namespace posthorn::cli {

struct server_address {
  net::endpoint_url url;
  std::shared_ptr<const net::tls_client_context> tls;
};

// `ca_file` "": the system's certificates alone. invalid_configuration: its detail names the flag.
[[nodiscard]] base::result<server_address> find_server(const std::string& url, const std::string& ca_file);

}  // namespace posthorn::cli
