// The composition root: builds every part in order, runs until told to stop, stops them in reverse.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <string>

#include "account/live_sessions.hpp"
#include "account/people_service.hpp"
#include "api/services.hpp"
#include "app/admin_token.hpp"
#include "app/config.hpp"
#include "app/data_directory.hpp"
#include "app/expiry_watch.hpp"
#include "app/network.hpp"
#include "app/people_mail.hpp"
#include "assessment/assessment_service.hpp"
#include "assessment/link_service.hpp"
#include "assessment/tokens.hpp"
#include "base/result.hpp"
#include "certificate/certificate_service.hpp"
#include "dispatch/dispatcher.hpp"
#include "ingest/ingest_service.hpp"
#include "net/address_guard.hpp"
#include "net/tls_server.hpp"
#include "scorer/external_scoring.hpp"
#include "store/sqlite/store.hpp"

namespace posthorn::app {

// Made and run on the main thread.
class application {
 public:
  // Everything that can go wrong with the configuration, the data directory, the store or the listeners goes wrong
  // here; afterwards the server is up. Says on standard output where it listens, and the admin token if it made one.
  [[nodiscard]] static base::result<std::unique_ptr<application>> start(const config& with);
  ~application();
  application(const application&) = delete;
  application& operator=(const application&) = delete;

  // Until SIGTERM or SIGINT; then stops in order: no new connections, requests in hand answered, attempts in flight
  // finished, outcomes committed. A second signal, or limits::stop_deadline_ms, hurries. SIGHUP reads the certificate
  // again.
  void run();

 private:
  application(data_directory directory, const config& with);
  base::result<void> open_store(const config& with);
  base::result<void> keep_admin_token(const admin_token_choice& token, bool shown);
  base::result<void> prepare_doors(const config& with);
  base::result<void> begin_delivering(const config& with);
  base::result<base::epoch_ms> next_session_end();
  base::result<base::epoch_ms> link_work_due();
  std::string listener_url(const config& with) const;
  std::string public_url(const config& with) const;
  // False if standard output does not take it.
  bool announce(const config& with, const std::string& made_token, const std::string& setup_token) const;
  base::result<void> let_people_in();
  void await_signal();
  void on_signal(int number);
  void begin_stop();
  void stop_parts();

  // In the order in which they are made; destroyed in reverse.
  data_directory directory_;                              // nobody else uses these files
  net::address_guard guard_;                              // where endpoints may not point
  std::shared_ptr<net::tls_server> tls_;                  // the certificate; null: plain http
  const ingest::fan_out replayed_;                        // what endpoints would get now, for the store's jobs
  std::unique_ptr<store::sqlite::embedded_store> store_;  // what must not be lost
  std::unique_ptr<dispatch::dispatcher> dispatcher_;      // delivers what is owed, on the network's threads
  boost::asio::thread_pool blocking_;                     // reads and configuration changes
  std::unique_ptr<ingest::ingest_service> ingest_;        // bodies to events
  std::unique_ptr<certificate::certificate_service> certificates_;
  std::unique_ptr<assessment::token_key> tokens_;  // signs what sessions and links carry
  assessment::document_catalogue documents_;       // what they ask and how it is scored
  std::unique_ptr<assessment::assessment_service> assessments_;
  std::unique_ptr<assessment::link_service> links_;
  std::unique_ptr<api::endpoint_tester> tests_;
  live::tail tail_;                                    // who looks on at attempts
  std::unique_ptr<scorer::external_scoring> scoring_;  // asks for scores that others give
  std::unique_ptr<expiry_watch> expiries_;             // ends what is over
  api::failure_guard failures_{base::system_clock()};  // who guesses at credentials
  api::metrics meters_;                                // what the doors count
  account::live_sessions sessions_;                    // who is logged in at the console
  std::unique_ptr<account::people_service> people_;    // and who may
  account::login_guard logins_{base::system_clock()};  // whose password is guessed at
  account::hash_queue hashes_;                         // where passwords are hashed
  std::unique_ptr<api::services> services_;            // all that handlers may use
  std::unique_ptr<people_mail> mail_;                  // to people; null: no mail server
  std::unique_ptr<network> network_;                   // the doors

  boost::asio::io_context control_{1};  // the main thread's: signals and the stop's deadline
  boost::asio::signal_set signals_{control_};
  boost::asio::steady_timer deadline_{control_};
  bool stopping_ = false;
};

}  // namespace posthorn::app
