#include "account/authenticator.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>

#include "account/access.hpp"
#include "base/encoding.hpp"
#include "base/log.hpp"

namespace posthorn::account {
namespace {

using base::fault;

std::unexpected<base::error> refused(std::string detail) {
  return base::fail(fault::unauthenticated, std::move(detail));
}

}  // namespace

std::string_view bearer_token(std::string_view authorization) noexcept {
  constexpr std::string_view scheme = "bearer ";
  const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  if (authorization.size() < scheme.size() || !std::equal(scheme.begin(), scheme.end(), authorization.begin(), same) ||
      authorization[6] != ' ') {
    return {};
  }
  authorization.remove_prefix(scheme.size());
  authorization.remove_prefix(std::min(authorization.find_first_not_of(' '), authorization.size()));
  return authorization;
}

base::result<caller> authenticator::identify(const credentials& given) {
  const bool by_header = !given.api_key.empty();
  if (!by_header && given.authorization.empty()) return caller{};
  const std::string_view key = by_header ? given.api_key : bearer_token(given.authorization);
  if (key.empty()) return refused("the Authorization header is not of the form: Bearer TOKEN");

  if (last_ != nullptr && last_version_ == directory_.version() && base::equal_in_constant_time(key, last_key_)) {
    if (has_expired(last_expires_at_, clock_.wall())) return refused("this API key has been rotated out");
    return caller{caller_kind::integration, last_, last_key_id_};
  }
  return by_key(key, *directory_.current());
}

bool authenticator::is_admin(const credentials& given) const {
  if (!given.api_key.empty()) return false;
  const std::string_view token = bearer_token(given.authorization);
  const store::shared_directory now = directory_.current();
  if (token.empty() || now->admin_token_digest.empty() ||
      !base::equal_in_constant_time(digest_of(token), now->admin_token_digest)) {
    return false;
  }
  static std::atomic_flag warned;
  if (token.size() < admin_token_chars_min && !warned.test_and_set()) {
    base::log_warn("admin_token_short", {{"chars", token.size()},
                                         {"chars_min", admin_token_chars_min},
                                         {"help", "set a longer one: the next release refuses this one"}});
  }
  return true;
}

base::result<caller> authenticator::by_key(std::string_view key, const store::directory& now) {
  const auto number = now.by_key_digest.find(digest_of(key));
  if (number == now.by_key_digest.end()) return refused("the API key or token is not known");
  const auto entry = now.integrations.find(number->second);
  assert(entry != now.integrations.end());
  const auto& keys = entry->second->keys;
  const auto match = std::ranges::find_if(
      keys, [key](const model::api_key& known) { return base::equal_in_constant_time(key, known.text); });
  if (match == keys.end()) return refused("the API key or token is not known");
  if (has_expired(match->expires_at, clock_.wall())) return refused("this API key has been rotated out");
  last_key_ = key;
  last_version_ = now.version;
  last_ = entry->second;
  last_key_id_ = match->id;
  last_expires_at_ = match->expires_at;
  return caller{caller_kind::integration, last_, last_key_id_};
}

std::string digest_of(std::string_view secret) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), digest.data());
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace posthorn::account
