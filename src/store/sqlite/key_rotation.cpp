#include "store/sqlite/key_rotation.hpp"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <limits>
#include <vector>

#include "store/sqlite/audit_table.hpp"
#include "store/sqlite/key_check.hpp"
#include "store/sqlite/migrate.hpp"
#include "store/sqlite/sql_result.hpp"
#include "store/sqlite/transaction.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr std::string_view column = "sealed";
constexpr std::string_view doing = "sealing the store's secrets anew";

// Every table that has such a column, also one that a later version adds.
base::result<std::vector<std::string>> sealed_tables(connection& on) {
  statement query(on,
                  "SELECT t.name FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type='table' AND "
                  "c.name=?1");
  query.bind_text(1, column);
  std::vector<std::string> tables;
  while (true) {
    const auto more = next_row(on, query, doing);
    if (!more) return std::unexpected(more.error());
    if (!*more) return tables;
    tables.emplace_back(query.text(0));
  }
}

base::result<std::size_t> reseal_table(connection& on, const std::string& table, const secret_box& from,
                                       const secret_box& to) {
  statement next(on, fmt::format("SELECT id,sealed FROM {} WHERE id>?1 ORDER BY id LIMIT 1", table));
  statement keep(on, fmt::format("UPDATE {} SET sealed=?2 WHERE id=?1", table));
  std::size_t count = 0;
  for (std::int64_t last = std::numeric_limits<std::int64_t>::min();; ++count) {
    const reading scope(next.bind(1, last));
    const auto more = next_row(on, next, doing);
    if (!more) return std::unexpected(more.error());
    if (!*more) return count;
    last = next.integer(0);
    const secret_place place{table, last, column};
    const auto plain = from.open(next.text(1), place);
    if (!plain) return std::unexpected(plain.error());
    const std::string sealed = to.seal(*plain, place);
    keep.bind(1, last).bind_blob(2, sealed);
    if (auto done = run(on, keep, doing); !done) return std::unexpected(std::move(done.error()));
    keep.reset();
  }
}

base::result<std::size_t> reseal_all(connection& on, const secret_box& from, const secret_box& to) {
  const auto tables = sealed_tables(on);
  if (!tables) return std::unexpected(tables.error());
  std::size_t count = 0;
  for (const std::string& table : *tables) {
    const auto done = reseal_table(on, table, from, to);
    if (!done) return done;
    count += *done;
  }
  statement keep(on, "INSERT OR REPLACE INTO meta(key,value) VALUES('master_key_check',?1)");
  const std::string value = to.check_value();
  keep.bind_blob(1, value);
  return run_for(count, on, keep, doing);
}

}  // namespace

base::result<bool> opens_with(const std::string& data_directory, const secret_box& key) {
  auto on = connection::open(data_directory + "/posthorn.db", connection::mode::read_only);
  if (!on) return std::unexpected(std::move(on.error()));
  const auto right = verify_master_key(*on, key);
  if (!right && right.error().code != base::fault::wrong_master_key) return std::unexpected(right.error());
  return right.has_value();
}

base::result<std::size_t> reseal(const std::string& data_directory, const secret_box& from, const secret_box& to,
                                 const base::clock& clock) {
  auto on = connection::open(data_directory + "/posthorn.db", connection::mode::read_write);
  if (!on) return std::unexpected(std::move(on.error()));
  if (auto right = verify_master_key(*on, from); !right) return std::unexpected(std::move(right.error()));
  if (auto migrated = migrate(*on); !migrated) return std::unexpected(std::move(migrated.error()));
  // What the old key opens is not to stay behind in free pages, nor in the journal.
  on->exec("PRAGMA secure_delete=ON");
  transaction all(*on, "BEGIN IMMEDIATE");
  const auto count = reseal_all(*on, from, to);
  if (!count) return count;
  const audit_entry entry{
      .actor = actor_kind::operations, .action = "posthorn admin rotate-master-key", .object = "master key"};
  auto told = write_audit(*on, entry, change_of({}, {}, {{"secrets", *count}}), clock.wall());
  if (!told) return std::unexpected(std::move(told.error()));
  if (auto done = all.commit(doing); !done) return std::unexpected(std::move(done.error()));
  on->exec("PRAGMA wal_checkpoint(TRUNCATE)");
  return count;
}

}  // namespace posthorn::store::sqlite
