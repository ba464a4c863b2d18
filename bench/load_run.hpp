// Drives connections against one URL from one thread. Closed loop: each connection sends as soon as it is answered.
// Open loop (`rate`): requests fall due on a fixed schedule and wait for a free connection; latency counts from the due
// time, so that a slow server cannot hide its queue.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <queue>
#include <string>
#include <vector>

#include "histogram.hpp"
#include "load_requests.hpp"
#include "wire.hpp"

namespace posthorn::bench {

struct load_options {
  std::size_t connections = 64;
  double rate = 0;          // requests a second; 0 = closed loop
  double seconds = 10;      // stop sending after this long
  std::uint64_t count = 0;  // or after this many accepted events, if not 0
  std::size_t batch = 1;
};

struct load_report {
  std::uint64_t requests = 0;
  std::uint64_t accepted = 0;  // events of requests answered 2xx
  std::uint64_t broken = 0;    // connections that ended before their answer
  std::map<int, std::uint64_t> statuses;
  std::int64_t started_us = 0;
  std::int64_t ended_us = 0;  // the last answer
  histogram latency;
  std::string first_refusal;  // the body of the first answer that was not 2xx

  [[nodiscard]] std::string json() const;
};

class load_run {
 public:
  load_run(load_options options, target where, request_maker& requests);
  ~load_run();
  load_run(const load_run&) = delete;
  load_run& operator=(const load_run&) = delete;

  // Returns when every request that was sent is answered.
  [[nodiscard]] load_report run();

 private:
  struct connection {
    int fd = -1;
    std::int64_t due_us = 0;  // what latency counts from
    std::string in;
  };
  struct pause {
    std::int64_t until_us;
    std::size_t connection;
    bool operator>(const pause& other) const { return until_us > other.until_us; }
  };

  void open(std::size_t index);
  void replace(std::size_t index);
  void send_what_is_due();
  void send(std::size_t index, std::int64_t due_us);
  void receive(std::size_t index);
  void take_answer(std::size_t index, const message& answer);
  [[nodiscard]] bool may_send(std::int64_t now) const;
  [[nodiscard]] std::int64_t next_due_us() const;
  void wait();

  const load_options options_;
  const target where_;
  request_maker& requests_;
  const int epoll_;

  std::vector<connection> connections_;
  std::deque<std::size_t> idle_;
  std::priority_queue<pause, std::vector<pause>, std::greater<>> paused_;  // told to come back later
  std::uint64_t in_flight_ = 0;
  std::uint64_t scheduled_ = 0;  // open loop: requests sent so far
  std::uint64_t refusals_ = 0;   // answers that coming back later will not change
  load_report report_;
};

}  // namespace posthorn::bench
