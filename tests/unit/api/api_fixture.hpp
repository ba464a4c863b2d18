// The API over ports in memory: one call at a time, on an io_context of its own.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/json.hpp>
#include <future>
#include <map>
#include <string>

#include "api/api_handler.hpp"
#include "unit/api/fake_store.hpp"
#include "unit/api/no_tester.hpp"

namespace posthorn::api {

using header_map = std::map<std::string, std::string>;

class api_fixture : public testing::Test {
 protected:
  // Both outlive it.
  explicit api_fixture(base::clock& clock, store::session_store& sessions)
      : certificates_(no_certificates_, store_, ingest_, clock),
        assessments_(sessions, store_, ingest_, documents_, clock),
        links_(no_links_, store_, assessments_, clock),
        failures_(clock),
        console_(store_, clock),
        services_{.clock = clock,
                  .ingest = ingest_,
                  .directory = store_,
                  .config = store_,
                  .queries = store_,
                  .certificates = certificates_,
                  .assessments = assessments_,
                  .links = links_,
                  .tokens = tokens_,
                  .persons = no_persons_,
                  .replays = store_,
                  .traffic = no_traffic_,
                  .changes = store_,
                  .requests = store_,
                  .health = store_,
                  .tests = tests_,
                  .tail = tail_,
                  .failures = failures_,
                  .people = console_.people,
                  .sessions = console_.sessions,
                  .logins = console_.logins,
                  .hashes = console_.hashes,
                  .meters = meters_,
                  .blocking = blocking_} {}

  net::response ask(const std::string& method, const std::string& target, const header_map& headers,
                    const std::string& body = "", door through = door::customers) {
    boost::asio::io_context io(1);
    api_handler api(services_, io, through);
    net::field_list fields;
    for (const auto& [name, value] : headers) fields.add({name, value});
    const std::size_t question = target.find('?');
    net::request request{.fields = fields};
    request.method = method;
    request.path = std::string_view(target).substr(0, question);
    if (question != std::string::npos) request.query = std::string_view(target).substr(question + 1);
    net::admission admitted = api.on_head(request);
    if (admitted.refusal) return *std::move(admitted.refusal);
    request.body = body;
    net::response out;
    boost::asio::co_spawn(io, api.handle(request), [&out](const std::exception_ptr& failed, net::response given) {
      if (failed) std::rethrow_exception(failed);
      out = std::move(given);
    });
    io.run();
    // The pool's one thread may still be in the io_context that it has woken.
    std::promise<void> idle;
    boost::asio::post(blocking_, [&idle] { idle.set_value(); });
    idle.get_future().wait();
    return out;
  }

  static std::string header(const net::response& of, std::string_view name) {
    for (const auto& [given, value] : of.headers) {
      if (given == name) return value;
    }
    return "";
  }

  static std::string slug(const net::response& of) {
    return std::string(boost::json::parse(of.body).at("type").as_string()).substr(std::string("/problems/").size());
  }

  fake_store store_;
  ingest::ingest_service ingest_{store_, base::limits::payload_bytes_max};
  metrics meters_;
  boost::asio::thread_pool blocking_{1};
  no_certificates no_certificates_;
  no_links no_links_;
  no_traffic no_traffic_;
  no_persons no_persons_;
  no_tester tests_;
  live::tail tail_;
  assessment::document_catalogue documents_;
  assessment::token_key tokens_{std::string(base::limits::token_secret_bytes_min, 's')};
  certificate::certificate_service certificates_;
  assessment::assessment_service assessments_;
  assessment::link_service links_;
  failure_guard failures_;
  empty_console console_;
  services services_;
};

}  // namespace posthorn::api
