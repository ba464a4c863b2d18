// The demo's story: a server, a receiver that misbehaves as told, seven events of four people, and what became of them.
#pragma once

#include <chrono>
#include <csignal>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "screen.hpp"
#include "support/server_process.hpp"

namespace demo {

class story {
 public:
  // Starts both processes and configures them; throws std::runtime_error where that fails.
  explicit story(const screen& to);
  ~story();

  void send_events();
  // Shows attempts as the receiver prints them until every event has arrived; false after a minute, or once
  // `interrupted` is set.
  bool show_until_arrived(const volatile std::sig_atomic_t& interrupted);
  void show_until_interrupted(const volatile std::sig_atomic_t& interrupted);
  // Reads the outcomes back through the API; true if every event arrived, verified, and in order per uid.
  bool tell_outcomes();
  // Simulated people take assessments; what that makes arrives as the events before did. Returns when the last has.
  void let_people_come(const volatile std::sig_atomic_t& interrupted);
  void tell_addresses() const;

 private:
  struct sent_event {
    std::string id;
    std::string type;
    std::string uid;
    std::string delivery;
    bool arrived = false;
  };

  void configure();
  // Reads one line of the receiver and shows it; false if there is none within a moment.
  bool show_next();
  [[nodiscard]] bool all_arrived() const;
  [[nodiscard]] bool in_order() const;

  const screen& to_;
  posthorn::test::server_process server_;
  std::unique_ptr<posthorn::test::child_process> receiver_;
  std::string receiver_url_;
  std::string integration_id_;
  std::string api_key_;
  std::chrono::steady_clock::time_point began_;
  std::vector<sent_event> events_;  // in the order of sending
  std::map<std::string, std::size_t> by_id_;
  std::vector<std::size_t> first_arrivals_;  // places in events_, in the order in which they arrived
};

}  // namespace demo
