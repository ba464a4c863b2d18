#include "crash/producer.hpp"

#include <boost/json.hpp>
#include <chrono>

namespace posthorn::test {
namespace {

constexpr unsigned uids = 150;

void pause(unsigned ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

}  // namespace

producer::producer(std::uint16_t port, std::string api_key, int number, unsigned seed)
    : connection_(port), api_key_(std::move(api_key)), number_(number), random_(seed), thread_([this] { run(); }) {}

void producer::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void producer::run() {
  while (!stopping_) {
    if (random_() % 4 == 0) {
      send_batch();
    } else {
      send_single();
    }
    pause(random_() % 16);
  }
}

producer::made_event producer::make(bool keyed, const std::string& type) {
  const std::string tag =
      std::string(keyed ? "keyed" : "plain") + "-" + std::to_string(number_) + "-" + std::to_string(++made_);
  const std::string uid = "user-" + std::to_string(10000 + random_() % uids);
  made_event out;
  out.body = R"({"tag":")" + tag + R"(", "uid":")" + uid + R"(", "n":)" + std::to_string(random_()) + ".0, \"pad\":\"" +
             std::string(random_() % 600, 'x') + "\"}";
  out.json = R"({"type":")" + type + R"(","uid":")" + uid + R"(","payload":)" + out.body;
  if (type == "crash.batch" && keyed) out.json += R"(,"idempotency_key":")" + tag + "\"";
  out.json += "}";
  return out;
}

void producer::send_single() {
  const bool keyed = random_() % 2 == 0;
  made_event event = make(keyed, "crash.single");
  http_headers more;
  if (keyed) more.emplace_back("Idempotency-Key", std::to_string(number_) + "-" + std::to_string(made_));
  const http_answer answer = send("/v1/events", "application/json", event.json, more, keyed);
  if (answer.status == 202) note(answer.json(), std::move(event), false);
}

void producer::send_batch() {
  const bool keyed = random_() % 2 == 0;
  std::vector<made_event> events(1 + random_() % 16);
  std::string lines;
  for (made_event& event : events) {
    event = make(keyed, "crash.batch");
    lines += event.json + "\n";
  }
  const http_answer answer = send("/v1/events/batch", "application/x-ndjson", lines, {}, keyed);
  if (answer.status != 202) return;
  const boost::json::value whole = answer.json();
  const boost::json::array& results = whole.at("results").as_array();
  for (std::size_t i = 0; i < events.size(); ++i) note(results.at(i), std::move(events[i]), true);
}

http_answer producer::send(const std::string& target, const std::string& content_type, const std::string& text,
                           const http_headers& more, bool keyed) {
  http_headers headers = {{"api-key", api_key_}, {"Content-Type", content_type}};
  headers.insert(headers.end(), more.begin(), more.end());
  for (;;) {
    http_answer answer = connection_.call("POST", target, headers, text);
    if (answer.status == 202) return answer;
    if (answer.status != 0 && answer.status != 503) surprises_.push_back(answer.body);
    // Without a key nobody can know whether it was accepted: sent again it might be two events.
    if (!keyed || (answer.status != 0 && answer.status != 503)) {
      ++unanswered_;
      pause(10);
      return {};
    }
    pause(10);
  }
}

void producer::note(const boost::json::value& answer, made_event&& event, bool batch) {
  if (!answer.as_object().contains("id")) {
    surprises_.push_back(boost::json::serialize(answer));
    return;
  }
  accepted_.push_back({std::string(answer.at("id").as_string()), std::move(event.body), batch});
}

}  // namespace posthorn::test
