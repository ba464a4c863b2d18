// How an answer made on another thread (the store's writer, a blocking read) gets back to the coroutine that waits for
// it. A burst of answers costs the sender one wake of the io_context, not one each: replies are pushed onto a lock-free
// stack, and only the push that finds it empty posts the drain.
#pragma once

#include <atomic>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <optional>
#include <utility>

namespace posthorn::api {

class mailbox;

// The part of a reply that does not depend on its type. Lives in the waiting coroutine's frame.
class pending_reply {
 public:
  explicit pending_reply(mailbox& to) noexcept : to_(to) {}
  pending_reply(const pending_reply&) = delete;
  pending_reply& operator=(const pending_reply&) = delete;

 protected:
  ~pending_reply() = default;
  void post() noexcept;
  [[nodiscard]] bool arrived() const noexcept { return arrived_; }
  // Only if it has not arrived.
  boost::asio::awaitable<void> wait();

 private:
  friend class mailbox;
  void arrive();

  mailbox& to_;
  pending_reply* next_ = nullptr;  // the mailbox's
  bool arrived_ = false;           // io_context's thread only, as is:
  std::move_only_function<void()> resume_ = {};
};

// One an io_context that runs on one thread. Outlives every reply to it.
class mailbox {
 public:
  explicit mailbox(boost::asio::io_context& io) noexcept : io_(io) {}
  mailbox(const mailbox&) = delete;
  mailbox& operator=(const mailbox&) = delete;

 private:
  friend class pending_reply;
  void push(pending_reply& reply) noexcept;
  void drain();

  boost::asio::io_context& io_;
  std::atomic<pending_reply*> newest_ = nullptr;
};

// Made on the io_context's thread; send() is called exactly once, from any thread; receive() is awaited once.
template <class T>
class reply : public pending_reply {
 public:
  using pending_reply::pending_reply;

  void send(T value) noexcept {
    value_.emplace(std::move(value));
    post();
  }

  boost::asio::awaitable<T> receive() {
    if (!arrived()) co_await wait();
    co_return *std::move(value_);
  }

 private:
  std::optional<T> value_;
};

}  // namespace posthorn::api
