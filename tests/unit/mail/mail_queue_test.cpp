#include "mail/mail_queue.hpp"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>

namespace posthorn::mail {
namespace {

TEST(mail_queue, sends_the_next_mail_after_one_that_throws) {
  std::promise<void> sent;
  mail_queue queue([&](const letter& one) -> base::result<void> {
    if (one.subject == "broken") throw std::runtime_error("by a test");
    sent.set_value();
    return {};
  });
  letter one;
  one.subject = "broken";
  queue.put(one);
  one.subject = "sound";
  queue.put(one);
  sent.get_future().wait();
}

}  // namespace
}  // namespace posthorn::mail
