#include "api/mailbox.hpp"

#include <boost/asio/post.hpp>

namespace posthorn::api {
namespace {

struct keep_handler {
  std::move_only_function<void()>& resume;

  template <class Handler>
  void operator()(Handler&& handler) const {
    resume = std::forward<Handler>(handler);
  }
};

}  // namespace

void pending_reply::post() noexcept { to_.push(*this); }

boost::asio::awaitable<void> pending_reply::wait() {
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(keep_handler{resume_},
                                                                                   boost::asio::use_awaitable);
}

void pending_reply::arrive() {
  arrived_ = true;
  // The coroutine may end, and this object with it, while it runs on.
  if (auto resume = std::move(resume_)) resume();
}

void mailbox::push(pending_reply& reply) noexcept {
  pending_reply* before = newest_.load(std::memory_order_relaxed);
  do {
    reply.next_ = before;
  } while (!newest_.compare_exchange_weak(before, &reply, std::memory_order_release, std::memory_order_relaxed));
  if (before == nullptr) {
    boost::asio::post(io_, [this] { drain(); });
  }
}

void mailbox::drain() {
  pending_reply* newest = newest_.exchange(nullptr, std::memory_order_acquire);
  pending_reply* oldest = nullptr;
  while (newest != nullptr) {
    pending_reply* next = newest->next_;
    newest->next_ = oldest;
    oldest = newest;
    newest = next;
  }
  while (oldest != nullptr) {
    pending_reply* next = oldest->next_;
    oldest->arrive();
    oldest = next;
  }
}

}  // namespace posthorn::api
