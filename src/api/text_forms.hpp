// Small text forms of the API's shapes.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace posthorn::api {

// What stands in place of a secret. Sent back in a change it means: as it was.
inline constexpr std::string_view masked_secret = "***";

// An API key with its prefix and last four characters only.
[[nodiscard]] std::string masked_key(std::string_view key);

// RFC 3339, or null for 0.
[[nodiscard]] boost::json::value time_or_null(base::epoch_ms at);
// Engine time (base/clock.hpp), which is what the store plans in, as the wall time that people read; null for 0.
[[nodiscard]] boost::json::value engine_time_or_null(base::epoch_ms at, const base::clock& clock);
// Null for "".
[[nodiscard]] boost::json::value text_or_null(std::string_view text);

// RFC 3339 ("2026-01-15T10:30:00Z", fraction and offset allowed) or epoch seconds.
[[nodiscard]] std::optional<base::epoch_ms> parse_time(std::string_view text);

// An event type's name, "*", or "prefix.*".
[[nodiscard]] bool is_event_pattern(std::string_view text);

// Bytes from a receiver as text: what is not UTF-8 becomes U+FFFD.
[[nodiscard]] std::string to_utf8(std::string_view bytes);

}  // namespace posthorn::api
