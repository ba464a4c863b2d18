// The bounded log of refused API calls (contract 2.10): a queue in memory, written by the store's maintenance into a
// ring of limits::request_log_rows_max rows.
#pragma once

#include <atomic>
#include <mutex>
#include <string_view>
#include <vector>

#include "store/queries.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

class request_journal final : public request_log {
 public:
  explicit request_journal(const base::clock& clock) : clock_(clock) {}

  void note(request_log_entry entry) override;
  // What was noted since the last call, oldest first. Thread: any.
  [[nodiscard]] std::vector<request_log_entry> take();
  [[nodiscard]] bool empty() const;
  // Entries that were counted only: too many in one second, or waiting.
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

 private:
  const base::clock& clock_;
  std::atomic<std::uint64_t> dropped_{0};
  mutable std::mutex mutex_;  // for the rest
  std::vector<request_log_entry> waiting_;
  std::int64_t second_ = 0;
  std::size_t in_second_ = 0;
};

// Appends and trims the ring. Writer thread, inside a transaction.
base::result<void> write_requests(connection& on, const std::vector<request_log_entry>& entries);

// Newest first. `integration_id` empty: all.
base::result<page<request_log_entry>> read_requests(connection& on, const log_subject& of, std::int64_t cursor,
                                                    std::size_t rows);

}  // namespace posthorn::store::sqlite
