#include "assessment/tokens.hpp"

#include <jwt.h>
#include <sodium.h>

#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cassert>
#include <cstdlib>
#include <limits>
#include <memory>
#include <new>
#include <utility>

#include "base/encoding.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "model/names.hpp"

namespace posthorn::assessment {

namespace json = boost::json;

namespace {

constexpr std::string_view session_purpose = "session";
constexpr std::string_view link_purpose = "link";
constexpr model::names faults({"malformed", "altered", "expired", "wrong_purpose"});

struct free_jwt {
  void operator()(jwt_t* token) const noexcept { jwt_free(token); }
};
using jwt_handle = std::unique_ptr<jwt_t, free_jwt>;

struct free_text {
  void operator()(char* text) const noexcept { std::free(text); }
};
using jwt_text = std::unique_ptr<char, free_text>;  // libjwt's own allocator is malloc unless a program sets another

const unsigned char* bytes_of(const std::string& secret) {
  return reinterpret_cast<const unsigned char*>(secret.data());
}

std::string sign_claims(const json::object& claims, const std::string& secret) {
  jwt_t* made = nullptr;
  if (jwt_new(&made) != 0) throw std::bad_alloc();
  const jwt_handle token(made);
  if (jwt_add_grants_json(made, json::serialize(claims).c_str()) != 0 ||
      jwt_set_alg(made, JWT_ALG_HS256, bytes_of(secret), static_cast<int>(secret.size())) != 0) {
    throw std::bad_alloc();
  }
  const jwt_text text(jwt_encode_str(made));
  if (!text) throw std::bad_alloc();
  return text.get();
}

// Three parts in exact base64url: a decoder that forgives would let one token be written in several ways.
bool has_form(std::string_view token) {
  if (token.size() > base::limits::token_bytes_max) return false;
  for (int part = 0; part < 3; ++part) {
    const std::size_t dot = token.find('.');
    if ((dot == std::string_view::npos) != (part == 2)) return false;
    const std::string_view text = token.substr(0, dot);
    if (text.empty() || !base::from_base64url(text)) return false;
    if (part < 2) token.remove_prefix(dot + 1);
  }
  return true;
}

// The claims, once form, algorithm and signature are right.
std::expected<json::object, token_fault> open(std::string_view token, const std::string& secret) {
  if (!has_form(token)) return std::unexpected(token_fault::malformed);
  jwt_t* read = nullptr;
  const int failed = jwt_decode(&read, std::string(token).c_str(), bytes_of(secret), static_cast<int>(secret.size()));
  const jwt_handle handle(failed == 0 ? read : nullptr);
  if (!handle || jwt_get_alg(read) != JWT_ALG_HS256) return std::unexpected(token_fault::altered);
  const jwt_text text(jwt_get_grants_json(read, nullptr));
  if (!text) return std::unexpected(token_fault::malformed);
  const auto claims = base::parse_json(text.get());
  if (!claims || !claims->is_object()) return std::unexpected(token_fault::malformed);
  return claims->as_object();
}

// Reads claims; one that is missing or of another type makes the whole unreadable.
class claim_reader {
 public:
  explicit claim_reader(const json::object& claims) : claims_(claims) {}

  std::string text(std::string_view name) {
    const auto* found = claims_.if_contains(name);
    if (found != nullptr && found->is_string()) return std::string(found->as_string());
    whole_ = false;
    return {};
  }

  std::int64_t number(std::string_view name, std::int64_t max) {
    const auto* found = claims_.if_contains(name);
    const auto* value = found == nullptr ? nullptr : found->if_int64();
    if (value != nullptr && *value >= 0 && *value <= max) return *value;
    whole_ = false;
    return 0;
  }

  base::id_value id(std::string_view name, std::string_view prefix) {
    const auto value = base::parse_id(prefix, text(name));
    if (!value) whole_ = false;
    return value.value_or(0);
  }

  bool whole() const noexcept { return whole_; }

 private:
  const json::object& claims_;
  bool whole_ = true;
};

// So that seconds as milliseconds stay far from the end of their type.
constexpr std::int64_t expiry_s_max = std::numeric_limits<std::int64_t>::max() / 10'000;

session_claims read_claims(claim_reader& from, const session_claims& /*kind*/) {
  return {.uid = from.text("uid"),
          .company = from.id("company_id", base::company_prefix),
          .integration_id = from.text("integration_id"),
          .url = from.text("url"),
          .session = from.id("sid", base::session_prefix),
          .expires_at_s = from.number("exp", expiry_s_max)};
}

link_claims read_claims(claim_reader& from, const link_claims& /*kind*/) {
  return {.link = from.id("lid", base::link_prefix),
          .integration_id = from.text("integration_id"),
          .generation = static_cast<std::int32_t>(from.number("generation", std::numeric_limits<std::int32_t>::max())),
          .expires_at_s = from.number("exp", expiry_s_max)};
}

template <class Claims>
checked<Claims> check(std::string_view token, const std::string& secret, std::string_view purpose, base::epoch_ms now) {
  const auto refuse = [](token_fault why) { return std::unexpected(token_refusal<Claims>{why, {}}); };
  const auto opened = open(token, secret);
  if (!opened) return refuse(opened.error());
  claim_reader from(*opened);
  const std::string meant_for = from.text("purpose");
  if (!from.whole()) return refuse(token_fault::malformed);
  if (meant_for != purpose) return refuse(token_fault::wrong_purpose);
  Claims claims = read_claims(from, Claims{});
  if (!from.whole()) return refuse(token_fault::malformed);
  if (now >= claims.expires_at_s * 1000) {
    return std::unexpected(token_refusal<Claims>{token_fault::expired, std::move(claims)});
  }
  return claims;
}

}  // namespace

std::string_view to_string(token_fault value) noexcept { return faults.of(value); }

token_key::token_key(std::string secret) : secret_(std::move(secret)) {
  assert(secret_.size() >= base::limits::token_secret_bytes_min);
}

token_key::~token_key() { sodium_memzero(secret_.data(), secret_.size()); }

std::string token_key::sign(const session_claims& claims) const {
  return sign_claims({{"purpose", session_purpose},
                      {"uid", claims.uid},
                      {"company_id", base::format_id(base::company_prefix, claims.company)},
                      {"integration_id", claims.integration_id},
                      {"url", claims.url},
                      {"sid", base::format_id(base::session_prefix, claims.session)},
                      {"exp", claims.expires_at_s}},
                     secret_);
}

std::string token_key::sign(const link_claims& claims) const {
  return sign_claims({{"purpose", link_purpose},
                      {"lid", base::format_id(base::link_prefix, claims.link)},
                      {"integration_id", claims.integration_id},
                      {"generation", claims.generation},
                      {"exp", claims.expires_at_s}},
                     secret_);
}

checked<session_claims> token_key::check_session(std::string_view token, base::epoch_ms now) const {
  return check<session_claims>(token, secret_, session_purpose, now);
}

checked<link_claims> token_key::check_link(std::string_view token, base::epoch_ms now) const {
  return check<link_claims>(token, secret_, link_purpose, now);
}

std::int64_t expiry_s(base::epoch_ms ends_at) noexcept { return (ends_at + 999) / 1000; }

}  // namespace posthorn::assessment
