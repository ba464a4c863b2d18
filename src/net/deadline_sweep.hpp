// Deadlines of many exchanges with one coarse timer, which runs only while an exchange does: arming a timer for each
// exchange would cost more than the rest of its bookkeeping. Single-threaded.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <cstddef>
#include <memory>

namespace posthorn::net {

// An exchange's entry; lives in its coroutine and leaves the list by itself.
struct running_exchange : boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
  using time_point = std::chrono::steady_clock::time_point;

  time_point started;
  time_point deadline;
  time_point step_deadline = time_point::max();  // of one address while connecting
  bool overdue = false;                          // the deadline has passed
  bool step_overdue = false;
  boost::asio::ip::tcp::socket* socket = nullptr;  // what it waits for: one of these is ended by the sweep
  boost::asio::steady_timer* wait = nullptr;

  [[nodiscard]] std::int32_t elapsed_us() const noexcept;
};

// For as long as this lives, `of` waits for `socket`: what the sweep closes is always alive.
class waiting_for {
 public:
  waiting_for(running_exchange& of, boost::asio::ip::tcp::socket& socket) noexcept : of_(of) { of_.socket = &socket; }
  waiting_for(const waiting_for&) = delete;
  waiting_for& operator=(const waiting_for&) = delete;
  ~waiting_for() { of_.socket = nullptr; }

 private:
  running_exchange& of_;
};

class deadline_sweep {
 public:
  explicit deadline_sweep(boost::asio::io_context& io);
  ~deadline_sweep();
  deadline_sweep(const deadline_sweep&) = delete;
  deadline_sweep& operator=(const deadline_sweep&) = delete;

  // From now until `entry` dies: within limits::deadline_sweep_ms after its deadline, `overdue` is set and what it
  // waits for ends with an error.
  void add(running_exchange& entry, std::chrono::milliseconds timeout);
  [[nodiscard]] std::size_t running() const noexcept { return entries_.size(); }

 private:
  using entry_list = boost::intrusive::list<running_exchange, boost::intrusive::constant_time_size<false>>;

  void arm();
  void sweep();

  boost::asio::steady_timer timer_;
  std::shared_ptr<deadline_sweep*> alive_;  // null behind it once this is gone
  bool armed_ = false;
  entry_list entries_;
};

}  // namespace posthorn::net
