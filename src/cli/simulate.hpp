// `posthorn simulate`: people who take assessments, through the public API of a running server (docs/simulate.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/api_key.hpp"

namespace CLI {
class App;
}

namespace posthorn::cli {

// As given on the command line.
struct simulate_flags {
  std::string url = "http://127.0.0.1:8080";
  api_key_flags key;
  std::string integration_id;
  int users = 0;
  std::string profile = "mixed";
  int at_once = 50;
  std::optional<std::uint64_t> seed;  // none: another one each time
  std::string pace = "fast";
  std::string uid_prefix;  // "": one that was never used
  std::string json_file;   // "": none
  std::string ca_file;     // likewise
};

// What became of a run, for the program's exit code.
enum class simulate_outcome : std::uint8_t { as_planned, otherwise, unusable };

void declare_simulate(CLI::App& to, simulate_flags& flags);
// Blocks until every journey has ended, or SIGINT or SIGTERM. Progress and faults go to standard error, the table to
// standard output. `unusable`: the command line is not.
[[nodiscard]] simulate_outcome simulate(const simulate_flags& flags);

}  // namespace posthorn::cli
