#include "store/sqlite/key_check.hpp"

#include "store/sqlite/sql_result.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr std::string_view reading_key_check = "reading the master key's check value";

}  // namespace

base::result<void> verify_master_key(connection& on, const secret_box& key) {
  statement table(on, "SELECT 1 FROM sqlite_master WHERE type='table' AND name='meta'");
  const auto made = next_row(on, table, reading_key_check);
  if (!made) return std::unexpected(made.error());
  if (!*made) return {};
  statement find(on, "SELECT value FROM meta WHERE key='master_key_check'");
  const auto found = next_row(on, find, reading_key_check);
  if (!found) return std::unexpected(found.error());
  return *found ? key.verify(find.text(0)) : base::result<void>();
}

base::result<void> keep_key_check(connection& on, const secret_box& key) {
  statement find(on, "SELECT 1 FROM meta WHERE key='master_key_check'");
  const auto found = next_row(on, find, reading_key_check);
  if (!found) return std::unexpected(found.error());
  if (*found) return {};
  statement keep(on, "INSERT INTO meta(key,value) VALUES('master_key_check',?1)");
  const std::string value = key.check_value();
  keep.bind_blob(1, value);
  return run(on, keep, "keeping the master key's check value");
}

}  // namespace posthorn::store::sqlite
