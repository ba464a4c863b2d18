#include "api/assessment_urls.hpp"

namespace posthorn::api {

std::string page_url(const services& with) { return with.public_url + "/assess/"; }

std::string session_token(const services& with, const store::integration_entry& in, const model::session& of) {
  return with.tokens.sign(assessment::session_claims{.uid = of.uid,
                                                     .company = in.value.company,
                                                     .integration_id = in.value.integration_id,
                                                     .url = page_url(with),
                                                     .session = of.id,
                                                     .expires_at_s = assessment::expiry_s(of.expires_at)});
}

std::string link_url(const services& with, const store::integration_entry& in, const model::link& of) {
  return page_url(with) + "link#" +
         with.tokens.sign(assessment::link_claims{.link = of.id,
                                                  .integration_id = in.value.integration_id,
                                                  .generation = of.generation,
                                                  .expires_at_s = assessment::expiry_s(of.expires_at)});
}

}  // namespace posthorn::api
