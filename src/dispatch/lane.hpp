// One worker's part of an endpoint's lane: what waits to be sent, in the order it came. Worker's thread only.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <string>

#include "dispatch/lane_room.hpp"
#include "dispatch/prepared_endpoint.hpp"
#include "store/delivery_log.hpp"

namespace posthorn::dispatch {

struct queued_delivery {
  store::owed_delivery owed;
  lane_room* room = nullptr;
  bool reported = false;
};

class lane {
 public:
  // Of this many deliveries taken while both kinds wait, one is a retry: first tries are not starved by retries, nor
  // retries by a steady stream of first tries.
  static constexpr int retry_every = 4;

  void push(queued_delivery delivery) {
    room = delivery.room;
    (delivery.owed.first_try ? first_tries_ : retries_).push_back(std::move(delivery));
  }

  [[nodiscard]] std::size_t size() const noexcept { return first_tries_.size() + retries_.size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  // All that waits is the probe of a degraded endpoint.
  [[nodiscard]] bool holds_only_a_probe() const noexcept {
    if (size() != 1) return false;
    return (first_tries_.empty() ? retries_ : first_tries_).front().owed.probe;
  }

  // Not empty.
  [[nodiscard]] queued_delivery pop() {
    const bool take_retry = !retries_.empty() && (first_tries_.empty() || ++taken_ % retry_every == 0);
    auto& from = take_retry ? retries_ : first_tries_;
    queued_delivery first = std::move(from.front());
    from.pop_front();
    return first;
  }

  store::shared_endpoint endpoint;  // null: gone from the directory
  store::shared_integration integration;
  std::shared_ptr<prepared_endpoint> prepared;  // attempts on the wire keep the one that they used
  std::string unusable;                         // why it could not be prepared
  lane_room* room = nullptr;                    // shared with its other parts; set once something was pushed
  int share = 1;                                // of the endpoint's in_flight_max
  int in_flight = 0;
  std::size_t starting = 0;                              // of them: slots that have not taken their delivery yet
  bool queued_for_slot = false;                          // in the worker's list of lanes that wait for a free slot
  std::unique_ptr<boost::asio::steady_timer> rate_wait;  // set while the rate limit lets nothing out

 private:
  std::deque<queued_delivery> first_tries_;
  std::deque<queued_delivery> retries_;
  int taken_ = 0;
};

}  // namespace posthorn::dispatch
