#include "app/people_mail.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string>
#include <vector>

#include "account/mail_count.hpp"
#include "account/mail_subjects.hpp"
#include "base/boundary.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "mail/people_letters.hpp"

namespace posthorn::app {

namespace {

// Records of mails whose subject is an integration with its young endpoints (mail/endpoint_notices.hpp).
constexpr std::string_view young_prefix = "young/";

store::mail_record young_record(const mail::notice& what) {
  return {.subject = std::string(young_prefix) + std::to_string(what.integration),
          .member = 0,
          .free_again_at = what.at + base::limits::notice_gap_ms,
          .day_began_at = what.at,
          .sent = 1};
}

mail::endpoint_notices::young_notices read_young(const std::vector<store::mail_record>& records) {
  mail::endpoint_notices::young_notices told_at;
  for (const store::mail_record& each : records) {
    model::integration_no integration = 0;
    const std::string_view digits = std::string_view(each.subject).substr(young_prefix.size());
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), integration);
    if (read.ec == std::errc()) told_at[integration] = each.day_began_at;
  }
  return told_at;
}

}  // namespace

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

void people_mail::send_reset(const model::member& to, const std::string& company, const std::string& link) {
  queue_.put(mail::reset_letter(to, company, link));
}

void people_mail::watch() {
  const auto told = base::contain("reading notices", {}, [this] { return people_.told_notices(); });
  const auto young = base::contain("reading notices", {}, [this] { return people_.mail_records(young_prefix); });
  if (!told || !young) base::log_warn("notices_unreadable", {{"detail", (told ? young.error() : told.error()).detail}});
  mail::endpoint_notices notices(told ? *told : std::vector<store::told_notice>{},
                                 young ? read_young(*young) : mail::endpoint_notices::young_notices{});
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
  const auto members = people_.members_of(what.company);
  if (!members) return base::log_warn("notice_not_sent", {{"detail", members.error().detail}});
  std::vector<model::member> recipients;
  const auto noted = people_.change_people([&](store::people_changes& in) -> base::result<void> {
    recipients.clear();
    in.put(store::told_notice{.endpoint = what.endpoint, .state = what.state, .at = what.at});
    if (what.is_young) in.put(young_record(what));
    for (const model::member& each : *members) {
      if (!each.notices) continue;
      const std::string subject = account::notice_subject(what.integration, each.id);
      if (account::count_mail(in, subject, each.id, account::notice_rule, what.at) == 0) recipients.push_back(each);
    }
    return {};
  });
  const auto wanting = std::ranges::count_if(*members, &model::member::notices);
  if (!noted) {
    base::log_warn("notice_not_sent", {{"detail", noted.error().detail}});
  } else if (const auto left_out = wanting - static_cast<std::ptrdiff_t>(recipients.size()); left_out > 0) {
    base::log_warn("notices_withheld", {{"integration_id", what.integration_id}, {"recipients", left_out}});
  }
  if (!noted) return;
  for (const model::member& each : recipients) queue_.put(mail::notice_letter(each, what, public_url_));
}

}  // namespace posthorn::app
