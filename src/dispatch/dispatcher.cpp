#include "dispatch/dispatcher.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "base/boundary.hpp"
#include "base/limits.hpp"
#include "dispatch/attempt_evidence.hpp"

namespace posthorn::dispatch {

namespace asio = boost::asio;

dispatcher::dispatcher(const dispatcher_options& options, const store::directory_source& directory,
                       store::delivery_log& log, const base::clock& clock, const net::address_guard& guard,
                       std::span<asio::io_context* const> io)
    : proxy_(options.proxy),
      environment_{directory,
                   log,
                   clock,
                   guard,
                   {.allow_http = options.allow_http, .guard = &guard},
                   options.tls,
                   options.names,
                   proxy_ ? &*proxy_ : nullptr,
                   options.user_agent,
                   rooms_,
                   gauges_,
                   options.tail} {
  for (std::size_t i = 0; i < io.size(); ++i) {
    workers_.push_back(std::make_unique<worker>(*io[i], environment_, i, io.size()));
  }
}

bool dispatcher::reserve(model::endpoint_id endpoint, std::uint64_t, std::size_t bytes) {
  return rooms_.reserve(rooms_.of(endpoint), bytes);
}

void dispatcher::release(model::endpoint_id endpoint, std::uint64_t, std::size_t bytes) {
  // The store knows itself that there is room again: no signal.
  static_cast<void>(rooms_.give_back(rooms_.of(endpoint), bytes));
}

int dispatcher::in_flight_max(model::endpoint_id endpoint) const {
  if (!directory_) return 1;
  const auto found = directory_->endpoints.find(endpoint);
  return found == directory_->endpoints.end() ? 1 : found->second->in_flight_max;
}

std::size_t dispatcher::worker_for(const store::owed_delivery& delivery) const {
  const std::size_t parts = lane_parts(workers_.size(), in_flight_max(delivery.endpoint));
  return worker_of(delivery.endpoint, part_of(delivery.uid_hash, parts), workers_.size());
}

store::lane_load dispatcher::load(model::endpoint_id endpoint) {
  const lane_room* room = rooms_.find(endpoint);
  if (!room) return {};
  const std::size_t held = room->held.load(std::memory_order_relaxed);
  const auto out = static_cast<std::size_t>(std::max(0, room->in_flight.load(std::memory_order_relaxed)));
  // While all workers together have fewer requests out than one may, each has a slot to spare.
  const bool spare = gauges_.in_flight.load(std::memory_order_relaxed) <
                     static_cast<std::int64_t>(base::limits::attempts_in_flight_max);
  return {.held = held,
          .queued = held > out ? held - out : 0,
          .may_start = spare && out < static_cast<std::size_t>(in_flight_max(endpoint))};
}

void dispatcher::offer(std::vector<store::owed_delivery> deliveries) {
  if (!directory_ || directory_->version != environment_.directory.version()) {
    directory_ = environment_.directory.current();
  }
  std::vector<std::vector<queued_delivery>> shares(workers_.size());
  for (store::owed_delivery& each : deliveries) {
    lane_room& room = rooms_.of(each.endpoint);
    shares[worker_for(each)].push_back({std::move(each), &room});
  }
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (shares[i].empty()) continue;
    worker* to = workers_[i].get();
    asio::post(to->io(), [to, share = std::move(shares[i])]() mutable { to->take(std::move(share)); });
  }
}

void dispatcher::allow_sending(bool allowed) {
  for (const auto& each : workers_) {
    worker* to = each.get();
    asio::post(to->io(), [to, allowed] { to->allow_sending(allowed); });
  }
}

void dispatcher::send_test(store::shared_endpoint to, store::shared_integration of, test_webhook what,
                           std::function<void(model::attempt)> done) {
  worker& by = *workers_[worker_of(to->id, 0, workers_.size())];
  const auto end = [done = std::move(done), at = environment_.clock.wall()](const std::exception_ptr& failed,
                                                                            model::attempt evidence) {
    if (failed) {
      base::log_contained("sending a test", {}, base::error_of(failed));
      evidence = failed_attempt(model::error_class::connection, "an internal error ended the attempt", 1, at);
    }
    done(std::move(evidence));
  };
  asio::co_spawn(by.io(), by.send_test(std::move(to), std::move(of), std::move(what)), end);
}

void dispatcher::stop(std::function<void()> done) {
  const auto left = std::make_shared<std::atomic<std::size_t>>(workers_.size());
  const auto one_done = [left, done = std::move(done)] {
    if (left->fetch_sub(1) == 1) done();
  };
  for (const auto& each : workers_) {
    worker* to = each.get();
    asio::post(to->io(), [to, one_done] { to->stop(one_done); });
  }
}

dispatch_stats dispatcher::stats() const {
  dispatch_stats now;
  for (const auto& each : workers_) {
    const worker_counts& from = each->counts();
    now.attempts_succeeded += from.attempts_succeeded;
    now.attempts_refused += from.attempts_refused;
    for (std::size_t i = 0; i < now.attempts_broken.size(); ++i) now.attempts_broken[i] += from.attempts_broken[i];
    from.took.add_to(now.took_us);
    from.waited.add_to(now.waited_ms);
  }
  now.in_flight = gauges_.in_flight;
  now.queued = gauges_.queued;
  return now;
}

}  // namespace posthorn::dispatch
