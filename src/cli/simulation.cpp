#include "cli/simulation.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/limits.hpp"

namespace posthorn::cli {
namespace {

namespace asio = boost::asio;

constexpr auto patience = std::chrono::milliseconds(base::limits::simulated_patience_ms);

std::optional<ending> ending_named(std::string_view name) {
  const auto* found = std::ranges::find(endings, name, [](ending each) { return to_string(each); });
  return found == endings.end() ? std::nullopt : std::optional(*found);
}

std::string listed(const std::set<std::string>& items) {
  std::string text;
  for (const std::string& each : items) text += (text.empty() ? "" : ", ") + each;
  return text;
}

// A leaver's end is still to come: there is none yet, and nothing else has ended the journey.
std::optional<ending> ending_of(const person& who, const journey_view& seen) {
  if (!seen.outcome.empty()) return ending_named(seen.outcome);
  return who.planned() == ending::expired ? std::optional(ending::expired) : std::nullopt;
}

}  // namespace

std::string uid_of(const std::string& prefix, std::size_t place) { return fmt::format("{}-{:06}", prefix, place); }

simulation::simulation(asio::io_context& io, patient_caller& calls, simulation_options with)
    : io_(io), calls_(calls), with_(std::move(with)) {}

void simulation::start(std::function<void()> finished) {
  finished_ = std::move(finished);
  const int count = std::min(with_.at_once, with_.people);
  for (int i = 0; i < count; ++i) walkers_.push_back(std::make_unique<walker>(io_));
  walking_ = walkers_.size();
  for (const auto& each : walkers_) asio::co_spawn(io_, walk_on(*each), asio::detached);
}

void simulation::stop() {
  stopped_ = true;
  calls_.stop();
  for (const auto& each : walkers_) each->timer.cancel();
}

asio::awaitable<void> simulation::walk_on(walker& as) {
  while (!stopped_ && next_place_ <= static_cast<std::size_t>(with_.people)) {
    journey_result one = co_await walk(as, next_place_++);
    if (!stopped_) keep(std::move(one));
  }
  if (--walking_ == 0) finished_();
}

void simulation::keep(journey_result&& one) {
  tally_.add(one);
  results_.push_back(std::move(one));
}

asio::awaitable<journey_result> simulation::walk(walker& as, std::size_t place) {
  person who(habit_of(*with_.profile, with_.seed, place), with_.seed, place, with_.answers_together_max);
  journey_result out{.uid = uid_of(with_.uid_prefix, place),
                     .platform = {},
                     .who = who.who(),
                     .planned = who.planned(),
                     .ended = {},
                     .refusal = {}};
  journey_view seen;
  act now = who.next(seen);
  while (now.what != deed::leave && out.refusal.empty() && !stopped_) {
    co_await think(as, now.think_ms);
    const int times = now.twice ? 2 : 1;
    for (int i = 0; i < times && out.refusal.empty() && !stopped_; ++i) {
      out.refusal = co_await perform(as, out.uid, now, seen);
    }
    if (out.refusal.empty()) now = who.next(seen);
  }
  out.platform = seen.platform;
  out.planned = who.planned();
  if (out.refusal.empty() && !who.lost_answers().empty()) {
    out.refusal = "answers were not there again: " + listed(who.lost_answers());
  }
  if (out.refusal.empty()) out.ended = ending_of(who, seen);
  co_return out;
}

asio::awaitable<std::string> simulation::perform(walker& as, const std::string& uid, const act& what,
                                                 journey_view& seen) {
  const bool asks_token = what.what == deed::ask_token;
  const std::string credential = asks_token ? "api-key: " + with_.api_key : "Authorization: Bearer " + as.token;
  const std::string body =
      asks_token ? fmt::format(R"({{"uid":"{}","integration_id":"{}"}})", uid, with_.integration_id) : what.body;
  const reply got = co_await calls_.call(line_of(what.what), credential, body, as.timer, patience);
  if (!got.failure.empty()) co_return got.failure;
  if (asks_token) {
    auto token = read_token(got.body);
    if (!token) co_return token.error().detail;
    as.token = *std::move(token);
    co_return std::string();
  }
  const auto taken = take_answer(seen, got.body);
  co_return taken ? std::string() : taken.error().detail;
}

asio::awaitable<void> simulation::think(walker& as, std::int64_t ms) {
  as.timer.expires_after(std::chrono::microseconds(ms * 1'000 / with_.haste));
  boost::system::error_code cancelled;
  co_await as.timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

}  // namespace posthorn::cli
