// Ids: 63-bit integers inside, `prefix_` + 13 digits of Crockford base32 (lower case, most significant first) outside.
//   evt_0d3hq8x2g4000
// Decoding takes either case and Crockford's look-alikes (o=0, i=l=1); a wrong prefix, length or digit gives nullopt.
// Ids of one store grow with commit order. Time is never read out of an id.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn::base {

using id_value = std::int64_t;

inline constexpr std::size_t id_digits = 13;

[[nodiscard]] std::string format_id(std::string_view prefix, id_value value);
void append_id(std::string& out, std::string_view prefix, id_value value);
[[nodiscard]] std::optional<id_value> parse_id(std::string_view prefix, std::string_view text) noexcept;

// The prefixes, one a noun.
inline constexpr std::string_view event_prefix = "evt";
inline constexpr std::string_view delivery_prefix = "dlv";
inline constexpr std::string_view endpoint_prefix = "ep";
inline constexpr std::string_view deployment_prefix = "dpl";
inline constexpr std::string_view company_prefix = "co";
inline constexpr std::string_view key_prefix = "key";
inline constexpr std::string_view audit_prefix = "aud";
inline constexpr std::string_view job_prefix = "job";
inline constexpr std::string_view request_prefix = "req";
inline constexpr std::string_view session_prefix = "ses";
inline constexpr std::string_view link_prefix = "lnk";
inline constexpr std::string_view link_batch_prefix = "lkb";
inline constexpr std::string_view member_prefix = "mem";
inline constexpr std::string_view invitation_prefix = "inv";

}  // namespace posthorn::base
