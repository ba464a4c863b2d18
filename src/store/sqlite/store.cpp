#include "store/sqlite/store.hpp"

#include <filesystem>

#include "base/log.hpp"
#include "base/random.hpp"
#include "store/sqlite/audit_gateway.hpp"
#include "store/sqlite/config_gateway.hpp"
#include "store/sqlite/config_tables.hpp"
#include "store/sqlite/key_check.hpp"
#include "store/sqlite/load_directory.hpp"
#include "store/sqlite/migrate.hpp"
#include "store/sqlite/recovery.hpp"
#include "store/sqlite/sql_result.hpp"

namespace posthorn::store::sqlite {
namespace {

base::result<std::string> settle_token_secret(connection& on, const secret_box& secrets) {
  constexpr std::int64_t only_row = 1;
  const secret_place place{"token_key", only_row, "sealed"};
  statement find(on, "SELECT sealed FROM token_key WHERE id=?1");
  find.bind(1, only_row);
  const auto found = next_row(on, find, "reading the token key");
  if (!found) return std::unexpected(found.error());
  if (*found) return secrets.open(find.text(0), place);
  const std::string secret = base::random_bytes(base::limits::token_secret_bytes_min);
  const std::string sealed = secrets.seal(secret, place);
  statement keep(on, "INSERT INTO token_key(id,sealed) VALUES(?1,?2)");
  keep.bind(1, only_row).bind_blob(2, sealed);
  return run_for(secret, on, keep, "keeping the token key");
}

bool takes_all(const model::endpoint&, std::string_view, std::string_view) { return true; }

base::result<void> check_file(connection& on) {
  statement check(on, "PRAGMA quick_check(1)");
  const auto found = next_row(on, check, "checking the store");
  if (!found) return std::unexpected(found.error());
  if (*found && check.text(0) != "ok") {
    return base::fail(base::fault::store_corrupt,
                      "posthorn.db is damaged: " + std::string(check.text(0)) + ": restore a backup (docs/backup.md)");
  }
  return {};
}

}  // namespace

base::result<std::unique_ptr<embedded_store>> embedded_store::open(const store_options& options, base::clock& clock) {
  auto secrets = secret_box::make(options.master_key);
  if (!secrets) return std::unexpected(std::move(secrets.error()));
  const std::string path = options.data_directory + "/posthorn.db";
  // A check reads the whole file, so only a small store gets it; damage in a large one shows where it is read.
  const bool check = std::filesystem::exists(path) && std::filesystem::file_size(path) < 64 * base::limits::mib;
  auto on = connection::open(path, connection::mode::read_write);
  if (!on) return std::unexpected(std::move(on.error()));
  if (check) {
    if (auto whole = check_file(*on); !whole) return std::unexpected(std::move(whole.error()));
  }
  if (auto right = verify_master_key(*on, *secrets); !right) return std::unexpected(std::move(right.error()));
  if (auto migrated = migrate(*on); !migrated) return std::unexpected(std::move(migrated.error()));
  if (auto kept = keep_key_check(*on, *secrets); !kept) return std::unexpected(std::move(kept.error()));

  auto token_secret = settle_token_secret(*on, *secrets);
  if (!token_secret) return std::unexpected(std::move(token_secret.error()));

  std::unique_ptr<embedded_store> made(new embedded_store(*secrets, clock));
  made->token_secret_ = *std::move(token_secret);
  auto done = made->assemble(options, std::move(*on), clock);
  if (!done) return std::unexpected(std::move(done.error()));
  return made;
}

base::result<void> embedded_store::assemble(const store_options& options, connection on, base::clock& clock) {
  const std::string store_path = options.data_directory + "/posthorn.db";
  const std::string index_path = options.data_directory + "/index.db";
  auto loaded = load_directory(on, secrets_, clock.wall(), nullptr);
  if (!loaded) return std::unexpected(std::move(loaded.error()));
  auto reader = connection::open(store_path, connection::mode::read_only);
  if (!reader) return std::unexpected(std::move(reader.error()));
  key_reader_ = std::move(*reader);

  auto builder = index_builder::open({.store_path = store_path,
                                      .index_path = index_path,
                                      .purge =
                                          [this](const std::vector<model::event_id>& events) {
                                            base::result<purge_result> purged;
                                            auto done = writer_->run([&](unit_context& context) -> base::result<void> {
                                              purged = purge(context.on, events, context.group.wall);
                                              if (!purged) return std::unexpected(purged.error());
                                              return {};
                                            });
                                            if (!done) return base::result<purge_result>(std::unexpected(done.error()));
                                            return purged;
                                          },
                                      .clock = &clock});
  if (!builder) return std::unexpected(std::move(builder.error()));
  index_ = std::move(*builder);
  old_keys_ = std::make_unique<old_key_finder>(key_reader_, index_path, *index_);

  const bool first_start = loaded->companies.empty();
  writer_ = std::make_unique<writer>(
      writer::options{.path = store_path,
                      .secrets = &secrets_,
                      .clock = &clock,
                      .disk_free_low_water = options.disk_free_low_water_bytes,
                      .older_keys = [this](const std::array<std::uint8_t, 16>& key) { return old_keys_->find(key); },
                      .publish = [this](shared_directory now_current) { publish(std::move(now_current)); },
                      .committed = [this](std::uint64_t events) { index_->note_committed(events); },
                      .indexed_up_to = [this] { return index_->position(); },
                      .requests = &journal_,
                      .takes = options.takes ? options.takes : takes_all},
      std::move(on), std::move(*loaded));
  config_ = std::make_unique<config_gateway>(*writer_, secrets_);
  queries_ =
      std::make_unique<sqlite_queries>(read_pool::options{.store_path = store_path, .index_path = index_path}, *index_);
  audit_ = std::make_unique<audit_gateway>(*writer_, queries_->pool());
  replays_ = std::make_unique<replay_gateway>(*writer_, secrets_, queries_->pool());
  certificates_ = std::make_unique<certificate_gateway>(*writer_, queries_->pool());
  sessions_ = std::make_unique<session_gateway>(*writer_, queries_->pool());
  traffic_ = std::make_unique<traffic_gateway>(*writer_, queries_->pool());
  links_ = std::make_unique<link_gateway>(*writer_, queries_->pool());
  persons_ = std::make_unique<person_gateway>(*writer_, queries_->pool(), *index_, journal_);
  people_ = std::make_unique<people_gateway>(*writer_, queries_->pool());
  if (first_start) {
    if (auto company = config_->create_company("default"); !company) return std::unexpected(std::move(company.error()));
  }
  return {};
}

embedded_store::~embedded_store() { stop(); }

base::result<void> embedded_store::start(delivery_sink& sink) {
  if (auto started = writer_->start(sink); !started) return started;
  index_->start();
  return {};
}

void embedded_store::stop() {
  // The builder may be waiting for the writer (a purge): the writer ends first and refuses what comes after.
  if (writer_) writer_->stop();
  if (index_) index_->stop();
}

void embedded_store::publish(shared_directory now_current) {
  const std::lock_guard lock(directory_mutex_);
  directory_version_.store(now_current->version, std::memory_order_release);
  directory_ = std::move(now_current);
}

shared_directory embedded_store::current() const {
  const std::lock_guard lock(directory_mutex_);
  return directory_;
}

std::uint64_t embedded_store::version() const noexcept { return directory_version_.load(std::memory_order_acquire); }

health_report embedded_store::health() const { return writer_->health(); }

store_stats embedded_store::stats() const {
  const counters& from = writer_->counts();
  store_stats now;
  now.events_accepted = from.events_accepted;
  from.commit_us.add_to(now.commit_us);
  from.commit_items.add_to(now.commit_items);
  now.deliveries_delivered = from.delivered;
  now.deliveries_failed = from.failed;
  now.retries_planned = from.retries_planned;
  now.pending_rows = from.pending_rows;
  now.direct_outstanding = from.direct_outstanding;
  now.index_lag_events = index_->lag_events();
  now.parked_rows = from.parked_rows;
  now.deepest_lane = from.deepest_lane;
  const base::epoch_ms engine_now = writer_->time().engine();
  const auto age_ms = [engine_now](base::epoch_ms since) {
    return since > 0 ? std::max<base::epoch_ms>(0, engine_now - since) : 0;
  };
  now.oldest_due_ms = age_ms(from.oldest_due);
  now.stalled_ms = age_ms(from.stalled_since);
  now.since_turn_ms = age_ms(from.surveyed_at);
  return now;
}

}  // namespace posthorn::store::sqlite
