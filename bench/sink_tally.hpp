// What the sink knows of the requests that it has answered. One tally is shared by all of its threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "histogram.hpp"
#include "wire.hpp"

namespace posthorn::bench {

struct tally_options {
  bool latency = false;        // read "sent_us" in the body, keep now - sent_us
  bool verify_unique = false;  // count repeats of (path, webhook-id)
  bool verify_order = false;   // count steps back of "seq" within (path, "uid")
};

class tally {
 public:
  explicit tally(tally_options options) : options_(options) {}

  void add(const message& request);
  void reset();
  // {"count","bytes","first_us","last_us","duplicates","out_of_order","latency_us":{…}}
  [[nodiscard]] std::string json();

 private:
  void inspect(const message& request, std::int64_t now);

  const tally_options options_;

  // Any thread.
  std::atomic<std::uint64_t> count_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
  std::atomic<std::int64_t> first_us_ = 0;
  std::atomic<std::int64_t> last_us_ = 0;

  std::mutex mutex_;  // guards all below
  histogram latency_;
  std::unordered_set<std::size_t> seen_;
  std::unordered_map<std::size_t, std::int64_t> last_seq_;
  std::uint64_t duplicates_ = 0;
  std::uint64_t out_of_order_ = 0;
};

}  // namespace posthorn::bench
