#include "ingest/ingest_service.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "base/hash.hpp"

namespace posthorn::ingest {
namespace {

using base::fault;
namespace limits = base::limits;
using digest = std::array<std::uint8_t, 16>;

digest digest_of(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> whole{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), whole.data());
  digest out{};
  std::memcpy(out.data(), whole.data(), out.size());
  return out;
}

// key digest = SHA-256( integration as 8 bytes, little-endian ; key [ NUL line as decimal ] ), its first 16 bytes.
store::idempotency idempotency_of(model::integration_no integration, std::string_view key, std::string_view body) {
  std::string keyed;
  keyed.reserve(8 + key.size());
  for (int shift = 0; shift < 64; shift += 8) {
    keyed += static_cast<char>(static_cast<std::uint64_t>(integration) >> shift & 0xff);
  }
  keyed += key;
  return {.key = digest_of(keyed), .body = digest_of(body)};
}

base::result<void> check_key(std::string_view key) {
  static_assert(limits::idempotency_key_chars_max == 255);
  if (key.empty() || is_idempotency_key(key)) return {};
  return base::fail(fault::invalid_field, "Idempotency-Key must be 1 to 255 visible ASCII characters");
}

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

store::event_draft ingest_service::address(const store::integration_entry& to, parsed_event&& event) const {
  parsed_payload payload(event.payload);
  return address(to, std::move(event), payload);
}

store::event_draft ingest_service::address(const store::integration_entry& to, parsed_event&& event,
                                           parsed_payload& payload) const {
  store::event_draft draft;
  draft.integration = to.value.number;
  draft.uid_hash = base::stable_hash(event.uid);
  draft.targets = fan_out_.targets(to, model::endpoint_kind::events, event.type, payload);
  draft.type = std::move(event.type);
  draft.uid = std::move(event.uid);
  draft.payload = std::move(event.payload);
  return draft;
}

base::result<store::event_draft> ingest_service::checked(const store::integration_entry& to,
                                                         parsed_event&& event) const {
  parsed_payload payload(event.payload);
  if (auto held = schemas_.check(to, event.type, event.enveloped, payload); !held) {
    return std::unexpected(std::move(held.error()));
  }
  return address(to, std::move(event), payload);
}

base::result<store::event_draft> ingest_service::draft(const store::integration_entry& to, std::string_view json,
                                                       std::string_view idempotency_key) const {
  if (auto good = check_key(idempotency_key); !good) return std::unexpected(std::move(good.error()));
  auto event = parse_event(json, {.integration_id = to.value.integration_id, .payload_bytes_max = payload_bytes_max_});
  if (!event) return std::unexpected(std::move(event.error()));
  auto made = checked(to, *std::move(event));
  if (made && !idempotency_key.empty()) made->idempotent = idempotency_of(made->integration, idempotency_key, json);
  return made;
}

base::result<batch_lines> ingest_service::draft_batch(const store::integration_entry& to, std::string_view ndjson,
                                                      std::string_view idempotency_key) const {
  if (auto good = check_key(idempotency_key); !good) return std::unexpected(std::move(good.error()));
  if (ndjson.empty()) return base::fail(fault::malformed_json, "the batch has no lines");
  const auto ends = static_cast<std::size_t>(std::ranges::count(ndjson, '\n'));
  const std::size_t count = ends + (ndjson.ends_with('\n') ? 0 : 1);
  if (count > limits::batch_lines_max) {
    return base::fail(fault::payload_too_large, "the batch has " + std::to_string(count) + " lines; the limit is " +
                                                    std::to_string(limits::batch_lines_max));
  }
  const event_rules rules{.integration_id = to.value.integration_id,
                          .payload_bytes_max = payload_bytes_max_,
                          .takes_idempotency_key = true};
  batch_lines lines;
  lines.reserve(count);
  while (!ndjson.empty()) {
    const std::string_view line = take_line(ndjson);
    auto event = parse_event(line, rules);
    if (!event) {
      lines.push_back(std::unexpected(std::move(event.error())));
      continue;
    }
    std::string key = std::move(event->idempotency_key);
    if (key.empty() && !idempotency_key.empty()) {
      key = std::string(idempotency_key) + '\0' + std::to_string(lines.size());
    }
    auto made = checked(to, *std::move(event));
    if (made && !key.empty()) made->idempotent = idempotency_of(made->integration, key, line);
    lines.push_back(std::move(made));
  }
  return lines;
}

}  // namespace posthorn::ingest
