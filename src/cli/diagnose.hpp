// `posthorn diagnose`: the troubleshooting checklist of a running server, on the terminal (docs/troubleshooting.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/api_key.hpp"

namespace CLI {
class App;
}

namespace posthorn::cli {

// As given on the command line.
struct diagnose_flags {
  std::string url = "http://127.0.0.1:8080";
  api_key_flags key;           // of the integration, or the machine admin's token
  std::string integration_id;  // "": the key's own
  std::string uid;             // "": the integration as a whole
  std::string bundle_file;     // "": none
  std::string ca_file;         // likewise
};

// What was found, for the program's exit code.
enum class diagnose_outcome : std::uint8_t { nothing_failing, failing, unusable };

void declare_diagnose(CLI::App& to, diagnose_flags& flags);
// The checklist goes to standard output, faults to standard error.
[[nodiscard]] diagnose_outcome diagnose(const diagnose_flags& flags);

// The answer of GET /v1/diagnose as text for a terminal; "" if it is none.
[[nodiscard]] std::string checklist_text(std::string_view answer);

}  // namespace posthorn::cli
