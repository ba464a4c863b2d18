// Everything about an endpoint that is the same for every attempt, made once per configuration version and signing key:
// the constant part of the request head, its masked copy for evidence, the keyed signer, the route.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/endpoint.hpp"
#include "net/http_client.hpp"
#include "net/url.hpp"
#include "signing/signer.hpp"
#include "store/directory.hpp"

namespace posthorn::dispatch {

struct prepared_endpoint {
  std::shared_ptr<net::route> route;
  std::string head;         // request line and constant fields, each ending in CRLF
  std::string masked_head;  // the same with secrets as "***"
  signing::signer sign;
  base::epoch_ms valid_until = 0;  // wall time; a key or secret stops signing then; 0: no such moment
};

// invalid_field: the URL or a secret cannot be used.
[[nodiscard]] base::result<prepared_endpoint> prepare(const model::endpoint& to, const store::integration_entry& of,
                                                      net::http_client& client, const net::url_rules& rules,
                                                      std::string_view user_agent, base::epoch_ms now_wall);

}  // namespace posthorn::dispatch
