#include "app/admin_token.hpp"

#include <fmt/format.h>

#include "account/access.hpp"
#include "account/authenticator.hpp"
#include "app/data_directory.hpp"
#include "app/key_rotation.hpp"
#include "base/clock.hpp"
#include "store/audit_log.hpp"
#include "store/sqlite/store.hpp"

namespace posthorn::app {

base::result<admin_token_choice> choose_admin_token(const std::string& given, const std::string& stored) {
  if (given.empty()) {
    if (!stored.empty()) return admin_token_choice{};
    std::string made = account::new_admin_token();
    return admin_token_choice{.digest = account::digest_of(made), .made = std::move(made)};
  }
  const bool is_short = given.size() < account::admin_token_chars_min;
  std::string digest = account::digest_of(given);
  if (digest == stored) return admin_token_choice{.is_short = is_short};
  if (is_short) {
    return base::fail(base::fault::invalid_configuration,
                      fmt::format("POSTHORN_ADMIN_TOKEN must have {} characters or more: it has {}",
                                  account::admin_token_chars_min, given.size()));
  }
  return admin_token_choice{.digest = std::move(digest)};
}

base::result<std::string> reset_admin_token(const std::string& data, const std::string& master_key) {
  const auto directory = data_directory::open_existing(data);
  if (!directory) return std::unexpected(directory.error());
  auto key = settled_master_key(*directory, master_key);
  if (!key) return std::unexpected(std::move(key.error()));
  auto store = store::sqlite::embedded_store::open({.data_directory = directory->path(), .master_key = *std::move(key)},
                                                   base::system_clock());
  if (!store) return std::unexpected(std::move(store.error()));
  store::audit_note note{.entry = {.actor = store::actor_kind::operations,
                                   .action = "posthorn admin reset-token",
                                   .object = "admin token"}};
  const store::acting as(&note);
  std::string token = account::new_admin_token();
  if (auto set = (*store)->config().set_admin_token_digest(account::digest_of(token)); !set) {
    return std::unexpected(std::move(set.error()));
  }
  return token;
}

}  // namespace posthorn::app
