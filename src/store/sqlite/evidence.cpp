#include "store/sqlite/evidence.hpp"

#include <bit>
#include <cstring>

namespace posthorn::store::sqlite {
namespace {

static_assert(std::endian::native == std::endian::little, "the stored form is little-endian and copied as it is");

constexpr std::uint8_t version = 1;
constexpr std::uint8_t erased_version = 2;
// Up to the texts: version, at, number, status, error and five times.
constexpr std::size_t fixed_bytes = 1 + 8 + 4 + 2 + 1 + 5 * 4;

template <class T>
void put(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

void put_text(std::string& out, std::string_view text) {
  put(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}

// Takes values off the front; `ok` turns false at the first that is not there.
struct taker {
  std::string_view rest;
  bool ok = true;

  template <class T>
  T take() {
    T value{};
    if (rest.size() < sizeof(T)) {
      ok = false;
    } else {
      const std::string_view front = rest.substr(0, sizeof(T));
      std::memcpy(&value, front.data(), front.size());
      rest.remove_prefix(sizeof(T));
    }
    return value;
  }

  std::string take_text() {
    const auto length = take<std::uint32_t>();
    if (rest.size() < length) ok = false;
    if (!ok) return {};
    std::string text(rest.substr(0, length));
    rest.remove_prefix(length);
    return text;
  }
};

}  // namespace

void append_evidence(std::string& out, const model::attempt& of) {
  put(out, version);
  put(out, of.at);
  put(out, static_cast<std::uint32_t>(of.number));
  put(out, static_cast<std::uint16_t>(of.status));
  put(out, static_cast<std::uint8_t>(of.error));
  put(out, of.timing.dns_us);
  put(out, of.timing.connect_us);
  put(out, of.timing.tls_us);
  put(out, of.timing.first_byte_us);
  put(out, of.timing.total_us);
  put_text(out, of.error_detail);
  put_text(out, of.request_headers);
  put_text(out, of.response_headers);
  put_text(out, of.response_body);
}

std::optional<model::attempt> read_evidence(std::string_view blob) {
  taker from{blob};
  const auto form = from.take<std::uint8_t>();
  if (form != version && form != erased_version) return std::nullopt;
  model::attempt read;
  read.at = from.take<std::int64_t>();
  read.number = static_cast<std::int32_t>(from.take<std::uint32_t>());
  read.status = from.take<std::uint16_t>();
  const auto error = from.take<std::uint8_t>();
  if (error > static_cast<std::uint8_t>(model::error_class::configuration)) return std::nullopt;
  read.error = static_cast<model::error_class>(error);
  read.timing.dns_us = from.take<std::int32_t>();
  read.timing.connect_us = from.take<std::int32_t>();
  read.timing.tls_us = from.take<std::int32_t>();
  read.timing.first_byte_us = from.take<std::int32_t>();
  read.timing.total_us = from.take<std::int32_t>();
  if (!from.ok) return std::nullopt;
  if (form == erased_version) return read;
  read.error_detail = from.take_text();
  read.request_headers = from.take_text();
  read.response_headers = from.take_text();
  read.response_body = from.take_text();
  if (!from.ok) return std::nullopt;
  return read;
}

std::string blanked_evidence(std::string_view blob) {
  std::string blank(blob.size(), '\0');
  if (blob.size() < fixed_bytes) return blank;
  blank.replace(0, fixed_bytes, blob.substr(0, fixed_bytes));
  blank[0] = static_cast<char>(erased_version);
  return blank;
}

}  // namespace posthorn::store::sqlite
