// One io_context's share of delivering: its lanes, its HTTP client, its attempts. Everything but the constructor runs
// on the io_context's thread; nothing is shared with other workers but atomics and the report's way back.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "dispatch/dispatch_stats.hpp"
#include "dispatch/lane.hpp"
#include "dispatch/oauth2_tokens.hpp"
#include "live/tail.hpp"
#include "net/http_client.hpp"
#include "net/resolver.hpp"

namespace posthorn::dispatch {

// What all workers use; outlives them.
struct worker_environment {
  const store::directory_source& directory;
  store::delivery_log& log;
  const base::clock& clock;
  const net::address_guard& guard;
  net::url_rules urls;
  std::shared_ptr<const net::tls_client_context> tls;
  net::resolver_options names;
  const net::outbound_proxy* proxy;  // null: none
  std::string user_agent;
  lane_rooms& rooms;
  dispatch_gauges& gauges;
  live::tail* tail;  // null: nobody looks on
};

// What a person has sent to see how a receiver answers (contract 2.6). It carries the header webhook-test: true.
struct test_webhook {
  base::id_value id = 0;  // its webhook-id, printed as an event's
  std::string type;
  std::string payload;
};

// How many parts an endpoint's lane has, and where they are. A uid is always on one part.
[[nodiscard]] std::size_t lane_parts(std::size_t workers, int in_flight_max) noexcept;
[[nodiscard]] std::size_t part_of(std::uint64_t uid_hash, std::size_t parts) noexcept;
[[nodiscard]] std::size_t worker_of(model::endpoint_id endpoint, std::size_t part, std::size_t workers) noexcept;
// The parts' shares sum to in_flight_max.
[[nodiscard]] int share_of_part(int in_flight_max, std::size_t part, std::size_t parts) noexcept;
// Lanes take a worker's slots as they take room (lane_room.hpp): none may have more in flight than all leave free.
[[nodiscard]] bool beyond_fair_share(int in_flight, std::size_t running) noexcept;

class worker {
 public:
  worker(boost::asio::io_context& io, const worker_environment& environment, std::size_t index, std::size_t workers);
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  [[nodiscard]] boost::asio::io_context& io() noexcept { return io_; }

  // Thread: any.
  [[nodiscard]] const worker_counts& counts() const noexcept { return counts_; }

  void take(std::vector<queued_delivery> deliveries);
  void allow_sending(bool allowed);
  // Sends now, past the lane: no event, no evidence in the store, nothing for the endpoint's health. By itself, on
  // io()'s thread. The attempt's number is 1.
  [[nodiscard]] boost::asio::awaitable<model::attempt> send_test(store::shared_endpoint to,
                                                                 store::shared_integration of, test_webhook what);

  // No new attempts; `done` once those in flight are reported.
  void stop(std::function<void()> done);

 private:
  struct attempt_buffers {
    std::string fields;         // of this attempt: id, time, type, length, signatures, empty line
    std::string token;          // of this attempt, where it was fetched; a secret
    std::string authorization;  // of this attempt, a whole line: a token that was fetched; empty: in the head, or none
    std::string id, timestamp;
  };

  lane& lane_of(model::endpoint_id endpoint);
  void refresh();
  void drop_gone_lanes();
  void adopt(model::endpoint_id id, lane& of);
  void pump(lane& of);
  void pump_next_waiting();
  [[nodiscard]] bool may_start(const lane& of) const noexcept;
  bool prepare_if_needed(lane& of);
  void give_back_all(lane& of, base::epoch_ms due);
  // What waits although it may not be sent goes back to the store.
  void give_back_if_closed(lane& of);
  void give_back_if_resting(lane& of);
  // False: the rate limit lets nothing out now; the lane is looked at again when it does.
  bool claim_rate(lane& of);

  boost::asio::awaitable<void> run_slot(lane& of);
  // Its attempts, one after the other.
  boost::asio::awaitable<void> use_slot(lane& of, attempt_buffers& buffers);
  boost::asio::awaitable<void> attempt(lane& of, queued_delivery& next, attempt_buffers& buffers);
  // An attempt that threw: it says nothing of the endpoint, and comes again later.
  void end_broken(queued_delivery& next, const std::exception_ptr& thrown) noexcept;
  // `more`: further header lines, or "".
  static void write_fields(attempt_buffers& buffers, prepared_endpoint& by, base::id_value event, std::string_view type,
                           std::string_view payload, base::epoch_ms at, std::string_view more);
  // The endpoint's own token, where it has such a one, into the buffers; false: there is none, and the attempt is over.
  boost::asio::awaitable<bool> authorize(lane& of, queued_delivery& next, store::shared_endpoint to,
                                         attempt_buffers& buffers);
  void conclude(lane& of, queued_delivery& next, const model::endpoint& to, model::attempt evidence,
                std::optional<base::epoch_ms> retry_after);
  [[nodiscard]] store::health_conclusion judge(const queued_delivery& of, const model::endpoint& to,
                                               const model::attempt& evidence, bool success);
  void count(const model::attempt& evidence, bool success);
  void report(queued_delivery& of, store::attempt_report what);
  void flush();
  void finish_stop_if_idle();

  boost::asio::io_context& io_;
  const worker_environment& environment_;
  const std::size_t index_, workers_;
  net::resolver names_;
  net::http_client client_;
  oauth2_tokens tokens_;

  worker_counts counts_;
  std::unordered_map<model::endpoint_id, std::unique_ptr<lane>> lanes_;
  std::vector<model::endpoint_id> gone_;  // lanes to drop when they are used no more
  std::deque<lane*> waiting_for_slot_;    // lanes that had work when the worker was at its limit, in turn
  std::uint64_t directory_version_ = 0;
  std::size_t running_ = 0;
  bool sending_allowed_ = true;
  std::vector<store::attempt_report> reports_;
  std::function<void()> on_stopped_;
  bool stopping_ = false;
};

}  // namespace posthorn::dispatch
