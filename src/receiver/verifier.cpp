#include "receiver/verifier.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace posthorn::receiver {
namespace {

using base::limits::verified_signatures_max;

bool is_lowercase_hex(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// Digits only: no sign, no space. Nullopt also beyond int64.
std::optional<std::int64_t> parse_seconds(std::string_view text) noexcept {
  if (text.empty() || text.front() == '-') return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return seconds;
}

// The header's signatures between single spaces; nullopt if one has no `tag,` form or there are too many to try.
std::optional<std::vector<std::string_view>> split_signatures(std::string_view header) {
  std::vector<std::string_view> signatures;
  while (signatures.size() < verified_signatures_max) {
    const std::size_t space = header.find(' ');
    const std::string_view one = header.substr(0, space);
    const std::size_t comma = one.find(',');
    if (comma == 0 || comma == std::string_view::npos || comma + 1 == one.size()) return std::nullopt;
    signatures.push_back(one);
    if (space == std::string_view::npos) return signatures;
    header.remove_prefix(space + 1);
  }
  return std::nullopt;
}

}  // namespace

std::string_view text_of(refusal reason) noexcept {
  switch (reason) {
    case refusal::missing_signature: return "The request has no signature of a kind that this receiver has keys for.";
    case refusal::malformed:
      return "A signature header, webhook-id or webhook-timestamp is not in its documented form.";
    case refusal::no_key_matches: return "The signature was made with another key or over another body.";
    case refusal::timestamp_too_old: return "webhook-timestamp is further in the past than the tolerance allows.";
    case refusal::timestamp_too_new: return "webhook-timestamp is further in the future than the tolerance allows.";
  }
  return "";
}

base::result<void> verifier::add_key(std::string_view key) {
  if (key.starts_with(signing::v1_secret_prefix)) {
    auto parsed = signing::v1_key::parse(key);
    if (!parsed) return std::unexpected(std::move(parsed.error()));
    v1_keys_.push_back(std::move(*parsed));
    return {};
  }
  if (key.starts_with(signing::v1a_public_prefix)) {
    auto parsed = signing::v1a_public_key::parse(key);
    if (!parsed) return std::unexpected(std::move(parsed.error()));
    v1a_keys_.push_back(*parsed);
    return {};
  }
  if (key.starts_with(signing::v1a_secret_prefix)) {
    return base::fail(base::fault::invalid_field, "a whsk_ key signs; to verify, use its public half, whpk_");
  }
  if (key.empty()) return base::fail(base::fault::invalid_field, "an empty API key verifies nothing");
  api_keys_.emplace_back(key);
  return {};
}

std::expected<void, refusal> verifier::verify(const signature_headers& headers, std::string_view body,
                                              std::int64_t now_s) {
  const bool try_x_signature = headers.x_signature && !api_keys_.empty();
  const bool try_standard = headers.webhook_signature && !(v1_keys_.empty() && v1a_keys_.empty());
  if (!try_x_signature && !try_standard) return std::unexpected(refusal::missing_signature);
  if (try_x_signature) {
    const auto verified = verify_x_signature(*headers.x_signature, body);
    if (!verified) return verified;
  }
  if (try_standard) return verify_standard(headers, body, now_s);
  return {};
}

std::expected<void, refusal> verifier::verify_x_signature(std::string_view signature, std::string_view body) {
  if (signature.size() != signing::x_signature_chars || !is_lowercase_hex(signature)) {
    return std::unexpected(refusal::malformed);
  }
  for (signing::x_signature_key& key : api_keys_) {
    if (key.matches(signature, body)) return {};
  }
  return std::unexpected(refusal::no_key_matches);
}

std::expected<void, refusal> verifier::verify_standard(const signature_headers& headers, std::string_view body,
                                                       std::int64_t now_s) {
  const std::string_view id = headers.webhook_id.value_or("");
  const std::string_view timestamp = headers.webhook_timestamp.value_or("");
  const std::optional<std::int64_t> sent_s = parse_seconds(timestamp);
  const auto signatures = split_signatures(*headers.webhook_signature);
  // A full stop in the id would let one signed text be read as two different requests.
  if (id.empty() || id.contains('.') || !sent_s || !signatures) return std::unexpected(refusal::malformed);

  const signing::webhook_message message = {id, timestamp, body};
  const bool matched =
      std::ranges::any_of(*signatures, [&](std::string_view signature) { return any_key_matches(signature, message); });
  if (!matched) return std::unexpected(refusal::no_key_matches);
  if (*sent_s < now_s - timestamp_tolerance_s_) return std::unexpected(refusal::timestamp_too_old);
  if (*sent_s > now_s + timestamp_tolerance_s_) return std::unexpected(refusal::timestamp_too_new);
  return {};
}

bool verifier::any_key_matches(std::string_view tagged_signature, const signing::webhook_message& message) {
  if (tagged_signature.starts_with(signing::v1_tag)) {
    const std::string_view signature = tagged_signature.substr(signing::v1_tag.size());
    return std::ranges::any_of(v1_keys_, [&](signing::v1_key& key) { return key.matches(signature, message); });
  }
  if (tagged_signature.starts_with(signing::v1a_tag)) {
    const std::string_view signature = tagged_signature.substr(signing::v1a_tag.size());
    return std::ranges::any_of(v1a_keys_, [&](const auto& key) { return key.matches(signature, message); });
  }
  return false;  // a version of a later day
}

}  // namespace posthorn::receiver
