// What the API's handlers work with: the program's parts, by the narrow ports they offer. Made by app and complete
// before the first request is read; outlives every api_handler.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <string>
#include <vector>

#include "account/hash_queue.hpp"
#include "account/live_sessions.hpp"
#include "account/login_guard.hpp"
#include "account/people_service.hpp"
#include "api/endpoint_tester.hpp"
#include "api/failure_guard.hpp"
#include "api/metrics.hpp"
#include "api/people_mailer.hpp"
#include "assessment/assessment_service.hpp"
#include "assessment/link_service.hpp"
#include "assessment/tokens.hpp"
#include "base/clock.hpp"
#include "certificate/certificate_service.hpp"
#include "ingest/ingest_service.hpp"
#include "live/tail.hpp"
#include "net/url.hpp"
#include "store/audit_log.hpp"
#include "store/config_store.hpp"
#include "store/directory.hpp"
#include "store/health.hpp"
#include "store/person_store.hpp"
#include "store/queries.hpp"
#include "store/replay_store.hpp"
#include "store/traffic_log.hpp"

namespace posthorn::api {

struct services {
  base::clock& clock;
  ingest::ingest_service& ingest;
  const store::directory_source& directory;
  store::config_store& config;
  store::queries& queries;
  certificate::certificate_service& certificates;
  assessment::assessment_service& assessments;
  assessment::link_service& links;
  const assessment::token_key& tokens;
  store::person_store& persons;
  store::replay_store& replays;
  store::traffic_log& traffic;
  store::audit_log& changes;
  store::request_log& requests;
  const store::health_source& health;
  endpoint_tester& tests;
  live::tail& tail;
  failure_guard& failures;
  account::people_service& people;
  const account::live_sessions& sessions;  // of the console
  account::login_guard& logins;            // how often a password may be tried
  account::hash_queue& hashes;             // where passwords are hashed
  metrics& meters;
  boost::asio::thread_pool& blocking;  // where ports that may block are called
  net::url_rules endpoint_urls = {};   // what an endpoint's URL may be
  people_mailer* mail = nullptr;       // null: no mail server is configured
  std::string public_url = {};         // how people reach this server; a net::normal_public_url
  bool strict_transport = false;       // they are told to come by https alone (HSTS, RFC 6797)
};

}  // namespace posthorn::api
