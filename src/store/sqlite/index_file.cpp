#include "store/sqlite/index_file.hpp"

#include <cstring>
#include <filesystem>

#include "base/log.hpp"
#include "store/sqlite/sql_result.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr std::int64_t index_version = 2;  // user_version in the schema below

// NORMAL: a power cut may lose the last batches, never the file's order. The longer WAL lets pages that many batches
// write be checkpointed once.
constexpr const char* writer_pragmas =
    "PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-12288;";

constexpr const char* schema = R"sql(
BEGIN;
CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE type(no INTEGER PRIMARY KEY, integration INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE(integration, name));
CREATE TABLE segment(no INTEGER PRIMARY KEY, first_id INTEGER NOT NULL);
CREATE TABLE ev_type(type INTEGER, id INTEGER, PRIMARY KEY(type, id)) WITHOUT ROWID;
CREATE TABLE ev_uid(segment INTEGER, uid_key INTEGER, id INTEGER, PRIMARY KEY(segment, uid_key, id)) WITHOUT ROWID;
CREATE TABLE dlv_endpoint(endpoint INTEGER, dlv INTEGER, PRIMARY KEY(endpoint, dlv)) WITHOUT ROWID;
CREATE TABLE idem_key(segment INTEGER, key INTEGER, id INTEGER, PRIMARY KEY(segment, key, id)) WITHOUT ROWID;
INSERT INTO meta VALUES('position', 0), ('events', 0);
PRAGMA user_version=2;
COMMIT;)sql";

std::int64_t mix(std::uint64_t value) noexcept {
  value ^= value >> 33;
  value *= 0xff51afd7ed558ccdULL;
  value ^= value >> 33;
  return static_cast<std::int64_t>(value);
}

// Reads every table's definition, so that statements compile later without touching the file's damage.
base::result<std::int64_t> version_of(const connection& on) {
  statement version(on, "PRAGMA user_version");
  auto found = next_row(on, version, "reading the index's version");
  if (!found) return std::unexpected(std::move(found.error()));
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v2(on.handle(), "SELECT count(*) FROM sqlite_schema", -1, &raw, nullptr);
  sqlite3_finalize(raw);
  if (code != SQLITE_OK) return on.failed("reading the index's schema", code);
  return version.integer(0);
}

base::result<connection> open_existing(const std::string& path, std::string_view store_id) {
  auto on = connection::open(path, connection::mode::read_write);
  if (!on) return on;
  if (const int code = on->exec(writer_pragmas); code != SQLITE_OK) return on->failed("opening the index", code);
  const auto version = version_of(*on);
  if (!version) return std::unexpected(version.error());
  if (*version != index_version) return base::fail(base::fault::store_corrupt, "not an index of this version");
  statement owner(*on, "SELECT 1 FROM meta WHERE key='store_id' AND value=?1");
  owner.bind_text(1, store_id);
  const auto owned = next_row(*on, owner, "reading the index's store");
  if (!owned) return std::unexpected(owned.error());
  if (!*owned) return base::fail(base::fault::store_corrupt, "the index of another store");
  return on;
}

base::result<connection> make(const std::string& path, std::string_view store_id) {
  auto on = connection::open(path, connection::mode::read_write);
  if (!on) return on;
  for (const char* script : {writer_pragmas, schema}) {
    if (const int code = on->exec(script); code != SQLITE_OK) return on->failed("making the index", code);
  }
  statement owner(*on, "INSERT INTO meta VALUES('store_id',?1)");
  owner.bind_text(1, store_id);
  if (auto done = run(*on, owner, "making the index"); !done) return std::unexpected(done.error());
  return on;
}

}  // namespace

std::int64_t uid_key(model::integration_no integration, std::string_view uid) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325ULL ^ (static_cast<std::uint64_t>(integration) * 0x9e3779b97f4a7c15ULL);
  for (const char c : uid) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return mix(hash);
}

std::int64_t idempotency_key_prefix(std::string_view key) noexcept {
  std::int64_t prefix = 0;
  std::memcpy(&prefix, key.data(), std::min(key.size(), sizeof prefix));
  return prefix;
}

void remove_index(const std::string& path) {
  std::error_code ignored;  // a file that stays makes the next open fail, which is reported
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(path + suffix, ignored);
}

base::result<connection> open_index(const std::string& path, std::string_view store_id) {
  if (std::filesystem::exists(path)) {
    auto existing = open_existing(path, store_id);
    if (existing || existing.error().code != base::fault::store_corrupt) return existing;
    base::log_warn("index_discarded", {{"path", path}, {"why", existing.error().detail}});
  }
  remove_index(path);
  return make(path, store_id);
}

base::result<connection> open_index_reader(const std::string& path) {
  auto on = connection::open(path, connection::mode::read_only);
  if (!on) return on;
  const auto version = version_of(*on);
  if (!version) return std::unexpected(version.error());
  if (*version != index_version) return base::fail(base::fault::store_unavailable, "the index is being made");
  return on;
}

}  // namespace posthorn::store::sqlite
