// What a person gets to open: the page's address, with a token behind the #, which browsers send to nobody: no log and
// no Referer has it.
#pragma once

#include <string>

#include "api/services.hpp"
#include "model/link.hpp"
#include "model/session.hpp"
#include "store/directory.hpp"

namespace posthorn::api {

[[nodiscard]] std::string page_url(const services& with);
[[nodiscard]] std::string session_token(const services& with, const store::integration_entry& in,
                                        const model::session& of);
// The same text for as long as the link is not regenerated.
[[nodiscard]] std::string link_url(const services& with, const store::integration_entry& in, const model::link& of);

}  // namespace posthorn::api
