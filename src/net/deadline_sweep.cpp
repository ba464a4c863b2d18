#include "net/deadline_sweep.hpp"

#include <algorithm>
#include <limits>

#include "base/limits.hpp"

namespace posthorn::net {
namespace {

using steady = std::chrono::steady_clock;

void interrupt(running_exchange& entry) {
  boost::system::error_code ignored;
  if (entry.socket != nullptr) entry.socket->close(ignored);
  if (entry.wait != nullptr) entry.wait->cancel();
}

}  // namespace

std::int32_t running_exchange::elapsed_us() const noexcept {
  const auto passed = std::chrono::duration_cast<std::chrono::microseconds>(steady::now() - started).count();
  // 0 means "did not happen".
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(passed, 1, std::numeric_limits<std::int32_t>::max()));
}

deadline_sweep::deadline_sweep(boost::asio::io_context& io)
    : timer_(io), alive_(std::make_shared<deadline_sweep*>(this)) {}

deadline_sweep::~deadline_sweep() {
  *alive_ = nullptr;
  entries_.clear();
}

void deadline_sweep::add(running_exchange& entry, std::chrono::milliseconds timeout) {
  entry.started = steady::now();
  entry.deadline = entry.started + timeout;
  entries_.push_back(entry);
  if (!armed_) arm();
}

void deadline_sweep::arm() {
  armed_ = true;
  timer_.expires_after(std::chrono::milliseconds(base::limits::deadline_sweep_ms));
  timer_.async_wait([alive = alive_](const boost::system::error_code& cancelled) {
    if (!cancelled && *alive != nullptr) (*alive)->sweep();
  });
}

void deadline_sweep::sweep() {
  armed_ = false;
  const steady::time_point now = steady::now();
  for (running_exchange& entry : entries_) {
    entry.overdue = entry.overdue || now >= entry.deadline;
    entry.step_overdue = entry.step_overdue || now >= entry.step_deadline;
    if (entry.overdue || entry.step_overdue) interrupt(entry);
  }
  if (!entries_.empty()) arm();
}

}  // namespace posthorn::net
