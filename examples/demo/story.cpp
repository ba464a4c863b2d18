#include "story.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <csignal>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace demo {
namespace {

namespace json = boost::json;
using posthorn::test::http_answer;
using namespace std::chrono_literals;

struct planned_event {
  const char* type;
  const char* uid;
};

// One person's events stay in order, so Anna's score waits for her refused completion while the others go ahead.
constexpr std::array planned = {
    planned_event{"application.complete", "anna-1001"},   planned_event{"psychometric_score.complete", "anna-1001"},
    planned_event{"application.incomplete", "bela-1002"}, planned_event{"application.cancelled", "bela-1002"},
    planned_event{"application.expired", "carl-1003"},    planned_event{"android_score.complete", "dina-1004"},
    planned_event{"ios_score.complete", "dina-1004"},
};

std::string text(const json::value& from) { return std::string(from.as_string()); }

json::value expect(const http_answer& answer, int status) {
  if (answer.status == status) return answer.json();
  throw std::runtime_error(fmt::format("the server answered {}: {}", answer.status, answer.body));
}

// {"type","uid","details","reasons"?} from the sample envelope of that type.
std::string request_of(const planned_event& event) {
  std::ifstream file(fmt::format("{}/{}.json", DEMO_EVENTS, event.type));
  const json::value sample = json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  json::object body(sample.at("event").as_object());
  body["uid"] = event.uid;
  return json::serialize(body);
}

}  // namespace

story::story(const screen& to) : to_(to) { configure(); }

story::~story() {
  if (receiver_) (void)receiver_->stop(SIGTERM);
  receiver_.reset();
  (void)server_.terminate();
}

void story::configure() {
  const json::value made =
      expect(server_.admin().post("/v1/deployments", R"({"name":"demo","preset":"assessment"})"), 201);
  const json::value& environment = made.at("environments").at("test");
  integration_id_ = text(environment.at("integration_id"));
  api_key_ = text(environment.at("api_key"));

  receiver_ = std::make_unique<posthorn::test::child_process>(
      std::vector<std::string>{DEMO_RECEIVER, "--listen", "127.0.0.1:0", "--key", api_key_, "--refuse",
                               "application.complete:2", "--drop", "application.expired:1"});
  const auto first = receiver_->out_line();
  if (!first) throw std::runtime_error("the receiver did not start");
  receiver_url_ = "http://" + text(json::parse(*first).at("listening"));

  const json::object endpoint = {{"url", receiver_url_ + "/webhooks"},
                                 {"description", "the example receiver"},
                                 {"retry", {{"schedule_s", {0, 1, 1, 2, 2}}}}};
  expect(server_.as(api_key_).post("/v1/endpoints", json::serialize(endpoint)), 201);

  to_.title("Posthorn delivers to a receiver that misbehaves");
  to_.fact("server", fmt::format("http://127.0.0.1:{}", server_.port()));
  to_.fact("receiver", receiver_url_ + "/webhooks");
  to_.fact("it will", "refuse application.complete twice, hang up once on application.expired");
  to_.fact("tries", "at once, then after 1, 1, 2 and 2 seconds; one person's events stay in order");
}

void story::send_events() {
  to_.title("Seven events of four people are handed in; the server answers 202 once each is on disk");
  to_.attempts_head();
  began_ = std::chrono::steady_clock::now();
  for (const planned_event& event : planned) {
    const json::value accepted = expect(server_.as(api_key_).post("/v1/events", request_of(event)), 202);
    by_id_[text(accepted.at("id"))] = events_.size();
    events_.push_back({text(accepted.at("id")), event.type, event.uid, text(accepted.at("deliveries").at(0))});
  }
}

bool story::show_until_arrived(const volatile std::sig_atomic_t& interrupted) {
  while (!all_arrived() && interrupted == 0 && std::chrono::steady_clock::now() - began_ < 60s) {
    (void)show_next();
    if (!receiver_->running() && interrupted == 0) throw std::runtime_error("the receiver has ended");
  }
  return all_arrived();
}

void story::show_until_interrupted(const volatile std::sig_atomic_t& interrupted) {
  while (interrupted == 0 && receiver_->running()) (void)show_next();
}

bool story::show_next() {
  const auto line = receiver_->out_line(200);
  if (!line) return false;
  const json::value seen = json::parse(*line);
  attempt_line shown{
      .at = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began_),
      .event = text(seen.at("type")),
      .uid = text(seen.at("uid")),
      .delivery = {},
      .number = seen.at("try").as_int64(),
      .status = seen.at("status").as_int64(),
      .verified = seen.at("verified").as_bool(),
      .duplicate = seen.at("duplicate").as_bool()};
  if (const auto known = by_id_.find(text(seen.at("webhook_id"))); known != by_id_.end()) {
    sent_event& event = events_[known->second];
    shown.delivery = event.delivery;
    if (shown.status == 200 && shown.verified && !event.arrived) {
      event.arrived = true;
      first_arrivals_.push_back(known->second);
    }
  }
  to_.attempt(shown);
  return true;
}

bool story::all_arrived() const { return std::ranges::all_of(events_, &sent_event::arrived); }

bool story::in_order() const {
  std::map<std::string, std::size_t> last;
  for (const std::size_t place : first_arrivals_) {
    const auto [before, is_first] = last.try_emplace(events_[place].uid, place);
    if (!is_first && place < before->second) return false;
    before->second = place;
  }
  return true;
}

bool story::tell_outcomes() {
  to_.title("What the server has kept of each");
  to_.outcomes_head();
  std::int64_t attempts = 0;
  bool delivered = true;
  for (const sent_event& event : events_) {
    json::value delivery;
    // The receiver has answered; its answer is recorded a moment later.
    for (const auto began = std::chrono::steady_clock::now(); std::chrono::steady_clock::now() - began < 5s;) {
      delivery = expect(server_.as(api_key_).get("/v1/deliveries/" + event.delivery), 200);
      if (delivery.at("state") == "delivered") break;
    }
    to_.outcome(
        {event.type, event.uid, text(delivery.at("state")), delivery.at("attempt_count").as_int64(), event.arrived});
    attempts += delivery.at("attempt_count").as_int64();
    delivered = delivered && delivery.at("state") == "delivered";
  }
  const bool good = delivered && all_arrived() && in_order();
  to_.verdict(good, good ? fmt::format("{} events delivered in {} attempts: each verified, none lost, in order per uid",
                                       events_.size(), attempts)
                         : std::string("not every event arrived, verified and in order"));
  return good;
}

void story::let_people_come(const volatile std::sig_atomic_t& interrupted) {
  to_.title("Forty simulated people take assessments: most finish, some refuse, exit, or just leave");
  to_.attempts_head();
  posthorn::test::child_process people(
      {posthorn::test::posthorn_program(), "simulate", "--url", fmt::format("http://127.0.0.1:{}", server_.port()),
       "--integration-id", integration_id_, "--uid-prefix", "sim", "--users", "40", "--concurrency", "4"},
      {.environment = {"POSTHORN_API_KEY=" + api_key_}, .err_file = "/dev/null"});
  bool is_quiet = false;
  while (interrupted == 0 && receiver_->running() && (people.running() || !is_quiet)) is_quiet = !show_next();
  if (interrupted != 0) return;
  const bool good = people.wait() == 0;
  to_.verdict(good, good ? "every journey ended as planned; those who left are ended by their time limit"
                         : "not every journey ended as planned");
}

void story::tell_addresses() const {
  to_.title("It goes on running. Send an event of your own, and see it arrive here:");
  to_.note(fmt::format("curl -X POST http://127.0.0.1:{}/v1/events \\", server_.port()));
  to_.note(fmt::format("     -H 'api-key: {}' \\", api_key_));
  to_.note("     -H 'Content-Type: application/json' \\");
  to_.note(R"(     -d '{"type":"hello.world","uid":"me","payload":{"from":"the demo"}}')");
  to_.title("Also there");
  const std::string base = fmt::format("http://127.0.0.1:{}", server_.port());
  to_.fact("events", base + "/v1/events");
  to_.fact("sessions", base + "/v1/sessions");
  to_.fact("description", base + "/openapi.json");
  to_.fact("health, metrics", base + "/readyz  http://127.0.0.1:" + std::to_string(server_.ops_port()) + "/metrics");
  to_.fact("received", receiver_url_ + "/received");
  to_.fact("admin token", posthorn::test::admin_token);
  to_.fact("integration", integration_id_);
  to_.title("Ctrl-C stops everything");
  to_.attempts_head();
}

}  // namespace demo
