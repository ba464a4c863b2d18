#include "app/people_mail.hpp"

#include <chrono>

#include "base/boundary.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "mail/people_letters.hpp"

namespace posthorn::app {

people_mail::people_mail(mail::server_options server, const mail::curl_library& curl,
                         const store::directory_source& directory, store::people_store& people,
                         const base::clock& clock, const std::string& public_url)
    : server_(std::move(server), curl, clock),
      directory_(directory),
      people_(people),
      clock_(clock),
      public_url_(public_url),
      queue_([this](const mail::letter& one) { return server_.send(one); }) {}

people_mail::~people_mail() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_one();
  if (watch_.joinable()) watch_.join();
}

void people_mail::begin_notices() {
  watch_ = std::thread([this] { watch(); });
}

base::result<void> people_mail::send_invitation(const model::invitation& to, const std::string& company,
                                                const std::string& link) {
  if (!calls_.try_acquire()) {
    return base::fail_later(base::fault::too_many_requests, "the mail server is slow, and others wait for it", 1);
  }
  auto sent = server_.send(mail::invitation_letter(to, company, link));
  calls_.release();
  return sent;
}

void people_mail::send_reset(const model::member& to, const std::string& link) {
  queue_.put(mail::reset_letter(to, link));
}

void people_mail::watch() {
  const auto told = base::contain("reading notices", {}, [this] { return people_.told_notices(); });
  if (!told) base::log_warn("notices_unreadable", {{"detail", told.error().detail}});
  mail::endpoint_notices notices(told ? *told : std::vector<store::told_notice>{});
  std::unique_lock lock(mutex_);
  const auto pause = std::chrono::milliseconds(base::limits::expiry_look_ms);
  while (!woken_.wait_for(lock, pause, [this] { return stopping_; })) {
    lock.unlock();
    base::survive("telling of endpoints", [&] {
      for (const mail::notice& each : notices.look(*directory_.current(), clock_.engine())) tell(each);
    });
    lock.lock();
  }
}

void people_mail::tell(const mail::notice& what) {
  const auto noted = people_.change_people([&](store::people_changes& in) -> base::result<void> {
    in.put(store::told_notice{.endpoint = what.endpoint, .state = what.state, .at = what.at});
    return {};
  });
  if (!noted) base::log_warn("notice_not_kept", {{"detail", noted.error().detail}});
  const auto members = people_.members_of(what.company);
  if (!members) return base::log_warn("notice_not_sent", {{"detail", members.error().detail}});
  for (const model::member& each : *members) {
    if (each.notices) queue_.put(mail::notice_letter(each, what, public_url_));
  }
}

}  // namespace posthorn::app
