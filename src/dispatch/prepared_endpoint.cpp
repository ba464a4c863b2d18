#include "dispatch/prepared_endpoint.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "base/encoding.hpp"

namespace posthorn::dispatch {
namespace {

constexpr std::string_view mask = "***";

void add(prepared_endpoint& made, std::string_view name, std::string_view value, bool secret) {
  for (std::string* head : {&made.head, &made.masked_head}) {
    head->append(name).append(": ");
    head->append(secret && head == &made.masked_head ? mask : value).append("\r\n");
  }
}

struct add_authentication {
  prepared_endpoint& made;
  void operator()(const model::auth_none&) const {}
  void operator()(const model::auth_bearer& with) const { add(made, "Authorization", "Bearer " + with.token, true); }
  void operator()(const model::auth_basic& with) const {
    add(made, "Authorization", "Basic " + base::to_base64(with.username + ":" + with.password), true);
  }
  void operator()(const model::auth_api_key& with) const { add(made, with.header, with.value, true); }
  void operator()(const model::auth_oauth2&) const {}  // its token changes between attempts
};

signing::scheme scheme_of(model::signature_scheme scheme) {
  switch (scheme) {
    case model::signature_scheme::x_signature: return signing::scheme::x_signature;
    case model::signature_scheme::standard_v1: return signing::scheme::standard_v1;
    case model::signature_scheme::standard_v1a: return signing::scheme::standard_v1a;
  }
  return signing::scheme::x_signature;
}

}  // namespace

base::result<prepared_endpoint> prepare(const model::endpoint& to, const store::integration_entry& of,
                                        net::http_client& client, const net::url_rules& rules,
                                        std::string_view user_agent, base::epoch_ms now_wall) {
  auto url = net::parse_endpoint_url(to.url, rules);
  if (!url) return std::unexpected(std::move(url.error()));
  std::vector<signing::scheme_secret> secrets;
  secrets.reserve(2 * to.signatures.size());
  for (const model::signature_setting& each : to.signatures) secrets.push_back({scheme_of(each.scheme), each.secret});
  base::epoch_ms valid_until = std::numeric_limits<base::epoch_ms>::max();
  for (const model::signature_setting& each : to.signatures) {
    if (each.previous_until <= now_wall) continue;
    secrets.push_back({scheme_of(each.scheme), each.previous_secret});
    valid_until = std::min(valid_until, each.previous_until);
  }
  const model::api_key& key = of.x_signature_key(now_wall);
  auto sign = signing::signer::make(secrets, key.text);
  if (!sign) return std::unexpected(std::move(sign.error()));

  std::shared_ptr<const net::tls_client_context> identity;
  if (to.certificate) {
    auto shown = client.identity().with_certificate(to.certificate->certificate_pem, to.certificate->key_pem);
    if (!shown) return std::unexpected(std::move(shown.error()));
    identity = *std::move(shown);
  }

  prepared_endpoint made{
      .route = client.open_route({.tls = url->tls, .host = url->host, .port = url->port}, std::move(identity)),
      .head = {},
      .masked_head = {},
      .sign = std::move(*sign),
      .valid_until = 0};
  made.head = made.masked_head = "POST " + url->target + " HTTP/1.1\r\n";
  add(made, "Host", url->authority, false);
  add(made, "User-Agent", user_agent, false);
  add(made, "Content-Type", "application/json", false);
  for (const auto& [name, value] : to.headers) add(made, name, value, true);
  std::visit(add_authentication{made}, to.auth);
  if (key.state == model::key_state::retiring) valid_until = std::min(valid_until, key.expires_at);
  if (valid_until != std::numeric_limits<base::epoch_ms>::max()) made.valid_until = valid_until;
  return made;
}

}  // namespace posthorn::dispatch
