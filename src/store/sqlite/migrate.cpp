#include "store/sqlite/migrate.hpp"

#include <fmt/format.h>

#include <array>
#include <string>

#include "base/log.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr const char* scripts[] = {
#include "store/sqlite/migration_scripts.inc"
};
constexpr std::int64_t newest = std::size(scripts);

std::int64_t version_of(const connection& on) {
  statement query(on, "PRAGMA user_version");
  return query.step() == SQLITE_ROW ? query.integer(0) : -1;
}

}  // namespace

base::result<void> migrate(connection& on) {
  const std::int64_t version = version_of(on);
  if (version < 0) return on.failed("reading the store's version", sqlite3_extended_errcode(on.handle()));
  if (version > newest) {
    return base::fail(base::fault::store_newer,
                      fmt::format("the store has schema version {}, this program knows up to {}: run the program that "
                                  "wrote it, or a newer one",
                                  version, newest));
  }
  for (std::int64_t next = version; next < newest; ++next) {
    const std::string script =
        fmt::format("BEGIN IMMEDIATE;{};PRAGMA user_version={};COMMIT;", scripts[next], next + 1);
    if (const int code = on.exec(script.c_str()); code != SQLITE_OK) {
      auto failure = on.failed(fmt::format("migrating the store to version {}", next + 1), code);
      on.exec("ROLLBACK");
      return failure;
    }
    base::log_info("store_migrated", {{"version", next + 1}});
  }
  return {};
}

}  // namespace posthorn::store::sqlite
