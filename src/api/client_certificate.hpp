// The certificate that an endpoint's requests show to its receiver (mTLS): checked where it is set, described where it
// is read.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "model/endpoint.hpp"

namespace posthorn::api {

struct certificate_facts {
  std::string subject;            // of the leaf, RFC 2253: "CN=sender,O=Example"
  base::epoch_ms expires_at = 0;  // wall time, the earliest of the chain
};

// invalid_field at "/certificate_pem" or "/key_pem": no PEM of certificates alone, leaf first; an encrypted key, or one
// that is not the leaf's; or what TLS would refuse to use, such as a key too short. Thread: any.
[[nodiscard]] base::result<certificate_facts> certificate_facts_of(const model::client_certificate& certificate);

}  // namespace posthorn::api
