#include "app/dispatched_tests.hpp"

#include "base/limits.hpp"

namespace posthorn::app {

bool dispatched_tests::send(store::shared_endpoint to, store::shared_integration of, base::id_value id,
                            std::string type, std::string payload, std::function<void(model::attempt)> done) {
  const model::endpoint_id endpoint = to->id;
  if (!take_place(endpoint)) return false;
  auto ended = [this, endpoint, done = std::move(done)](model::attempt evidence) {
    give_back(endpoint);
    done(std::move(evidence));
  };
  by_->send_test(std::move(to), std::move(of), {id, std::move(type), std::move(payload)}, std::move(ended));
  return true;
}

bool dispatched_tests::take_place(model::endpoint_id to) {
  const std::lock_guard lock(mutex_);
  int& out = out_[to];
  if (out == base::limits::test_webhooks_out_max) return false;
  ++out;
  return true;
}

void dispatched_tests::give_back(model::endpoint_id to) {
  const std::lock_guard lock(mutex_);
  if (--out_[to] == 0) out_.erase(to);
}

}  // namespace posthorn::app
