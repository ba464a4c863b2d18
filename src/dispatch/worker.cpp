#include "dispatch/worker.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>

#include "base/boundary.hpp"
#include "base/limits.hpp"

namespace posthorn::dispatch {

namespace asio = boost::asio;
namespace limits = base::limits;

namespace {

// run_slot keeps what is thrown in it; what gets out is logged, and no more can be done.
void log_failed_slot(const std::exception_ptr& failure) noexcept {
  if (failure) base::log_contained("a slot for attempts", {}, base::error_of(failure));
}

}  // namespace

std::size_t lane_parts(std::size_t workers, int in_flight_max) noexcept {
  return std::min(workers, static_cast<std::size_t>(std::max(1, in_flight_max)));
}

std::size_t part_of(std::uint64_t uid_hash, std::size_t parts) noexcept {
  // The high bits: keys that are spread by a multiplication have their entropy there.
  return static_cast<std::size_t>((uid_hash >> 32) % parts);
}

std::size_t worker_of(model::endpoint_id endpoint, std::size_t part, std::size_t workers) noexcept {
  // Endpoints with a single part must not all land on the first worker.
  const auto offset = (static_cast<std::uint64_t>(endpoint) * 0x9e3779b97f4a7c15ULL) >> 32;
  return (part + static_cast<std::size_t>(offset)) % workers;
}

int share_of_part(int in_flight_max, std::size_t part, std::size_t parts) noexcept {
  const int count = static_cast<int>(parts);
  return in_flight_max / count + (static_cast<int>(part) < in_flight_max % count ? 1 : 0);
}

bool beyond_fair_share(int in_flight, std::size_t running) noexcept {
  return running + static_cast<std::size_t>(in_flight) > limits::attempts_in_flight_max;
}

worker::worker(asio::io_context& io, const worker_environment& environment, std::size_t index, std::size_t workers)
    : io_(io),
      environment_(environment),
      index_(index),
      workers_(workers),
      names_(io, environment.names),
      client_(io, names_, environment.guard, environment.tls, environment.proxy),
      tokens_(io, client_, environment.urls, environment.user_agent) {}

lane& worker::lane_of(model::endpoint_id endpoint) {
  auto& found = lanes_[endpoint];
  if (!found) {
    found = std::make_unique<lane>();
    adopt(endpoint, *found);
    if (!found->endpoint) gone_.push_back(endpoint);
  }
  return *found;
}

void worker::adopt(model::endpoint_id id, lane& of) {
  const store::shared_directory now_current = environment_.directory.current();
  const auto found = now_current->endpoints.find(id);
  store::shared_endpoint endpoint = found == now_current->endpoints.end() ? nullptr : found->second;
  store::shared_integration integration;
  if (endpoint) {
    const auto owner = now_current->integrations.find(endpoint->integration);
    if (owner != now_current->integrations.end()) integration = owner->second;
  }
  // Another endpoint's change must not cost this one its connections.
  const bool unchanged = of.endpoint && of.integration && endpoint && integration &&
                         of.endpoint->config_version == endpoint->config_version &&
                         of.integration->keys == integration->keys;
  of.endpoint = integration ? std::move(endpoint) : nullptr;
  of.integration = std::move(integration);
  if (!unchanged) {
    of.prepared.reset();
    of.unusable.clear();
  }
  if (!of.endpoint) return;
  const std::size_t parts = lane_parts(workers_, of.endpoint->in_flight_max);
  const std::size_t offset = worker_of(id, 0, workers_);
  const std::size_t part = (index_ + workers_ - offset) % workers_;
  // A change of in_flight_max may leave deliveries on a worker that has no part any more: it drains them one by one.
  of.share = part < parts ? share_of_part(of.endpoint->in_flight_max, part, parts) : 1;
}

void worker::refresh() {
  const std::uint64_t version = environment_.directory.version();
  if (version == directory_version_) return;
  directory_version_ = version;
  gone_.clear();
  for (auto& [id, of] : lanes_) {
    adopt(id, *of);
    if (!of->endpoint) gone_.push_back(id);
    give_back_if_closed(*of);
  }
}

// Not part of refresh(): a slot that starts calls that while its callers still hold lanes.
void worker::drop_gone_lanes() {
  std::erase_if(gone_, [this](model::endpoint_id id) {
    const auto found = lanes_.find(id);
    const lane& of = *found->second;
    if (!of.empty() || of.in_flight > 0 || of.queued_for_slot || of.rate_wait) return false;
    lanes_.erase(found);
    return true;
  });
}

void worker::take(std::vector<queued_delivery> deliveries) {
  if (stopping_) return;
  refresh();
  drop_gone_lanes();
  environment_.gauges.queued.fetch_add(static_cast<std::int64_t>(deliveries.size()), std::memory_order_relaxed);
  std::vector<lane*> touched;
  for (queued_delivery& each : deliveries) {
    lane& to = lane_of(each.owed.endpoint);
    to.push(std::move(each));
    if (touched.empty() || touched.back() != &to) touched.push_back(&to);
  }
  for (lane* to : touched) {
    give_back_if_closed(*to);
    pump(*to);
  }
}

void worker::give_back_all(lane& of, base::epoch_ms due) {
  while (!of.empty()) {
    queued_delivery next = of.pop();
    environment_.gauges.queued.fetch_sub(1, std::memory_order_relaxed);
    report(next, {.decided = store::verdict::given_back, .due = due, .evidence = {}, .disable_reason = {}});
  }
}

void worker::give_back_if_closed(lane& of) {
  if (of.empty()) return;
  if (of.endpoint) {
    if (of.endpoint->state == model::endpoint_state::active) return;
    if (of.endpoint->state == model::endpoint_state::degraded && of.holds_only_a_probe()) return;
  }
  give_back_all(of, environment_.clock.engine());
}

void worker::give_back_if_resting(lane& of) {
  if (!of.room || of.empty()) return;
  if (of.endpoint && of.room->health.holds(of.endpoint->condition.state_version)) {
    return give_back_all(of, environment_.clock.engine());
  }
  const base::epoch_ms until = of.room->rests_until.load(std::memory_order_relaxed);
  if (until > 0 && until > environment_.clock.engine()) give_back_all(of, until);
}

bool worker::may_start(const lane& of) const noexcept { return !of.empty() && sending_allowed_ && !stopping_; }

void worker::pump(lane& of) {
  give_back_if_resting(of);
  while (may_start(of) && of.in_flight < of.share && of.starting < of.size()) {
    if (running_ >= limits::attempts_in_flight_max) {
      if (!of.queued_for_slot) {
        of.queued_for_slot = true;
        waiting_for_slot_.push_back(&of);
      }
      return;
    }
    // It has attempts out, and is looked at again as each of them ends.
    if (of.in_flight > 0 && beyond_fair_share(of.in_flight + 1, running_ + 1)) return;
    if (!claim_rate(of)) return;
    ++of.in_flight;
    of.room->in_flight.fetch_add(1, std::memory_order_relaxed);
    ++of.starting;
    ++running_;
    asio::co_spawn(io_, run_slot(of), log_failed_slot);
  }
}

bool worker::claim_rate(lane& of) {
  if (!of.endpoint || !of.endpoint->rate) return true;
  if (of.rate_wait) return false;
  const std::int64_t wait_ns = of.room->claim(*of.endpoint->rate, base::steady_us() * 1'000);
  if (wait_ns == 0) return true;
  of.rate_wait = std::make_unique<asio::steady_timer>(io_, std::chrono::nanoseconds(wait_ns));
  of.rate_wait->async_wait([this, &of](const boost::system::error_code& cancelled) {
    of.rate_wait.reset();
    if (!cancelled && of.endpoint) pump(of);
  });
  return false;
}

void worker::pump_next_waiting() {
  while (!waiting_for_slot_.empty() && running_ < limits::attempts_in_flight_max) {
    lane* next = waiting_for_slot_.front();
    waiting_for_slot_.pop_front();
    next->queued_for_slot = false;
    pump(*next);
  }
}

void worker::allow_sending(bool allowed) {
  sending_allowed_ = allowed;
  if (!allowed) return;
  for (auto& [id, of] : lanes_) pump(*of);
}

void worker::stop(std::function<void()> done) {
  stopping_ = true;
  for (auto& [id, of] : lanes_) {
    if (of->rate_wait) of->rate_wait->cancel();
  }
  on_stopped_ = std::move(done);
  finish_stop_if_idle();
}

void worker::finish_stop_if_idle() {
  if (!stopping_ || running_ > 0 || !on_stopped_) return;
  flush();
  client_.close_idle();
  std::function<void()> done = std::move(on_stopped_);
  on_stopped_ = nullptr;
  done();
}

void worker::report(queued_delivery& of, store::attempt_report what) {
  what.delivery = of.owed.id;
  what.endpoint = of.owed.endpoint;
  what.uid_hash = of.owed.uid_hash;
  what.generation = of.owed.generation;
  const bool has_room = environment_.rooms.give_back(*of.room, of.owed.event->payload.size());
  // One hand-over for all that ends in this turn of the io_context.
  if (reports_.empty()) asio::post(io_, [this] { flush(); });
  reports_.push_back(std::move(what));
  of.reported = true;
  if (has_room) environment_.log.lane_has_room(of.owed.endpoint);
}

void worker::flush() {
  if (reports_.empty()) return;
  std::vector<store::attempt_report> now;
  now.swap(reports_);
  environment_.log.record(std::move(now));
}

}  // namespace posthorn::dispatch
