#include "mail/mail_queue.hpp"

#include "base/boundary.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"

namespace posthorn::mail {

mail_queue::mail_queue(sender send) : send_(std::move(send)), thread_([this] { loop(); }) {}

mail_queue::~mail_queue() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_one();
  thread_.join();
}

void mail_queue::put(letter one) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= base::limits::mails_waiting_max) {
      base::log_warn("mail_dropped", {{"subject", one.subject}});
      return;
    }
    waiting_.push_back(std::move(one));
  }
  woken_.notify_one();
}

void mail_queue::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    woken_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    const letter next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    const auto sent = base::contain("sending a mail", {}, [&] { return send_(next); });
    if (!sent) {
      base::log_warn("mail_not_sent", {{"subject", next.subject}, {"detail", sent.error().detail}});
    }
    lock.lock();
  }
}

}  // namespace posthorn::mail
