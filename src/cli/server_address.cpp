#include "cli/server_address.hpp"

namespace posthorn::cli {
namespace {

std::unexpected<base::error> refuse(std::string detail) {
  return base::fail(base::fault::invalid_configuration, std::move(detail));
}

}  // namespace

base::result<server_address> find_server(const std::string& url, const std::string& ca_file) {
  auto server = net::parse_endpoint_url(url, {.allow_http = true, .guard = nullptr});
  if (!server) return refuse("--url " + server.error().detail);
  if (server->target.contains('?')) return refuse("--url must not have a query: it is where the API's paths begin");
  net::tls_client_options trust;
  if (!ca_file.empty()) trust.ca_files.push_back(ca_file);
  auto tls = net::tls_client_context::make(trust);
  if (!tls) return std::unexpected(std::move(tls.error()));
  return server_address{*std::move(server), *std::move(tls)};
}

}  // namespace posthorn::cli
