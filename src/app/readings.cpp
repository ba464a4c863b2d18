#include "app/readings.hpp"

#include <array>

#include "base/log_queue.hpp"
#include "model/endpoint.hpp"

namespace posthorn::app {
namespace {

template <class Number>
double number(Number value) {
  return static_cast<double>(value);
}

constexpr std::array states{model::endpoint_state::active, model::endpoint_state::paused,
                            model::endpoint_state::degraded, model::endpoint_state::disabled};

}  // namespace

api::readings delivery_readings(const dispatch::dispatch_stats& now) {
  const std::string help =
      "Attempts that ended, by how: success, refused (an answer that is none), or the error class.";
  const auto attempts = [&help](std::string_view outcome, std::uint64_t count) {
    return api::reading{"attempts_total", help, number(count), {{"outcome", std::string(outcome)}}};
  };
  api::readings all;
  all.numbers = {attempts("success", now.attempts_succeeded), attempts("refused", now.attempts_refused)};
  for (std::size_t i = 1; i < now.attempts_broken.size(); ++i) {
    all.numbers.push_back(attempts(model::to_string(static_cast<model::error_class>(i)), now.attempts_broken[i]));
  }
  all.numbers.push_back({"attempts_in_flight", "Requests to receivers that are out.", number(now.in_flight)});
  all.numbers.push_back({"deliveries_queued", "Deliveries in lanes, not yet sent.", number(now.queued)});
  all.distributions = {
      {"attempt_seconds", "How long attempts took, from name resolution to the answer's end.", now.took_us, 1e-6},
      {"first_attempt_wait_seconds", "From an event's acceptance to the first attempt of each of its deliveries.",
       now.waited_ms, 1e-3}};
  return all;
}

api::readings endpoint_readings(const store::directory& now) {
  std::array<std::size_t, states.size()> counts{};
  for (const auto& [id, endpoint] : now.endpoints) {
    for (std::size_t i = 0; i < states.size(); ++i) counts[i] += endpoint->state == states[i] ? 1 : 0;
  }
  api::readings all;
  for (std::size_t i = 0; i < states.size(); ++i) {
    all.numbers.push_back({"endpoints",
                           "Endpoints by state; the breaker of a degraded one is open.",
                           number(counts[i]),
                           {{"state", std::string(model::to_string(states[i]))}}});
  }
  return all;
}

api::readings door_readings(std::size_t connections, const api::failure_guard& failures) {
  return {.numbers = {{"connections_open", "Connections of callers, on all listeners.", number(connections)},
                      {"authentication_failures_total", "Calls with wrong credentials.", number(failures.failures())},
                      {"authentication_refusals_total", "Of those, the ones told to come back later.",
                       number(failures.refused())}}};
}

api::readings login_readings(const account::login_guard& logins, const account::hash_queue& hashes) {
  const std::string help = "Tries at a password that were told to come back later, by why.";
  const auto refusals = [&help](std::string_view why, std::uint64_t count) {
    return api::reading{"password_refusals_total", help, number(count), {{"why", std::string(why)}}};
  };
  return {.numbers = {refusals("too_often", logins.refused()), refusals("queue_full", hashes.refused())}};
}

api::readings log_readings() {
  return {.numbers = {{"log_lines_dropped_total", "Lines of the log that its reader was too slow for.",
                       number(base::log_lines_dropped())}}};
}

}  // namespace posthorn::app
