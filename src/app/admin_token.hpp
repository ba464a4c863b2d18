// The machine-admin token: what a start does about it, and `posthorn admin reset-token`.
#pragma once

#include <string>

#include "base/result.hpp"

namespace posthorn::app {

struct admin_token_choice {
  std::string digest = {};  // to be stored; "": what is stored stays
  std::string made = {};    // the token itself where it was made here, to be shown; "": it is known to somebody
  bool is_short = false;    // `given` is the stored one, and shorter than a token may be from the next release on
};

// Pure but for chance. `given` is POSTHORN_ADMIN_TOKEN, "" where it is not set, and has passed account::is_admin_token;
// `stored` is the digest in the store, "" before there is one. invalid_configuration: `given` is new and too short.
[[nodiscard]] base::result<admin_token_choice> choose_admin_token(const std::string& given, const std::string& stored);

// Puts a new token into a stopped server's store and returns it; the old one is void. `master_key` is
// POSTHORN_MASTER_KEY, as given. Fails with what opening the store says.
[[nodiscard]] base::result<std::string> reset_admin_token(const std::string& data, const std::string& master_key);

}  // namespace posthorn::app
