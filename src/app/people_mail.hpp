// Mail to people: what the API asks for, and notices of endpoints' states, for which a thread looks at the directory.
#pragma once

#include <condition_variable>
#include <mutex>
#include <semaphore>
#include <string>
#include <thread>

#include "api/people_mailer.hpp"
#include "base/limits.hpp"
#include "mail/endpoint_notices.hpp"
#include "mail/mail_queue.hpp"
#include "mail/mail_server.hpp"
#include "store/directory.hpp"
#include "store/people_store.hpp"

namespace posthorn::app {

class people_mail final : public api::people_mailer {
 public:
  // `directory`, `people`, `clock` and `public_url` outlive it; the latter is set before the first request is read.
  people_mail(mail::server_options server, const mail::curl_library& curl, const store::directory_source& directory,
              store::people_store& people, const base::clock& clock, const std::string& public_url);
  people_mail(const people_mail&) = delete;
  people_mail& operator=(const people_mail&) = delete;
  // Ends its threads, after the mail that is in hand.
  ~people_mail() override;

  // From now on states that change are told.
  void begin_notices();

  base::result<void> send_invitation(const model::invitation& to, const std::string& company,
                                     const std::string& link) override;
  void send_reset(const model::member& to, const std::string& company, const std::string& link) override;

 private:
  void watch();
  void tell(const mail::notice& what);

  const mail::mail_server server_;
  // Mails sent within calls, each of which holds a thread that all calls share: beyond these the answer says that the
  // mail was not taken.
  std::counting_semaphore<> calls_{base::limits::mails_within_calls_max};
  const store::directory_source& directory_;
  store::people_store& people_;
  const base::clock& clock_;
  const std::string& public_url_;

  std::mutex mutex_;
  std::condition_variable woken_;
  bool stopping_ = false;  // guarded
  mail::mail_queue queue_;
  std::thread watch_;
};

}  // namespace posthorn::app
