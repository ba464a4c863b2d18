// Reading the client certificate of an endpoint. "***" in place of the key means: as it was.
#include "api/client_certificate.hpp"
#include "api/endpoint_json.hpp"
#include "api/text_forms.hpp"
#include "base/limits.hpp"

namespace posthorn::api {

namespace json = boost::json;
namespace limits = base::limits;

void apply_certificate(model::endpoint& to, body_fields& fields) {
  const json::value* given = fields.find("client_certificate");
  if (given == nullptr) return;
  if (given->is_null()) {
    to.certificate.reset();
    return;
  }
  if (!given->is_object()) {
    return fields.refuse("client_certificate", "must be null, or an object with certificate_pem and key_pem");
  }
  body_fields certificate(given->get_object(), "/client_certificate", fields.errors());
  // subject and expires_at are shown, and may come back with what was read.
  certificate.only({"certificate_pem", "key_pem", "subject", "expires_at"});
  certificate.require("certificate_pem", "the certificate to show, as PEM");
  certificate.require("key_pem", "the certificate's private key, as PEM");
  auto shown = certificate.text("certificate_pem", 1, limits::certificate_pem_bytes_max);
  auto key = certificate.text("key_pem", 1, limits::certificate_pem_bytes_max);
  if (key == masked_secret) {
    if (!to.certificate) {
      return certificate.refuse("key_pem", "is only a mask, and there is no key that it could stand for");
    }
    key = to.certificate->key_pem;
  }
  if (!shown || !key) return;
  model::client_certificate wanted{*std::move(shown), *std::move(key)};
  if (const auto facts = certificate_facts_of(wanted); !facts) {
    const base::field_error& broken = facts.error().fields.front();
    return fields.errors().add(base::fault::invalid_field, "/client_certificate" + broken.pointer, broken.detail);
  }
  to.certificate = std::move(wanted);
}

}  // namespace posthorn::api
