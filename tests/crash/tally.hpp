// The receiver's book in the crash test: every arrival, judged as it comes against what the contract allows.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "support/receiver_server.hpp"

namespace posthorn::test {

// An event that a producer has a 202 for.
struct accepted_event {
  std::string id;
  std::string body;
  bool batch = false;  // its type goes to the endpoint for batches as well
};

// Thread-safe.
class tally {
 public:
  tally(std::string api_key, unsigned seed) : api_key_(std::move(api_key)), random_(seed) {}

  // On the receiver's thread. Refuses, or drops, the first tries of some.
  reply take(const received_request& request);
  // The server is dead since at most now.
  void note_kill();

  // Waits until every one of `events` has been answered 200 on every endpoint that it goes to; what is missing.
  std::vector<std::string> wait_for_all(const std::vector<accepted_event>& events, std::chrono::seconds timeout);
  // What the contract does not allow, of all that has come; empty if all was well.
  [[nodiscard]] std::vector<std::string> wrongs() const;
  // One of `events` whose arrived bytes differ from those accepted, or that came under two ids.
  [[nodiscard]] std::vector<std::string> mismatches(const std::vector<accepted_event>& events) const;

  [[nodiscard]] std::size_t arrivals() const;
  [[nodiscard]] std::size_t duplicates() const;

 private:
  using time = std::chrono::steady_clock::time_point;

  struct delivery {
    int tries = 0;
    int refusals = 0;  // still to come
    bool arrived = false;
    time last_200;
  };

  void judge_repeat(const received_request& request, const delivery& of);
  void judge_order(const received_request& request);
  void judge_identity(const received_request& request);
  [[nodiscard]] bool has_arrived(const std::string& path, const std::string& id) const;
  [[nodiscard]] std::vector<std::string> missing(const std::vector<accepted_event>& events) const;

  const std::string api_key_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  std::mt19937 random_;
  std::map<std::string, delivery> deliveries_;      // by path and id
  std::map<std::string, std::string> bodies_;       // by id
  std::map<std::string, std::string> id_of_tag_;    // of events with an idempotency key
  std::map<std::string, std::string> last_of_uid_;  // by path and uid: the last first arrival
  std::vector<time> kills_;
  std::vector<std::string> wrongs_;
  std::size_t arrivals_ = 0;
  std::size_t duplicates_ = 0;
};

}  // namespace posthorn::test
