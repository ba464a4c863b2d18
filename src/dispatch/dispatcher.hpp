// Delivers what the store owes: takes it in on the store's writer thread, spreads it over the workers, reports back.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "dispatch/worker.hpp"

namespace posthorn::dispatch {

struct dispatcher_options {
  bool allow_http = false;  // plain http endpoints: a development switch
  std::shared_ptr<const net::tls_client_context> tls;
  net::resolver_options names = {};
  std::optional<net::outbound_proxy> proxy;
  std::string user_agent;      // "Posthorn/<version>"
  live::tail* tail = nullptr;  // shown every attempt; outlives the dispatcher
};

class dispatcher final : public store::delivery_sink {
 public:
  // One worker per io_context, which must run, each on one thread, until stop() has called back. Everything passed by
  // reference outlives the dispatcher, and the dispatcher outlives the running of the io_contexts.
  dispatcher(const dispatcher_options& options, const store::directory_source& directory, store::delivery_log& log,
             const base::clock& clock, const net::address_guard& guard, std::span<boost::asio::io_context* const> io);

  // store::delivery_sink
  bool reserve(model::endpoint_id endpoint, std::uint64_t uid_hash, std::size_t bytes) override;
  void release(model::endpoint_id endpoint, std::uint64_t uid_hash, std::size_t bytes) override;
  void offer(std::vector<store::owed_delivery> deliveries) override;
  void allow_sending(bool allowed) override;
  [[nodiscard]] store::lane_load load(model::endpoint_id endpoint) override;

  // Thread: any, while the io_contexts run. `done` on a worker's thread; after stop(), perhaps never.
  void send_test(store::shared_endpoint to, store::shared_integration of, test_webhook what,
                 std::function<void(model::attempt)> done);

  // Thread: any, once. No new attempts; those in flight end by their own deadlines and are reported; what is queued is
  // dropped, as the store has it. Then `done` is called, on a worker's thread.
  void stop(std::function<void()> done);

  // Thread: any.
  [[nodiscard]] dispatch_stats stats() const;

 private:
  [[nodiscard]] std::size_t worker_for(const store::owed_delivery& delivery) const;
  [[nodiscard]] int in_flight_max(model::endpoint_id endpoint) const;

  lane_rooms rooms_;
  dispatch_gauges gauges_;
  const std::optional<net::outbound_proxy> proxy_;
  const worker_environment environment_;
  std::vector<std::unique_ptr<worker>> workers_;
  store::shared_directory directory_;  // writer thread: as of the last offer
};

}  // namespace posthorn::dispatch
