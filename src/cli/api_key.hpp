// The credential that a verb calls with. It is no flag: command lines are read by whoever lists processes.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace CLI {
class App;
}

namespace posthorn::cli {

struct api_key_flags {
  std::string file = {};  // "": POSTHORN_API_KEY
  std::string text = {};  // --api-key, which goes with the next release
};

// `whose` says whose key it is, for the help.
void declare_api_key(CLI::App& to, api_key_flags& flags, std::string_view whose);

// The key: of --api-key-file (its first line), else of --api-key, with a warning on standard error, else of
// POSTHORN_API_KEY. invalid_configuration: there is none, or it has characters that no key has.
[[nodiscard]] base::result<std::string> read_api_key(const api_key_flags& flags);

}  // namespace posthorn::cli
