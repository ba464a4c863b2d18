// The network threads: each has an io_context, an API handler and a server of its own, on one shared port; they share
// nothing but the services. The operator's server, where there is one, is a guest of the first thread.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "api/api_handler.hpp"
#include "api/services.hpp"
#include "app/config.hpp"
#include "base/result.hpp"
#include "net/http_server.hpp"
#include "net/tls_server.hpp"
#include "net/trusted_proxies.hpp"

namespace posthorn::app {

struct network_options {
  host_port listen;
  std::optional<host_port> ops_listen;
  bool ops_listen_chosen = true;  // false: a port that is taken is replaced by a free one
  int threads = 1;
  std::size_t connections_max = base::limits::server_connections_max;  // of callers, each thread
  net::trusted_proxies proxies;
  std::shared_ptr<net::tls_server> tls;  // null: plain http; the operator's listener is always plain
};

// Made, driven and destroyed on one thread. `services` outlives it.
class network {
 public:
  network(network_options options, api::services& services);
  // The servers have stopped, or what they were doing is dropped.
  ~network();
  network(const network&) = delete;
  network& operator=(const network&) = delete;

  // Binds every listener: the ports are known, and callers queue there. Fails as http_server::listen.
  [[nodiscard]] base::result<void> bind();
  // After bind(): starts the threads. No request is read before.
  void run();

  // One per thread, for whoever else works on them; they run from run() to join().
  [[nodiscard]] std::vector<boost::asio::io_context*> contexts();

  [[nodiscard]] std::uint16_t port() const noexcept;
  [[nodiscard]] std::uint16_t ops_port() const noexcept;  // 0 where there is none

  // Open now, on all listeners. Thread: any, from bind() on.
  [[nodiscard]] std::size_t connections() const noexcept;

  // Stops accepting and lets what has begun finish. `stopped` is called once, on a network thread, when all are done.
  void stop(std::function<void()> stopped);
  // After stop(), to hurry: closes every connection.
  void abort();
  // Ends the threads. After stop() has finished, or to give up on it.
  void join();

 private:
  struct worker {
    boost::asio::io_context io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> keeps_running{io.get_executor()};
    std::unique_ptr<api::api_handler> handler;
    std::unique_ptr<net::http_server> server;
    std::unique_ptr<api::api_handler> ops_handler;
    std::unique_ptr<net::http_server> ops_server;
    std::thread thread;
  };

  base::result<void> listen(worker& on, std::size_t place);
  base::result<void> listen_for_operators(worker& on);
  template <class Act>
  void on_every_server(const Act& act);

  network_options options_;
  api::services& services_;
  std::vector<std::unique_ptr<worker>> workers_;
};

}  // namespace posthorn::app
