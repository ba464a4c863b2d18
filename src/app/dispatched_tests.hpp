// Test webhooks by the dispatcher, a few at a time.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>

#include "api/endpoint_tester.hpp"
#include "dispatch/dispatcher.hpp"

namespace posthorn::app {

class dispatched_tests final : public api::endpoint_tester {
 public:
  // `by` holds a dispatcher when the first request is read, and its tests end before this.
  explicit dispatched_tests(const std::unique_ptr<dispatch::dispatcher>& by) noexcept : by_(by) {}

  bool send(store::shared_endpoint to, store::shared_integration of, base::id_value id, std::string type,
            std::string payload, std::function<void(model::attempt)> done) override;

 private:
  [[nodiscard]] bool take_place(model::endpoint_id to);
  void give_back(model::endpoint_id to);

  const std::unique_ptr<dispatch::dispatcher>& by_;
  std::mutex mutex_;
  std::unordered_map<model::endpoint_id, int> out_;  // guarded; those that are on their way, never 0
};

}  // namespace posthorn::app
