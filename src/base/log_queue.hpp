// Carries log lines to a descriptor on a thread of its own, so that a reader that stands still (a pipe that nobody
// reads, a disk that hangs) stops nobody who logs. Lines that do not fit into the queue are dropped and counted; one
// line says how many as soon as the reader takes lines again.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace posthorn::base {

namespace limits {
inline constexpr std::size_t log_queue_bytes_max = 1024 * 1024;  // waiting; as many more may be on their way out
inline constexpr int log_exit_ms_max = 1'000;                    // the process's end waits no longer for the reader
}  // namespace limits

// Thread-safe.
class log_queue {
 public:
  // The text of the line that says how many were dropped since the last such line.
  using loss_line = std::function<std::string(std::uint64_t lines)>;

  // `descriptor` stays the caller's and outlives the queue.
  log_queue(int descriptor, std::size_t bytes_max, loss_line describe_loss);
  log_queue(const log_queue&) = delete;
  log_queue& operator=(const log_queue&) = delete;
  // Drops what is not written. Call flush() before it.
  ~log_queue();

  // A line without its end. Never waits for the reader.
  void push(std::string_view line);
  // Waits until all that was pushed is written. False: `bound` was over before.
  bool flush(std::chrono::milliseconds bound);
  // Lines that were never written, since the start.
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  void run();
  // False: the descriptor takes nothing any more, or the queue is being destroyed.
  [[nodiscard]] bool append_loss(std::string& batch, std::uint64_t lost) const noexcept;
  bool write_out(std::string_view text);
  [[nodiscard]] bool wait_for_reader() const;
  [[nodiscard]] bool has_work() const noexcept;

  const int descriptor_;
  const std::size_t bytes_max_;
  const loss_line describe_loss_;
  int wake_ = -1;  // readable once the queue is being destroyed

  mutable std::mutex guard_;  // for all below
  std::condition_variable woken_, written_;
  std::string waiting_;
  std::uint64_t waiting_lines_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t unreported_ = 0;  // of them, in no line yet
  bool writing_ = false;
  bool broken_ = false;  // the last write failed: the loss is reported with the next line
  bool stopping_ = false;
  std::thread thread_;
};

// Of this process's log on standard error (log.hpp).
[[nodiscard]] std::uint64_t log_lines_dropped();
// Called by itself at a normal end of the process, with limits::log_exit_ms_max. Call it before any other end.
bool flush_log(std::chrono::milliseconds bound = std::chrono::milliseconds(limits::log_exit_ms_max));

}  // namespace posthorn::base
