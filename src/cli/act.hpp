// One thing that a person does with the journey API, and what it is sent as. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/journey_view.hpp"

namespace posthorn::cli {

enum class deed : std::uint8_t {
  ask_token,  // as the customer's program does for the person: at the start, and where they come back
  look,       // the page is loaded
  open,
  consent,
  report,
  give_device_data,
  submit,
  exit,
  leave,  // nothing more is done
};

struct act {
  deed what = deed::leave;
  std::int64_t think_ms = 0;  // before it
  std::string body;           // JSON; "" where the call has none
  cli::choices gives;         // of a report: what the body says
  bool twice = false;         // the first answer is lost on the way, so the same is sent again
};

struct call_line {
  std::string_view method;
  std::string_view path;
};

[[nodiscard]] call_line line_of(deed what) noexcept;  // not of leave

}  // namespace posthorn::cli
