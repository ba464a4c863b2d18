// `posthorn admin create`: makes an admin of a company in a stopped server's store.
#pragma once

#include <string>

#include "base/result.hpp"

namespace posthorn::app {

struct admin_request {
  std::string data;
  std::string master_key;  // as POSTHORN_MASTER_KEY has it; "": DIR/master.key
  std::string email;
  std::string name;
  std::string company;  // an id, "co_…"; "": the first one
  std::string password;
};

// The member's id, printed. invalid_configuration: a value breaks its rule, or somebody has the address; and what
// opening the store says.
[[nodiscard]] base::result<std::string> create_admin(const admin_request& wanted);

// Asks for a password on the terminal, twice and without showing it; from what is no terminal it reads one line.
// invalid_configuration: the two differ, or there is none.
[[nodiscard]] base::result<std::string> ask_for_password();

}  // namespace posthorn::app
