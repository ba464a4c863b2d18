#include "support/scripted_receiver.hpp"

#include <algorithm>

namespace posthorn::test {
namespace {

std::size_t accepted_in(const scripted_receiver::log& requests) {
  return static_cast<std::size_t>(
      std::ranges::count_if(requests, [](const received_request& one) { return one.status == 200; }));
}

}  // namespace

scripted_receiver::scripted_receiver(script answer)
    : script_(std::move(answer)), server_([this](received_request& request) { return on_request(request); }) {}

void scripted_receiver::answer_with(script answer) {
  const std::lock_guard lock(mutex_);
  script_ = std::move(answer);
}

reply scripted_receiver::on_request(received_request& request) {
  const std::lock_guard lock(mutex_);
  const int number = ++tries_[request.path + "\n" + request.id()];
  reply answer = script_(request, number);
  request.status = answer.kind == reply::how::answer ? answer.status : 0;
  log_.push_back(std::move(request));
  changed_.notify_all();
  return answer;
}

bool scripted_receiver::wait_for(const std::function<bool(const log&)>& holds, std::chrono::seconds timeout) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout, [&] { return holds(log_); });
}

bool scripted_receiver::wait_for_accepted(std::size_t count) {
  return wait_for([count](const log& requests) { return accepted_in(requests) >= count; });
}

scripted_receiver::log scripted_receiver::requests() const {
  const std::lock_guard lock(mutex_);
  return log_;
}

std::size_t scripted_receiver::accepted() const {
  const std::lock_guard lock(mutex_);
  return accepted_in(log_);
}

}  // namespace posthorn::test
