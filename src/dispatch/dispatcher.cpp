#include "dispatch/dispatcher.hpp"

#include <atomic>
#include <boost/asio/post.hpp>

namespace posthorn::dispatch {

namespace asio = boost::asio;

base::result<std::unique_ptr<dispatcher>> dispatcher::make(const dispatcher_options& options,
                                                           const store::directory_source& directory,
                                                           store::delivery_log& log, const base::clock& clock,
                                                           const net::address_guard& guard,
                                                           std::span<asio::io_context* const> io) {
  auto tls = net::tls_client_context::make({options.ca_files});
  if (!tls) return std::unexpected(std::move(tls.error()));
  return std::unique_ptr<dispatcher>(new dispatcher(options, directory, log, clock, guard, *std::move(tls), io));
}

dispatcher::dispatcher(const dispatcher_options& options, const store::directory_source& directory,
                       store::delivery_log& log, const base::clock& clock, const net::address_guard& guard,
                       std::shared_ptr<const net::tls_client_context> tls, std::span<asio::io_context* const> io)
    : proxy_(options.proxy),
      environment_{directory,
                   log,
                   clock,
                   guard,
                   {.allow_http = options.allow_http, .guard = &guard},
                   std::move(tls),
                   options.names,
                   proxy_ ? &*proxy_ : nullptr,
                   options.user_agent,
                   rooms_,
                   count_} {
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

std::size_t dispatcher::worker_for(const store::owed_delivery& delivery) {
  const auto found = directory_->endpoints.find(delivery.endpoint);
  const int in_flight_max = found == directory_->endpoints.end() ? 1 : found->second->in_flight_max;
  const std::size_t parts = lane_parts(workers_.size(), in_flight_max);
  return worker_of(delivery.endpoint, part_of(delivery.uid_hash, parts), workers_.size());
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
  now.attempts_succeeded = count_.attempts_succeeded;
  now.attempts_refused = count_.attempts_refused;
  for (std::size_t i = 0; i < now.attempts_broken.size(); ++i) now.attempts_broken[i] = count_.attempts_broken[i];
  for (std::size_t i = 0; i < now.latency.size(); ++i) now.latency[i] = count_.latency[i];
  now.in_flight = count_.in_flight;
  now.queued = count_.queued;
  return now;
}

}  // namespace posthorn::dispatch
