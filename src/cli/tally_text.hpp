// The simulation as a person watches it: a bar on a terminal, a line now and then elsewhere, a table at the end. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "cli/tally.hpp"

namespace posthorn::cli {

struct moment {
  int people = 0;           // in all
  std::int64_t ran_ms = 0;  // since the start
  std::uint64_t requests = 0;
  std::uint64_t repeated = 0;  // of them, because the one before had no usable answer
};

// One line without its end, of at most `columns` characters.
[[nodiscard]] std::string bar_line(const tally& of, const moment& now, std::size_t columns);
[[nodiscard]] std::string plain_line(const tally& of, const moment& now);
// Several lines, each with its end.
[[nodiscard]] std::string table_text(const tally& of, const moment& now);

}  // namespace posthorn::cli
