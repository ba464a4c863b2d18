// Asks external scorers for the scores that are due, and takes them from their answers (docs/scoring.md). What is due
// and how often it was tried is in the store, so a try that ends with the process is made again.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "assessment/assessment_service.hpp"
#include "base/clock.hpp"
#include "net/http_client.hpp"
#include "net/outbound_proxy.hpp"
#include "net/resolver.hpp"
#include "net/url.hpp"

namespace posthorn::scorer {

struct scoring_options {
  bool allow_http = false;
  std::shared_ptr<const net::tls_client_context> tls;
  net::resolver_options names = {};
  std::optional<net::outbound_proxy> proxy;
  std::string user_agent;
};

class external_scoring {
 public:
  // Starts its thread. Everything passed by reference outlives it.
  external_scoring(scoring_options options, assessment::assessment_service& sessions,
                   const store::directory_source& directory, const base::clock& clock, const net::address_guard& guard);
  // Ends the thread after the store call that it is in; requests that are out are dropped, and due again.
  ~external_scoring();
  external_scoring(const external_scoring&) = delete;
  external_scoring& operator=(const external_scoring&) = delete;

 private:
  boost::asio::awaitable<void> watch();
  void look();
  boost::asio::awaitable<void> run_try(store::due_scoring one);
  // False: the store took nothing of it.
  boost::asio::awaitable<bool> try_once(store::due_scoring one);
  // What the scorer says, or why there is no score.
  boost::asio::awaitable<base::result<model::session_score>> ask(const store::integration_entry& of,
                                                                 const store::session_record& about);
  bool note_failure(const store::session_record& tried, std::string why, bool again);

  const scoring_options options_;
  assessment::assessment_service& sessions_;
  const store::directory_source& directory_;
  const base::clock& clock_;
  const net::url_rules urls_;
  bool failing_ = false;  // its failure to read what is due has been logged

  // The thread's own; it serves nothing else, so that it may wait for the store.
  boost::asio::io_context io_{1};
  net::resolver names_;
  net::http_client client_;
  boost::asio::steady_timer next_look_;
  std::set<model::session_id> out_;
  std::thread thread_;
};

}  // namespace posthorn::scorer
