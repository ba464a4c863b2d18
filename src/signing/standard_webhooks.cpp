#include "signing/standard_webhooks.hpp"

#include <sodium.h>

#include <algorithm>
#include <optional>

#include "base/encoding.hpp"
#include "base/limits.hpp"

namespace posthorn::signing {
namespace {

static_assert(crypto_sign_SECRETKEYBYTES == 64 && crypto_sign_PUBLICKEYBYTES == 32);
static_assert(crypto_sign_SEEDBYTES == 32);

// The base64 of `Bytes` bytes, without an allocation.
template <std::size_t Bytes>
struct base64_text {
  explicit base64_text(const std::array<unsigned char, Bytes>& bytes) {
    sodium_bin2base64(chars.data(), chars.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  }
  [[nodiscard]] std::string_view view() const { return {chars.data(), chars.size() - 1}; }

  std::array<char, (Bytes + 2) / 3 * 4 + 1> chars;  // with the NUL
};

// Key bytes in a string that is wiped on every way out.
class decoded_key {
 public:
  decoded_key(std::string_view prefix, std::string_view text) {
    if (text.starts_with(prefix)) bytes_ = base::from_base64(text.substr(prefix.size()));
  }
  decoded_key(const decoded_key&) = delete;
  decoded_key& operator=(const decoded_key&) = delete;
  ~decoded_key() {
    if (bytes_) sodium_memzero(bytes_->data(), bytes_->size());
  }

  [[nodiscard]] bool has_size(std::size_t min, std::size_t max) const {
    return bytes_ && bytes_->size() >= min && bytes_->size() <= max;
  }
  [[nodiscard]] std::string_view view() const { return *bytes_; }
  void copy_to(std::span<unsigned char> out) const { std::ranges::copy(*bytes_, out.begin()); }

 private:
  std::optional<std::string> bytes_;
};

hmac_key<hash::sha256>::mac mac_of(hmac_key<hash::sha256>& key, const webhook_message& message) {
  const std::string_view parts[] = {message.id, ".", message.timestamp, ".", message.body};
  return key.sign(parts);
}

// Ed25519 hashes the message twice, so it needs it in one piece.
std::string content_of(const webhook_message& message) {
  std::string content;
  content.reserve(message.id.size() + message.timestamp.size() + message.body.size() + 2);
  return content.append(message.id).append(".").append(message.timestamp).append(".").append(message.body);
}

const unsigned char* bytes_of(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

base::result<v1_key> v1_key::parse(std::string_view secret) {
  const decoded_key key(v1_secret_prefix, secret);
  if (!key.has_size(base::limits::webhook_secret_bytes_min, base::limits::webhook_secret_bytes_max)) {
    return base::fail(base::fault::invalid_field, "a v1 secret is whsec_ and the base64 of 24 to 64 bytes");
  }
  return v1_key(key.view());
}

void v1_key::append(std::string& out, const webhook_message& message) {
  out.append(v1_tag).append(base64_text(mac_of(key_, message)).view());
}

bool v1_key::matches(std::string_view signature, const webhook_message& message) {
  return base::equal_in_constant_time(base64_text(mac_of(key_, message)).view(), signature);
}

base::result<v1a_secret_key> v1a_secret_key::parse(std::string_view secret) {
  const decoded_key key(v1a_secret_prefix, secret);
  v1a_secret_key parsed;
  const std::size_t bytes = parsed.seed_and_public_.size();
  if (!key.has_size(bytes, bytes)) {
    return base::fail(base::fault::invalid_field,
                      "a v1a secret is whsk_ and the base64 of a 32-byte seed and its 32-byte public key");
  }
  key.copy_to(parsed.seed_and_public_);
  v1a_secret_key derived;
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> public_half;
  crypto_sign_seed_keypair(public_half.data(), derived.seed_and_public_.data(), parsed.seed_and_public_.data());
  // Signing with a foreign public half would leak the seed to whoever collects two such signatures.
  if (sodium_memcmp(derived.seed_and_public_.data(), parsed.seed_and_public_.data(), bytes) != 0) {
    return base::fail(base::fault::invalid_field, "the public half of this v1a secret does not belong to its seed");
  }
  return parsed;
}

v1a_secret_key::v1a_secret_key(v1a_secret_key&& other) noexcept : seed_and_public_(other.seed_and_public_) {
  sodium_memzero(other.seed_and_public_.data(), other.seed_and_public_.size());
}

v1a_secret_key& v1a_secret_key::operator=(v1a_secret_key&& other) noexcept {
  std::swap(seed_and_public_, other.seed_and_public_);
  return *this;
}

v1a_secret_key::~v1a_secret_key() { sodium_memzero(seed_and_public_.data(), seed_and_public_.size()); }

void v1a_secret_key::append(std::string& out, const webhook_message& message) const {
  const std::string content = content_of(message);
  std::array<unsigned char, crypto_sign_BYTES> signature;
  crypto_sign_detached(signature.data(), nullptr, bytes_of(content), content.size(), seed_and_public_.data());
  out.append(v1a_tag).append(base64_text(signature).view());
}

std::string v1a_secret_key::public_key() const {
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> half;
  std::copy_n(seed_and_public_.begin() + crypto_sign_SEEDBYTES, half.size(), half.begin());
  return std::string(v1a_public_prefix).append(base64_text(half).view());
}

base::result<v1a_public_key> v1a_public_key::parse(std::string_view text) {
  const decoded_key key(v1a_public_prefix, text);
  v1a_public_key parsed;
  if (!key.has_size(parsed.key_.size(), parsed.key_.size())) {
    return base::fail(base::fault::invalid_field, "a v1a public key is whpk_ and the base64 of 32 bytes");
  }
  key.copy_to(parsed.key_);
  return parsed;
}

bool v1a_public_key::matches(std::string_view signature, const webhook_message& message) const {
  const std::optional<std::string> bytes = base::from_base64(signature);
  if (!bytes || bytes->size() != crypto_sign_BYTES) return false;
  const std::string content = content_of(message);
  return crypto_sign_verify_detached(bytes_of(*bytes), bytes_of(content), content.size(), key_.data()) == 0;
}

}  // namespace posthorn::signing
