// A receiver that records every request in order, and answers each as the test's script says.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "support/receiver_server.hpp"

namespace posthorn::test {

class scripted_receiver {
 public:
  using log = std::vector<received_request>;
  // `tries`: how often this webhook-id has come to this path, this time included.
  using script = std::function<reply(const received_request&, int tries)>;

  explicit scripted_receiver(script answer = accept_all);

  void answer_with(script answer);
  [[nodiscard]] std::string url(std::string_view path = "/hook") const { return server_.url(path); }

  // True once `holds` is true of the log; false after `timeout`.
  [[nodiscard]] bool wait_for(const std::function<bool(const log&)>& holds,
                              std::chrono::seconds timeout = std::chrono::seconds(30));
  // Waits for `count` requests that were answered 200.
  [[nodiscard]] bool wait_for_accepted(std::size_t count);
  [[nodiscard]] log requests() const;
  [[nodiscard]] std::size_t accepted() const;

  static reply accept_all(const received_request&, int) { return {}; }

 private:
  [[nodiscard]] reply on_request(received_request& request);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  log log_;
  std::unordered_map<std::string, int> tries_;  // by path and webhook-id
  script script_;
  receiver_server server_;  // last: its thread uses what stands above
};

}  // namespace posthorn::test
