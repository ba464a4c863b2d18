#include "app/network.hpp"

#include <atomic>
#include <boost/asio/post.hpp>

#include "base/log.hpp"
#include "net/run_loop.hpp"

namespace posthorn::app {

namespace asio = boost::asio;

network::network(network_options options, api::services& services) : options_(std::move(options)), services_(services) {
  for (int i = 0; i < options_.threads; ++i) workers_.push_back(std::make_unique<worker>());
}

network::~network() { join(); }

base::result<void> network::listen(worker& on, std::size_t place) {
  on.handler = std::make_unique<api::api_handler>(services_, on.io, api::door::customers);
  net::http_server_options api_options;
  api_options.host = options_.listen.host;
  // Port 0 is chosen by the first; the others join it there.
  api_options.port = place == 0 ? options_.listen.port : port();
  api_options.joins_port = place != 0;
  api_options.connections_max = options_.connections_max;
  api_options.tls = options_.tls;
  api_options.proxies = options_.proxies;
  on.server = std::make_unique<net::http_server>(std::move(api_options), *on.handler, on.io);
  return on.server->listen();
}

base::result<void> network::listen_for_operators(worker& on) {
  on.ops_handler = std::make_unique<api::api_handler>(services_, on.io, api::door::operators);
  net::http_server_options ops_options;
  ops_options.host = options_.ops_listen->host;
  ops_options.port = options_.ops_listen->port;
  ops_options.connections_max = options_.connections_max;
  on.ops_server = std::make_unique<net::http_server>(ops_options, *on.ops_handler, on.io);
  auto opened = on.ops_server->listen();
  if (opened || options_.ops_listen_chosen) return opened;
  // Nobody asked for that port: another server of this machine may have it.
  const std::string why = opened.error().detail;
  ops_options.port = 0;
  on.ops_server = std::make_unique<net::http_server>(std::move(ops_options), *on.ops_handler, on.io);
  opened = on.ops_server->listen();
  if (opened) base::log_warn("ops_listener_moved", {{"reason", why}, {"port", on.ops_server->port()}});
  return opened;
}

base::result<void> network::bind() {
  for (std::size_t place = 0; place < workers_.size(); ++place) {
    if (auto opened = listen(*workers_[place], place); !opened) return opened;
  }
  return options_.ops_listen ? listen_for_operators(*workers_.front()) : base::result<void>();
}

void network::run() {
  for (const auto& each : workers_) {
    worker* one = each.get();
    one->thread = std::thread([one] { net::run_loop(one->io, "a network thread"); });
  }
}

std::vector<asio::io_context*> network::contexts() {
  std::vector<asio::io_context*> all;
  all.reserve(workers_.size());
  for (const auto& each : workers_) all.push_back(&each->io);
  return all;
}

std::uint16_t network::port() const noexcept { return workers_.front()->server->port(); }

std::uint16_t network::ops_port() const noexcept {
  return workers_.front()->ops_server ? workers_.front()->ops_server->port() : std::uint16_t{0};
}

std::size_t network::connections() const noexcept {
  std::size_t open = 0;
  for (const auto& each : workers_) {
    if (each->server) open += each->server->connections();
    if (each->ops_server) open += each->ops_server->connections();
  }
  return open;
}

template <class Act>
void network::on_every_server(const Act& act) {
  for (const auto& each : workers_) {
    worker* one = each.get();
    asio::post(one->io, [one, act] {
      if (one->server) act(*one->server);
      if (one->ops_server) act(*one->ops_server);
    });
  }
}

void network::stop(std::function<void()> stopped) {
  const auto left = std::make_shared<std::atomic<std::size_t>>(workers_.size() + (options_.ops_listen ? 1 : 0));
  const auto one_stopped = [left, stopped = std::move(stopped)] {
    if (left->fetch_sub(1) == 1) stopped();
  };
  on_every_server([one_stopped](net::http_server& server) { server.stop(one_stopped); });
}

void network::abort() {
  on_every_server([](net::http_server& server) { server.abort(); });
}

void network::join() {
  for (const auto& each : workers_) {
    each->keeps_running.reset();
    each->io.stop();
    if (each->thread.joinable()) each->thread.join();
  }
}

}  // namespace posthorn::app
