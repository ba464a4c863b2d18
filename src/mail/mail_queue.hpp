// Mails that nobody waits for: sent one after the other by a thread of its own, dropped where too many wait.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "base/result.hpp"
#include "mail/letter.hpp"

namespace posthorn::mail {

// Thread-safe.
class mail_queue {
 public:
  // `send` is called on the queue's thread; mail that cannot be sent is logged and gone.
  using sender = std::function<base::result<void>(const letter&)>;
  explicit mail_queue(sender send);
  mail_queue(const mail_queue&) = delete;
  mail_queue& operator=(const mail_queue&) = delete;
  // Ends after the mail in hand; what waits is dropped.
  ~mail_queue();

  // Does not block. Dropped, and logged, beyond limits::mails_waiting_max.
  void put(letter one);

 private:
  void loop();

  const sender send_;
  std::mutex mutex_;  // for the next three
  std::condition_variable woken_;
  std::deque<letter> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace posthorn::mail
