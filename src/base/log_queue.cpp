#include "base/log_queue.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <system_error>
#include <utility>

namespace posthorn::base {
namespace {

// A pipe that polls as writable takes this much without blocking, and does not mix it with what others write.
constexpr std::size_t write_bytes_max = PIPE_BUF;

// Whole lines where they fit.
std::string_view next_piece(std::string_view text) {
  if (text.size() <= write_bytes_max) return text;
  const std::size_t end = text.rfind('\n', write_bytes_max - 1);
  return text.substr(0, end == std::string_view::npos ? write_bytes_max : end + 1);
}

}  // namespace

log_queue::log_queue(int descriptor, std::size_t bytes_max, loss_line describe_loss)
    : descriptor_(descriptor),
      bytes_max_(bytes_max),
      describe_loss_(std::move(describe_loss)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (wake_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  thread_ = std::thread([this] { run(); });
}

log_queue::~log_queue() {
  {
    const std::lock_guard lock(guard_);
    stopping_ = true;
    woken_.notify_one();
  }
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_, &one, sizeof one);
  thread_.join();
  ::close(wake_);
}

void log_queue::push(std::string_view line) {
  const std::lock_guard lock(guard_);
  if (waiting_.size() + line.size() + 1 > bytes_max_) {
    ++dropped_;
    ++unreported_;
    return;
  }
  waiting_ += line;
  waiting_ += '\n';
  ++waiting_lines_;
  woken_.notify_one();
}

bool log_queue::flush(std::chrono::milliseconds bound) {
  std::unique_lock lock(guard_);
  return written_.wait_for(lock, bound, [this] { return !has_work() && !writing_; });
}

std::uint64_t log_queue::dropped() const {
  const std::lock_guard lock(guard_);
  return dropped_;
}

bool log_queue::has_work() const noexcept { return !waiting_.empty() || (unreported_ > 0 && !broken_); }

void log_queue::run() {
  std::string batch;
  std::unique_lock lock(guard_);
  for (;;) {
    woken_.wait(lock, [this] { return stopping_ || has_work(); });
    if (stopping_) return;
    batch.clear();
    std::swap(batch, waiting_);
    std::uint64_t lines = std::exchange(waiting_lines_, 0);
    // Behind what was logged before the loss.
    const std::uint64_t lost = std::exchange(unreported_, 0);
    writing_ = true;
    lock.unlock();
    const bool is_reported = lost == 0 || append_loss(batch, lost);
    const bool whole = write_out(batch);
    lock.lock();
    writing_ = false;
    broken_ = !whole;
    if (whole && !is_reported) unreported_ += lost;
    if (!whole) {
      dropped_ += lines;
      unreported_ += lines + lost;
    }
    written_.notify_all();
  }
}

// False: there is no memory for the line; it is told later.
bool log_queue::append_loss(std::string& batch, std::uint64_t lost) const noexcept {
  try {
    batch += describe_loss_(lost) + '\n';
    return true;
  } catch (...) {
    return false;
  }
}

bool log_queue::write_out(std::string_view text) {
  while (!text.empty()) {
    if (!wait_for_reader()) return false;
    const std::string_view piece = next_piece(text);
    const ssize_t count = ::write(descriptor_, piece.data(), piece.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR && errno != EAGAIN) {
      return false;
    }
  }
  return true;
}

bool log_queue::wait_for_reader() const {
  std::array<pollfd, 2> watched{
      {{.fd = descriptor_, .events = POLLOUT, .revents = 0}, {.fd = wake_, .events = POLLIN, .revents = 0}}};
  while (::poll(watched.data(), watched.size(), -1) < 0) {
    if (errno != EINTR) return false;
  }
  // A descriptor that has failed is written to all the same: write() says what is wrong.
  return watched[1].revents == 0;
}

}  // namespace posthorn::base
