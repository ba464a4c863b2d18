// The embedded store: one SQLite file that is the truth (posthorn.db), one rebuildable index beside it (index.db), one
// writer thread, one index thread, a few read connections. Gives out the ports; see store/*.hpp for their contracts.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "store/audit_log.hpp"
#include "store/config_store.hpp"
#include "store/directory.hpp"
#include "store/health.hpp"
#include "store/queries.hpp"
#include "store/secret_box.hpp"
#include "store/sqlite/certificate_gateway.hpp"
#include "store/sqlite/index_builder.hpp"
#include "store/sqlite/link_gateway.hpp"
#include "store/sqlite/old_keys.hpp"
#include "store/sqlite/people_gateway.hpp"
#include "store/sqlite/person_gateway.hpp"
#include "store/sqlite/replay_gateway.hpp"
#include "store/sqlite/request_journal.hpp"
#include "store/sqlite/session_gateway.hpp"
#include "store/sqlite/sqlite_queries.hpp"
#include "store/sqlite/traffic_gateway.hpp"
#include "store/sqlite/writer.hpp"

namespace posthorn::store::sqlite {

struct store_options {
  std::string data_directory;  // exists, writable, locked by the caller
  std::string master_key;      // secret_box::key_bytes raw bytes
  std::size_t disk_free_low_water_bytes = base::limits::disk_free_bytes_low_water;
  // For jobs that give an endpoint events that it never had. Empty: every endpoint takes every event.
  event_taker takes = {};
};

class embedded_store final : public directory_source, public health_source {
 public:
  // Opens or makes the store, migrates it, checks the master key. The first start makes the company "default".
  // wrong_master_key, store_newer, store_corrupt, store_unavailable: do not start.
  static base::result<std::unique_ptr<embedded_store>> open(const store_options& options, base::clock& clock);
  ~embedded_store() override;

  // Recovery, then accepting and delivering into `sink`. Configuration and queries work before it, too.
  base::result<void> start(delivery_sink& sink);
  // After the sink has stopped and reported. Idempotent.
  void stop();

  [[nodiscard]] event_intake& intake() noexcept { return *writer_; }
  [[nodiscard]] delivery_log& log() noexcept { return *writer_; }
  [[nodiscard]] directory_source& directory() noexcept { return *this; }
  [[nodiscard]] config_store& config() noexcept { return *config_; }
  [[nodiscard]] replay_store& replays() noexcept { return *replays_; }
  [[nodiscard]] store::queries& reads() noexcept { return *queries_; }
  [[nodiscard]] certificate_store& certificates() noexcept { return *certificates_; }
  [[nodiscard]] audit_log& changes() noexcept { return *audit_; }
  [[nodiscard]] people_store& people() noexcept { return *people_; }
  [[nodiscard]] session_store& sessions() noexcept { return *sessions_; }
  [[nodiscard]] traffic_log& traffic() noexcept { return *traffic_; }
  [[nodiscard]] link_store& links() noexcept { return *links_; }
  // Random, made at the first start, sealed like every secret: what signs tokens outlives a change of the master key.
  [[nodiscard]] const std::string& token_secret() const noexcept { return token_secret_; }
  [[nodiscard]] person_store& persons() noexcept { return *persons_; }
  [[nodiscard]] request_log& requests() noexcept { return journal_; }
  [[nodiscard]] health_source& condition() noexcept { return *this; }
  [[nodiscard]] index_builder& index() noexcept { return *index_; }

  [[nodiscard]] shared_directory current() const override;
  [[nodiscard]] std::uint64_t version() const noexcept override;
  [[nodiscard]] health_report health() const override;
  [[nodiscard]] store_stats stats() const override;

 private:
  embedded_store(const secret_box& secrets, base::clock& clock) : secrets_(secrets), journal_(clock) {}
  void publish(shared_directory now_current);
  base::result<void> assemble(const store_options& options, connection on, base::clock& clock);

  const secret_box secrets_;
  std::string token_secret_;
  request_journal journal_;
  mutable std::mutex directory_mutex_;  // for the next line
  shared_directory directory_;
  std::atomic<std::uint64_t> directory_version_{0};
  connection key_reader_;  // old_keys_ reads through it, on the writer's thread
  std::unique_ptr<index_builder> index_;
  std::unique_ptr<old_key_finder> old_keys_;
  std::unique_ptr<writer> writer_;
  std::unique_ptr<config_store> config_;
  std::unique_ptr<sqlite_queries> queries_;
  std::unique_ptr<audit_log> audit_;
  std::unique_ptr<replay_gateway> replays_;
  std::unique_ptr<certificate_gateway> certificates_;
  std::unique_ptr<session_gateway> sessions_;
  std::unique_ptr<traffic_gateway> traffic_;
  std::unique_ptr<link_gateway> links_;
  std::unique_ptr<person_gateway> persons_;
  std::unique_ptr<people_gateway> people_;
};

}  // namespace posthorn::store::sqlite
